"""What the browser is sent: small, ours or unmodified, nothing from elsewhere, nothing inline."""

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import bitgoeul

PACKAGE = Path(bitgoeul.__file__).parent
STATIC = PACKAGE / "web" / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def test_style_sheet_is_small() -> None:
    assert len(gzip.compress((STATIC / "app.css").read_bytes(), 9)) <= 6 * 1024


def test_vendored_folders_are_those_that_were_fetched() -> None:
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text("utf-8"))["vendor"]
    assert {entry["folder"] for entry in listed} == {p.name for p in VENDOR.iterdir() if p.is_dir()}
    for entry in listed:
        folder = VENDOR / entry["folder"]
        whole = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{digest}  {path.relative_to(folder).as_posix()}\n".encode())
        assert entry["files_sha256"] == whole.hexdigest(), entry["folder"]
        assert "SIL Open Font License" in (folder / entry["licence_file"]).read_text("utf-8")


def test_style_sheets_fetch_nothing_from_elsewhere() -> None:
    for sheet in STATIC.rglob("*.css"):
        for target in re.findall(r"url\(([^)]+)\)", sheet.read_text("utf-8")):
            assert (sheet.parent / target.strip("'\"")).is_file(), f"{sheet.name}: {target}"


def test_font_covers_every_hangul_syllable() -> None:
    """Names of people must not fall back to another face: all 11,172 syllables, and ASCII."""
    sheet = VENDOR / "pretendard-gov" / "pretendardvariable-gov-dynamic-subset.css"
    covered: set[int] = set()
    for ranges in re.findall(r"unicode-range:\s*([^;]+);", sheet.read_text("utf-8")):
        for part in ranges.split(","):
            first, _dash, last = part.strip().removeprefix("U+").partition("-")
            covered |= set(range(int(first, 16), int(last or first, 16) + 1))
    wanted = {*range(0xAC00, 0xD7A4), *range(0x20, 0x7F)}
    assert not wanted - covered


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "event attribute"
    assert not re.search(r"\bhx-on\b|javascript:", text), "script in an attribute"
    assert not re.search(r"""(src|href)=["']https?://""", text), "something from elsewhere"
