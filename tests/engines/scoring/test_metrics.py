"""Every metric against scikit-learn, or where it has none against the formula written out."""

from __future__ import annotations

import math
import os
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bitgoeul.engines.scoring import METRICS, Reads, ScoringError, metric_named, score

CLOSE = {"rel": 1e-12, "abs": 1e-12}

# scikit-learn takes 60 ms for all of these on two rows.
few = settings(max_examples=1000 if os.environ.get("BITGOEUL_LONG") else 15)
label_pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=2, max_size=40)
numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
number_pairs = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40)
amounts = st.floats(0, 1e6).map(lambda value: round(value, 6))


def _value(name, truth, guess):
    return metric_named(name).compute(np.array(truth), np.array(guess))


LABELS = {
    "accuracy": oracle.accuracy_score,
    "macro_f1": lambda t, g: oracle.f1_score(t, g, average="macro", zero_division=0),
    "micro_f1": lambda t, g: oracle.f1_score(t, g, average="micro", zero_division=0),
    "weighted_f1": lambda t, g: oracle.f1_score(t, g, average="weighted", zero_division=0),
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "mcc": oracle.matthews_corrcoef,
    "quadratic_kappa": lambda t, g: oracle.cohen_kappa_score(t, g, weights="quadratic"),
    "mean_iou": lambda t, g: oracle.jaccard_score(t, g, average="macro", zero_division=0),
}
VALUES = {
    "rmse": oracle.root_mean_squared_error,
    "mae": oracle.mean_absolute_error,
    "mape": oracle.mean_absolute_percentage_error,
    "r2": oracle.r2_score,
    "pinball@0.9": lambda t, g: oracle.mean_pinball_loss(t, g, alpha=0.9),
    "pinball@0": lambda t, g: oracle.mean_pinball_loss(t, g, alpha=0),
}


def test_every_metric_has_an_oracle_here():
    here = {name.partition("@")[0] for name in (*LABELS, *VALUES)}
    others = {"roc_auc", "roc_auc_ovo", "average_precision", "log_loss", "rmsle", "smape"}
    assert here | others | {"map", "ndcg", "mask_iou"} == set(METRICS)


@few
@given(label_pairs)
def test_labels(pairs):
    truth, guess = zip(*pairs, strict=True)
    for name, expected in LABELS.items():
        if name == "mcc" and len(set(truth)) == 1:
            continue  # scikit-learn answers 0; with one class there is nothing to correlate
        if name == "quadratic_kappa" and len({*truth, *guess}) == 1:
            continue  # nothing to agree on
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = expected(truth, guess)
        assert _value(name, truth, guess) == pytest.approx(wanted, **CLOSE), name


@given(number_pairs)
def test_values(pairs):
    truth, guess = zip(*pairs, strict=True)
    for name, expected in VALUES.items():
        if name == "r2" and len(set(truth)) == 1:
            continue
        found = _value(name, truth, guess)
        assert found == pytest.approx(expected(truth, guess), rel=1e-12, abs=1e-9), name


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40))
def test_amounts(pairs):
    truth, guess = zip(*pairs, strict=True)
    expected = oracle.root_mean_squared_log_error(truth, guess)
    assert _value("rmsle", truth, guess) == pytest.approx(expected, **CLOSE)
    each = [2 * abs(t - g) / (t + g) if t != g else 0 for t, g in pairs]
    assert _value("smape", truth, guess) == pytest.approx(sum(each) / len(each), **CLOSE)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(-5, 5)), min_size=2, max_size=40).filter(
        lambda pairs: len({label for label, _ in pairs}) == 2
    )
)
def test_scores_of_two_classes_with_ties(pairs):
    truth, guess = zip(*pairs, strict=True)
    for name, expected in (
        ("roc_auc", oracle.roc_auc_score),
        ("roc_auc_ovo", oracle.roc_auc_score),
        ("average_precision", oracle.average_precision_score),
    ):
        found = metric_named(name).compute(np.array(truth), np.array(guess, dtype=float))
        assert found == pytest.approx(expected(truth, guess), **CLOSE)


