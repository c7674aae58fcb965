"""The fast reader against the plain one: whatever a file holds, both come to the same."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bitgoeul.engines.csvfile import parse_float
from bitgoeul.engines.scoring import ScoringError, read_truth, score_all

IDS = ("a", "b", "나", "x,y", 'q"q', "long identifier of more than eight bytes", "7")
CELLS = (
    *("1", "0", "2.5", " 1 ", "1e0", "+3", "-0", ".5", "5.", "", "x", "nan", "-INF", "1_0"),
    *("1e999", "0.1234567890123456789012345", "12345678901234567890", "1e-320"),
    *("3.0000000000000000000001", "cat", "개", "1,5", '"'),
)


def _both(source, **options):
    """What both readers say of a truth; the error when they refuse."""
    found = []
    for engine in ("plain", "numba"):
        try:
            truth = read_truth(source, id="id", target="y", engine=engine, **options)
        except ScoringError as error:
            found.append(error.fields())
            continue
        values = None if truth.values is None else truth.values.tolist()
        ids = [truth.ids.text(row) for row in range(len(truth.ids))]
        lines = [truth.line_of(row) for row in range(len(truth.ids))]
        found.append((ids, values, truth.texts, truth.codes.tolist(), truth.part.tolist(), lines))
    return found


def _scored(truth, source, metric):
    found = []
    for engine in ("plain", "numba"):
        try:
            found.append(score_all(truth, source, metrics=(metric,), engine=engine))
        except ScoringError as error:
            found.append(error.fields())
    return found


def _quoted(cell, always):
    if always or any(mark in cell for mark in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def tables(draw, words=CELLS):
    """A file as somebody may send it: spaces, blank lines, line ends, quotation marks."""
    rows = draw(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(words)), max_size=12))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines = [draw(st.sampled_from(["id,y", '"id","y"', "y,note,id"]))]
    wide = "note" in lines[0]
    for key, cell in rows:
        always = draw(st.booleans())
        first, second = _quoted(key, always), _quoted(cell, draw(st.booleans()))
        lines.append(f"{second}, ,{first}" if wide else f"{first},{second}")
        lines += draw(st.sampled_from([[], [], [], [""], [" , "]]))
    text = end.join(lines) + draw(st.sampled_from(["", end]))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "cp949"])))


VALUES = read_truth("id,y\na,1\nb,0\n나,2.5\n".encode(), id="id", target="y")
LABELS = read_truth('id,y\na,cat\nb,개\n"x,y",1\n"q""q",cat\n'.encode(), id="id", target="y")


@given(tables())
@example(b"id,y\na,1\nb,1\n\xeb\x82\x98,1e0")
@example(b'id,y\na,"1\n')
@example(b'id,y\na,"1"2\n')
@example(b"id,y\na,1,2\n")
@example(b"id,y\r\na,1\r\n\r\nb,x\r\n")
@example("id,y\na,1\u3000\n".encode())
@example(b"id,y\na,\x01\n")
@example(b"")
@example(b"id,z\na,1\n")
def test_submissions_come_to_the_same(content):
    for truth, metric in (
        (VALUES, "mae"),
        (VALUES, "accuracy"),
        (VALUES, "rmsle"),
        (LABELS, "macro_f1"),
    ):
        plain, fast = _scored(truth, content, metric)
        assert fast == plain


@given(tables(("1", "0", "2.5", "cat", "", " 1", "1e0")))
@example(b"id,y\na,1\nb,1\na,2\n")
@example(b"id,y\na,1\n\n,1\n")
def test_truths_come_to_the_same(content):
    plain, fast = _both(content)
    assert fast == plain


@pytest.mark.parametrize("word", ["Public", "private", "IGNORED", "other", ""])
def test_parts_come_to_the_same(word):
    content = f"id,y,u\na,1,Public\nb,x,{word}\n".encode()
    plain, fast = _both(content, usage="u")
    assert fast == plain


@given(st.lists(st.lists(st.sampled_from(("0", "0.5", "1", "1.5", "x")), min_size=3, max_size=3)))
def test_probabilities_of_several_classes_come_to_the_same(rows):
    truth = read_truth(b"id,y\n0,a\n1,b\n2,c\n", id="id", target="y")
    lines = [f"{key},{','.join(cells)}" for key, cells in enumerate(rows)]
    content = "\n".join(["id,y_a,y_b,y_c", *lines]).encode()
    for metric in ("log_loss", "roc_auc"):
        plain, fast = _scored(truth, content, metric)
        assert fast == plain


numbers = st.from_regex(
    r"[+-]?([0-9]{1,25}(\.[0-9]{0,25})?|\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?", fullmatch=True
)


@given(st.lists(numbers, min_size=1, max_size=20))
@example(
    ["9007199254740993", "1e23", "8.5e-323", "2.2250738585072011e-308", "179769313486231580793e289"]
)
@example(["0." + "0" * 30 + "1", "1" + "0" * 400, "00000000000000000000000012"])
def test_every_number_is_the_float_that_python_reads(texts):
    lines = [f"{row},{text}" for row, text in enumerate(texts)]
    plain, fast = _both("\n".join(["id,y", *lines]).encode())
    assert fast == plain
    if fast[1] is not None:
        assert fast[1] == [parse_float(text) for text in texts]


def test_files_are_read_in_pieces(monkeypatch):
    """Rows, cells and quoted line ends that lie across the ends of pieces."""
    from bitgoeul.engines.scoring import scanning

    monkeypatch.setattr(scanning, "PIECE", 64)
    monkeypatch.setattr(scanning, "_HEAD", 32)
    rows = [f'"row\n{row}",{row}.25' for row in range(200)]
    truth = "id,y\r\n" + "\r\n".join(rows)
    sent = "id,y\n" + "\n".join(reversed(rows)) + f"\nz{'z' * 300},1\n"
    plain, fast = _both(truth.encode())
    assert fast == plain
    known = read_truth(truth.encode(), id="id", target="y", engine="numba")
    plain, fast = _scored(known, sent.encode(), "mae")
    assert fast == plain
    assert fast[0].counts == {"unknown_id": 1}


def test_many_labels_that_nobody_expected():
    """More than the table of labels was made for."""
    rows = 9000
    truth = read_truth(
        b"id,y\n" + b"".join(b"%d,a\n" % row for row in range(rows)), id="id", target="y"
    )
    sent = b"id,y\n" + b"".join(b"%d,l%d\n" % (row, row) for row in range(rows))
    plain, fast = _scored(truth, sent, "macro_f1")
    assert fast == plain
    assert fast[0].score == 0.0


def test_faults_beyond_the_first_thousand_are_counted():
    truth = read_truth(
        b"id,y\n" + b"".join(b"%d,1\n" % k for k in range(3000)), id="id", target="y"
    )
    sent = b"id,y\n" + b"".join(b"u%d,x\n%d,1\n" % (k, k // 2) for k in range(3000))
    plain, fast = _scored(truth, sent, "rmse")
    assert fast == plain
    assert (len(fast[0].errors), fast[0].counts["not_a_number"]) == (1000, 3000)


def test_two_ids_of_one_hash_get_another_key(monkeypatch):
    from bitgoeul.engines.scoring import _kernels, indexing

    real = _kernels.hash_ids
    first = []

    def colliding(content, ends, key, hashes):
        real(content, ends, key, hashes)
        if not first:
            first.append(key)
            hashes[1] = hashes[0]

    monkeypatch.setattr(_kernels, "hash_ids", colliding)
    truth = read_truth(b"id,y\na,1\nb,2\n", id="id", target="y")
    index = indexing.build_index(truth.ids.content, truth.ids.ends)
    assert index.clash is None
    assert index.key != first[0]


def test_parquet_is_read_like_csv(tmp_path):
    import polars

    frame = polars.DataFrame({"id": ["b", "a", "나"], "y": [0.0, 1.0, None], "z": [1, 2, 3]})
    path = tmp_path / "sent.parquet"
    frame.write_parquet(path)
    for metric in ("mae", "accuracy"):
        plain, fast = _scored(VALUES, path, metric)
        assert fast == plain
        assert [(one.line, one.code, one.value) for one in fast[0].errors] == [
            (4, "not_a_number", "")
        ]
    content = io.BytesIO()
    frame.with_columns(y=polars.Series([0.0, 1.0, 2.5], dtype=polars.Float32)).write_parquet(
        content
    )
    plain, fast = _scored(VALUES, content.getvalue(), "mae")
    assert (plain, fast[0].score) == (fast, 0.0)
    assert _both(path) == [_both(path)[0]] * 2


def test_parquet_that_is_none_is_refused(tmp_path):
    for content, code in ((b"PAR1 nothing", "bad_parquet"), (None, "missing_column")):
        path = tmp_path / "bad.parquet"
        if content is None:
            import polars

            polars.DataFrame({"id": ["a"]}).write_parquet(path)
        else:
            path.write_bytes(content)
        plain, fast = _scored(VALUES, path, "mae")
        assert plain == fast
        assert fast["code"] == code


def test_a_small_file_needs_no_compiled_kernel():
    import subprocess
    import sys

    code = (
        "import sys\nfrom bitgoeul.engines.scoring import score\n"
        "score(b'id,y\\n1,1\\n', b'id,y\\n1,1\\n', metric='accuracy', id='id', target='y')\n"
        "assert not {'numba', 'polars', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_order_of_the_sample_is_a_short_cut_with_the_same_answer():
    rows = 1000
    truth = read_truth(
        b"id,y\n" + b"".join(b"%d,%d\n" % (k, k) for k in range(rows)), id="id", target="y"
    )
    order = np.arange(rows)
    order[500:510] = order[500:510][::-1]
    sent = b"id,y\n" + b"".join(b"%d,%d\n" % (k, k + 1) for k in order)
    (found,) = score_all(truth, sent, metrics=("mae",), engine="numba")
    assert found.score == 1.0
    assert replace(found, metric="mae") == found


def test_where_compiled_code_cannot_be_kept_it_is_compiled_anew():
    """As in a container whose files are read-only and whose user has no home."""
    from bitgoeul.engines.scoring._bytes import compiled

    scope = {}
    exec("def more(number): return number + 1", scope)
    assert compiled(scope["more"])(1) == 2
