"""The statement has the 33 items, names tests that exist, and docs/accessibility.md is the same."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from bitgoeul.web import accessibility
from bitgoeul.web.accessibility import ITEMS, Result

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "accessibility.md"


def table() -> str:
    """The table of docs/accessibility.md."""
    lines = ["| item | result | how it is known | test |", "| --- | --- | --- | --- |"]
    with translation.override("en"):
        lines += [
            f"| {i.number} {i.title} | {i.result.value} | {i.how} | {i.test or 'by hand'} |"
            for i in ITEMS
        ]
    return "\n".join(lines)


def test_there_are_33_items_and_each_test_exists() -> None:
    assert len(ITEMS) == len({item.number for item in ITEMS}) == 33
    for item in ITEMS:
        assert not item.test or (ROOT / item.test).exists(), item.number


def test_the_document_says_the_same() -> None:
    assert table() in PAGE.read_text("utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_says_what_is_not_met(language: str) -> None:
    text = Client(headers={"accept-language": language}).get("/accessibility/").content.decode()
    with translation.override(language):
        for item in ITEMS:
            assert str(item.title) in text
            if item.result == Result.PARTLY:
                assert text.count(str(item.how)) == 2, "at the top, and in the table"
        for said in accessibility.OPEN:
            assert str(said) in text