@few
@given(st.lists(st.tuples(st.integers(0, 2), *[st.integers(1, 5)] * 3), min_size=1, max_size=30))
def test_scores_of_three_classes(rows):
    truth = np.array([0, 1, 2, *(label for label, *_ in rows)])
    chance = np.array([[2, 1, 1], [1, 3, 1], [1, 1, 1], *(given for _, *given in rows)], float)
    chance /= chance.sum(axis=1, keepdims=True)
    area = {"multi_class": "ovr", "average": "macro"}
    expected = {
        "roc_auc": oracle.roc_auc_score(truth, chance, **area),
        "roc_auc_ovo": oracle.roc_auc_score(truth, chance, **area | {"multi_class": "ovo"}),
        "average_precision": oracle.average_precision_score(truth, chance),
        "log_loss": oracle.log_loss(truth, chance),
    }
    for name, wanted in expected.items():
        assert metric_named(name).compute(truth, chance) == pytest.approx(wanted, **CLOSE), name


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.randoms(), st.integers(1, 9))
def test_ndcg_is_that_of_scikit_learn(gains, random, k):
    names = [f"i{k}" for k in range(len(gains))]
    order = random.sample(names, len(names))
    scores = [len(names) - order.index(name) for name in names]
    expected = oracle.ndcg_score([gains], [scores], k=k)
    known = dict(zip(names, map(float, gains), strict=True))
    found = metric_named(f"ndcg@{k}").compute([known], [tuple(order)])
    assert found == pytest.approx(expected, **CLOSE)


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.lists(st.sampled_from("abcdefgh")))
def test_map_is_the_formula(relevant, ranked):
    """Of Kaggle's metric: a hit counts when the item was not named before."""
    hits, total = 0, 0.0
    for place, item in enumerate(ranked[:3]):
        if item in relevant and item not in ranked[:place]:
            hits += 1
            total += hits / (place + 1)
    found = metric_named("map@3").compute([tuple(relevant)], [tuple(ranked)])
    assert found == pytest.approx(total / min(len(relevant), 3), **CLOSE)


@given(*[st.lists(st.booleans(), min_size=12, max_size=12)] * 2)
def test_mask_iou_is_the_jaccard_score(first, second):
    masks = [_runs(first), _runs(second)]
    parse = "id,y\na,{}\n".format
    found = score(
        parse(masks[0]).encode(), parse(masks[1]).encode(), metric="mask_iou", id="id", target="y"
    )
    if any(first) or any(second):
        assert found.score == pytest.approx(oracle.jaccard_score(first, second, zero_division=0))
    else:
        assert found.score == 1.0


def _runs(mask):
    pixels = [place for place, there in enumerate(mask, start=1) if there]
    starts = [place for place in pixels if place - 1 not in pixels]
    runs = []
    for start in starts:
        length = next(n for n in range(1, 14) if start + n not in pixels)
        runs += [start, length]
    return " ".join(map(str, runs))


def _scored(truth, guess, metric):
    head = "id,y\n" + "".join("{},{}\n".format(*row) for row in enumerate(truth))
    sent = "id,y\n" + "".join("{},{}\n".format(*row) for row in enumerate(guess))
    return score(head.encode(), sent.encode(), metric=metric, id="id", target="y")


def test_the_places_of_kappa_follow_the_order_of_all_classes():
    """A class that only the guess has stands between two of the truth, not behind them."""
    expected = oracle.cohen_kappa_score([1, 3, 3, 1], [1, 2, 3, 3], weights="quadratic")
    assert _scored([1, 3, 3, 1], [1, 2, 3, 3], "quadratic_kappa").score == pytest.approx(expected)
    expected = oracle.cohen_kappa_score(list("acca"), list("abcc"), weights="quadratic")
    assert _scored("acca", "abcc", "quadratic_kappa").score == pytest.approx(expected)


def test_lists_are_read_from_cells():
    assert _scored(["a b", "c"], ["a x b", "c"], "map@3").score == pytest.approx(11 / 12)
    assert _scored(["a:2 b", "c"], ["a b", ""], "ndcg@5").score == 0.5
    assert _scored(["007"], ["7"], "map@1").score == 0.0
    found = _scored(["1 3", "2 2"], ["1 3", "2"], "mask_iou")
    assert [(error.line, error.code, error.value) for error in found.errors] == [
        (3, "bad_list", "2")
    ]


@pytest.mark.parametrize(
    ("truth", "metric", "code", "line"),
    [
        ([1, 1], "roc_auc", "one_class", 0),
        (["a", "a"], "mcc", "one_class", 0),
        ([2, 2], "r2", "constant_truth", 0),
        ([2, -1], "rmsle", "negative_value", 3),
        ([2, "x"], "r2", "not_a_number", 3),
        (["a", ""], "map@2", "bad_list", 3),
        (["a:x", "b"], "ndcg@2", "bad_list", 2),
        ([1, 2], "pinball", "missing_parameter", 0),
        ([1, 2], "pinball@1.5", "bad_parameter", 0),
        ([1, 2], "map@0", "bad_parameter", 0),
        ([1, 2], "rmse@2", "unknown_metric", 0),
    ],
)
def test_what_a_metric_cannot_be_asked_on(truth, metric, code, line):
    with pytest.raises(ScoringError) as caught:
        _scored(truth, truth, metric)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_a_negative_prediction_has_no_logarithm():
    found = _scored([1, 2], [1, -2], "rmsle")
    assert [(one.line, one.code, one.column) for one in found.errors] == [
        (3, "negative_value", "y")
    ]


@pytest.mark.parametrize("name", [name for name, m in METRICS.items() if m.reads is Reads.VALUES])
def test_what_leaves_the_floats_is_no_score(name):
    """No metric answers with a number that JSON cannot hold and a board would rank."""
    name = "pinball@0.5" if name == "pinball" else name
    found = _scored(["1e308", "0"], ["9e307", "1e308"], name)
    assert found.score is None or math.isfinite(found.score)
