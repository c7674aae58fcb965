"""Files as people send them, and every faulty line by name."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bitgoeul.engines.scoring import METRICS, RowError, ScoringError, read_truth, score, score_all

CLOSE = {"rel": 1e-12, "abs": 1e-12}


def _file(columns, rows):
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode()


def _score(truth, guess, metric, *, columns=("y",), usage=None):
    """Score two lists of rows; the submission comes in another order than the truth."""
    head = ("id", "y", *(("Usage",) if usage else ()))
    left = [(f"r{k}", row, *((usage[k],) if usage else ())) for k, row in enumerate(truth)]
    right = [(f"r{k}", *(row if isinstance(row, tuple) else (row,))) for k, row in enumerate(guess)]
    Random(3).shuffle(right)
    return score(
        _file(head, left),
        _file(("id", *columns), right),
        metric=metric,
        id="id",
        target="y",
        usage="Usage" if usage else None,
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(("no", "yes")), st.floats(0, 1).map(lambda p: round(p, 4))),
        min_size=2,
    ).filter(lambda pairs: len({label for label, _ in pairs}) == 2)
)
def test_log_loss_of_two_classes_is_that_of_scikit_learn(pairs):
    """The later label is the positive one, as there; 0 and 1 are kept off by the epsilon."""
    truth, guess = zip(*pairs, strict=True)
    chance = np.column_stack([1 - np.array(guess), guess])
    expected = oracle.log_loss(truth, chance, labels=["no", "yes"])
    assert _score(truth, guess, "log_loss").score == pytest.approx(expected, **CLOSE)


@given(st.lists(st.tuples(st.integers(0, 2), *[st.integers(0, 9)] * 3), min_size=3))
def test_log_loss_of_three_classes_divides_rows_by_their_sum(rows):
    truth = [0, 1, 2, *(label for label, *_ in rows)]
    given = [(1, 0, 0)] * 3 + [(a, b, c + 1) for _, a, b, c in rows]
    chances = [tuple(value / 10 for value in row) for row in given]
    array = np.array(chances)
    expected = oracle.log_loss(truth, array / array.sum(axis=1, keepdims=True), labels=[0, 1, 2])
    found = _score(truth, chances, "log_loss", columns=("y_0", "y_1", "y_2"))
    assert found.score == pytest.approx(expected, **CLOSE)


def test_all_ones_do_not_buy_a_perfect_log_loss():
    found = _score(["a", "b", "c"], [(1, 1, 1)] * 3, "log_loss", columns=("y_a", "y_b", "y_c"))
    assert found.score == pytest.approx(math.log(3))


def test_public_and_private_parts_are_scored_apart_and_ignored_rows_not_at_all():
    usage = ["Public", "private", "Private", "Ignored"]
    found = _score([1, 1, 0, 0], [1, 0, 0, 1], "accuracy", usage=usage)
    assert (found.public, found.private, found.score) == (1.0, 0.5, 2 / 3)


def test_a_part_with_one_class_has_no_area():
    usage = ["Public", "Public", "Private", "Private"]
    found = _score([1, 0, 1, 1], [0.9, 0.1, 0.8, 0.7], "roc_auc", usage=usage)
    assert (found.public, found.private, found.score) == (1.0, None, 1.0)


def test_numeric_labels_compare_as_numbers_and_text_as_text():
    assert _score([1, 0], ["1.0", "0e0"], "accuracy").score == 1.0
    assert _score(["01", "x"], ["1", "x"], "accuracy").score == 0.5


@pytest.mark.parametrize(
    "content",
    [
        "id,y\r\na,1\r\n\r\nb,0\r\n",
        "y,id,note\n1,a,x\n0,b,y\n",
        '"id","y"\n"a"," 1 "\n" b ","0"\n',
        "id,y\na,1e0\nb,-0.0\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_dialects_of_csv(tmp_path, content, encoding):
    path = tmp_path / "제출.csv"
    path.write_bytes(content.encode(encoding))
    found = score(b"id,y\na,1\nb,0\n", path, metric="rmse", id="id", target="y")
    assert (found.score, found.rows, found.errors) == (0.0, 2, ())


def test_korean_columns_and_labels_in_cp949():
    truth = "번호,결과\n1,합격\n2,불합격\n".encode()
    guess = "번호,결과\n2,불합격\n1,불합격\n".encode("cp949")
    assert score(truth, guess, metric="accuracy", id="번호", target="결과").score == 0.5


def test_every_faulty_line_is_named_and_nothing_is_scored():
    truth = b"id,y\na,1\nb,2\nc,3\nd,4\n"
    guess = b'id,y\na,1\n"z\nz",1\nb,two\na,3\nc,inf\nq,1_0\n'
    found = score(truth, guess, metric="mae", id="id", target="y")
    assert found.score is found.public is found.private is None
    assert found.rows == 6
    assert found.errors == (
        RowError(3, "unknown_id", "z\nz", "id"),
        RowError(5, "not_a_number", "two", "y"),
        RowError(6, "duplicate_id", "a", "id"),
        RowError(7, "not_finite", "inf", "y"),
        RowError(8, "missing_id", "d", "id"),
        RowError(8, "not_a_number", "1_0", "y"),
        RowError(8, "unknown_id", "q", "id"),
    )


def test_probabilities_must_be_probabilities():
    found = _score([1, 0, 1], ["1.2", "-0.1", ""], "log_loss")
    assert {error.code for error in found.errors} == {"out_of_range", "not_a_number"}
    zeros = _score(["a", "b", "c"], [(0, 0, 0)] * 3, "log_loss", columns=("y_a", "y_b", "y_c"))
    assert [error.code for error in zeros.errors] == ["out_of_range"] * 3


def test_a_wholly_wrong_file_answers_with_a_bounded_number_of_errors():
    truth = _file(("id", "y"), [(f"a{k}", 1) for k in range(3000)])
    guess = _file(("id", "y"), [(f"b{k}", 1) for k in range(3000)])
    found = score(truth, guess, metric="mae", id="id", target="y")
    assert len(found.errors) == 1000
    assert found.counts == {"missing_id": 3000, "unknown_id": 3000}


@pytest.mark.parametrize(
    ("truth", "guess", "options", "code", "place"),
    [
        (b"id,y\n1,1\n", b"id,y\n1,1\n", {"metric": "best"}, "unknown_metric", ("", 0)),
        (b"id,y\n1,1\n", b"id,x\n1,1\n", {}, "missing_column", ("submission", 1)),
        (b"id,x\n1,1\n", b"id,y\n1,1\n", {}, "missing_column", ("truth", 1)),
        (b"id,y\n1,1\n", b"", {}, "empty_file", ("submission", 1)),
        (b"id,y\n1,1\n", b"\xff\xff", {}, "bad_encoding", ("submission", 0)),
        (b"id,y\n1,1\n", b"id,y\n1,1,1\n", {}, "wrong_cell_count", ("submission", 2)),
        (b"id,y\n1,1\n", b'id,y\n1,"1\n', {}, "bad_csv", ("submission", 2)),
        (b"id,y\n1,1\n1,2\n", b"id,y\n1,1\n", {}, "duplicate_id", ("truth", 3)),
        (b"id,y\n,1\n", b"id,y\n1,1\n", {}, "missing_value", ("truth", 2)),
        (b"id,y\n1,x\n", b"id,y\n1,1\n", {}, "not_a_number", ("truth", 2)),
        (b"id,y\n1,1\n", b"id,y\n1,1\n", {"metric": "roc_auc"}, "one_class", ("truth", 0)),
        (b"id,y,u\n1,1,all\n", b"id,y\n1,1\n", {"usage": "u"}, "bad_usage", ("truth", 2)),
    ],
)
def test_files_that_cannot_be_scored_are_refused(truth, guess, options, code, place):
    arguments = {"metric": "mae", "id": "id", "target": "y", **options}
    with pytest.raises(ScoringError) as caught:
        score(truth, guess, **arguments)
    error = caught.value
    assert (error.code, error.file, error.line) == (code, *place)


def test_every_metric_says_which_way_is_better():
    worse = {name for name, metric in METRICS.items() if not metric.higher_is_better}
    assert worse == {"log_loss", "rmse", "mae", "rmsle", "mape", "smape", "pinball"}


def test_huge_differences_do_not_become_a_number_that_json_cannot_hold():
    assert _score(["1e308"], ["-1e308"], "rmse").score is None


def test_a_later_metric_keeps_its_own_faults():
    truth = read_truth(b"id,y\n1,1\n2,2\n", id="id", target="y")
    sent = b"id,y\n1,-3\n2,2\n"
    for metrics in (("rmse", "rmsle"), ("rmsle", "rmse")):
        found = {one.metric: one for one in score_all(truth, sent, metrics=metrics)}
        assert found["rmsle"].score is None
        assert [error.code for error in found["rmsle"].errors] == ["negative_value"]
        assert found["rmse"].score == pytest.approx(math.sqrt(8))


def test_log_loss_of_one_class_is_refused():
    with pytest.raises(ScoringError, match="one_class"):
        _score([1, 1, 1], [0.99, 0.99, 0.99], "log_loss")


def test_a_class_of_ignored_rows_is_no_class():
    usage = ["Public", "Private", "Public", "Private", "Ignored"]
    for truth in ([0, 2, 2, 0, 1], list("accab")):
        found = _score(truth, [0.1, 0.9, 0.8, 0.3, 0.5], "roc_auc", usage=usage)
        assert (found.score, found.public, found.private) == (1.0, 1.0, 1.0)
        loss = _score(truth, [0.1, 0.9, 0.8, 0.3, 0.5], "log_loss", usage=usage)
        assert loss.score == pytest.approx(-np.log([0.9, 0.9, 0.8, 0.7]).mean())
    with pytest.raises(ScoringError, match="value=2"):
        _score([2, 2, 2, 2, 0], [1, 1, 1, 1, 1], "mcc", usage=usage)
