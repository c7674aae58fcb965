"""The statement has the 33 items, names tests that exist, and docs/accessibility.md is the same."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from bitgoeul.web import accessibility
from bitgoeul.web.accessibility import ITEMS, Result

WEB = ("*.html", "*.js", "*.css")
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


def written(*patterns: str) -> str:
    """Our own templates, scripts and style sheets."""
    folder = ROOT / "src" / "bitgoeul"
    files = [path for pattern in patterns for path in sorted(folder.rglob(pattern))]
    assert files
    return "\n".join(path.read_text("utf-8") for path in files if "vendor" not in path.parts)


@pytest.mark.parametrize(
    ("item", "forbidden"),
    [
        ("5.2.1 5.4.2", r"<(?:audio|video|object|embed|bgsound)\b"),
        ("6.1.4", r"accesskey|addEventListener\(.key|onkey(?:down|press|up)|hx-trigger=[^>]*key"),
        ("6.3.1 6.2.2", r"@keyframes|animation(?:-name)?:(?! none)|<(?:marquee|blink)\b|\.gif\b"),
        ("6.5.1 6.5.2", r"(?:on|addEventListener\(.)(?:mouse|pointer|touch)(?:down|start|move)"),
        ("6.5.4", r"devicemotion|deviceorientation|Accelerometer|Gyroscope"),
        # The one form that saves by itself says so in one place, and moves nobody.
        ("7.2.1", r'target=.?_blank|onchange=|hx-trigger="change(?! delay:1s" hx-target="#saved")'),
    ],
)
def test_what_the_statement_says_is_not_there_is_not_written_anywhere(
    item: str, forbidden: str
) -> None:
    assert re.findall(forbidden, written(*WEB)) == [], item


def test_what_moves_stops_for_whoever_asks() -> None:
    sheet = written("app.css")
    moving = [line for line in sheet.splitlines() if "transition" in line]
    assert all("progress" in line or "transition: none" in line for line in moving)
    assert re.search(r"prefers-reduced-motion: reduce\)[^@]*transition: none", sheet)


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
