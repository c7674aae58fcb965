"""Copies with other names are found; the same idea in other words, and the starter, are not."""

import json

from bitgoeul.engines.scoring import code_of, fingerprints, similar_pairs

STARTER = "import math\n\n\ndef moving_average(values, window):\n    raise NotImplementedError\n"
ONE = """
def moving_average(values, window):
    if not values or window < 1:
        return []
    total = sum(values[:window])
    found = [total / window]
    for at in range(window, len(values)):
        total += values[at] - values[at - window]
        found.append(total / window)
    return found if len(values) >= window else []
"""
COPY = (
    ONE.replace("total", "s")
    .replace("found", "result")
    .replace("at", "i")
    .replace("    if not", "    # mine\n    if not")
)
OTHER = """
def moving_average(values, window):
    return [
        sum(values[start : start + window]) / window
        for start in range(max(len(values) - window + 1, 0))
    ]
"""


def test_a_copy_with_other_names_is_found_and_another_solution_is_not() -> None:
    (pair,) = similar_pairs({"one": ONE, "copy": COPY, "other": OTHER})
    assert {pair.first, pair.second} == {"one", "copy"}
    assert pair.share == 1.0


def test_what_everybody_was_given_does_not_count() -> None:
    files = {"one": ONE, "other": ONE + OTHER}
    assert similar_pairs(files)
    assert similar_pairs(files, known=[ONE]) == []


def test_what_nearly_everybody_wrote_is_an_idiom() -> None:
    files = dict.fromkeys(range(9), ONE) | {"a": OTHER + COPY, "b": OTHER}
    pairs = similar_pairs(files)
    assert [{pair.first, pair.second} for pair in pairs] == [{"a", "b"}]


def test_broken_programs_and_notebooks_are_read_as_far_as_they_go() -> None:
    assert fingerprints("def f(:\n  'open") == set()
    cells = [{"cell_type": "code", "source": ["x = 1\n", "y = 2"]}, {"cell_type": "markdown"}]
    assert code_of(json.dumps({"cells": cells}).encode(), "a.ipynb") == "x = 1\ny = 2"
    for bad in (b"{", b"[]", b'{"cells": [{"cell_type": "code"}]}'):
        assert code_of(bad, "a.ipynb") == ""
