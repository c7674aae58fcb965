"""Every refusal is said in Korean and in English, with the same facts in it."""

import re

import pytest
from django.utils import translation

from bitgoeul.core.imports.errors import (
    CELL_MESSAGES,
    FILE_MESSAGES,
    SERVICE_MESSAGES,
    CellError,
    FileRefused,
    ImportRefused,
    phrase,
)

NAMES = (
    *("found", "expected", "length", "max", "min", "places", "line", "size", "missing", "first"),
    *("second", "heading", "place", "kind", "target", "errors", "rows", "what"),
    *("suffix", "allowed"),
)
FACTS = {name: f"<{name}>" for name in NAMES}
CASES = [
    *((CellError, code) for code in CELL_MESSAGES),
    *((FileRefused, code) for code in FILE_MESSAGES),
    *((ImportRefused, code) for code in SERVICE_MESSAGES),
]
HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize(("error", "code"), CASES, ids=[code for _, code in CASES])
def test_each_message_in_both_languages(error, code):
    stored = error(code, **FACTS).stored()
    with translation.override("en"):
        english = phrase(stored)
    with translation.override("ko"):
        korean = phrase(stored)
    assert not HANGUL.search(english)
    assert HANGUL.search(korean), f"{code} has no Korean"
    named = re.compile(r"<\w+>")
    assert set(named.findall(english)) == set(named.findall(korean))


def test_a_stored_error_speaks_the_language_of_its_reader():
    with translation.override("ko"):
        stored = CellError("not_a_date", found="어제").stored()
    with translation.override("en"):
        assert phrase(stored) == "“어제” is not a date. Write it like 2026-04-15."
    with translation.override("ko"):
        assert phrase(stored).startswith("날짜가 아닙니다")


def test_a_percent_sign_in_a_cell_breaks_no_message():
    assert "100%s" in str(CellError("not_a_date", found="100%s %(x)s"))
