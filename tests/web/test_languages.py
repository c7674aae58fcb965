"""A language that does not exist: what is not marked was never given to translators.

Each text that goes through a catalogue comes out as ⟦text⟧; `test_every_page` opens every page in
it. What stands outside the marks must be data (it is in the database), a number or a date, or one
of the few words that are the same in all languages.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.db import models

from bitgoeul.apps.labs.models import LabFile
from bitgoeul.apps.programmes.models import PRESET_FILES
from bitgoeul.apps.programmes.services.cohorts import PRESETS
from bitgoeul.core import indicators
from bitgoeul.core.notices import topics

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bitgoeul"
SAME_EVERYWHERE = {
    "csv", "xlsx", "pdf", "json", "zip", "html", "url", "한국어", "english", "sha", "merkle",
    "ncs", "esco", "net", "won", "id", "ids", "xls", "utf", "cp", "jan", "feb", "mar", "apr",
    "may", "jun", "jul",
    "aug", "sep", "oct", "nov", "dec", "am", "pm", "bn", "tn",
}  # fmt: skip
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-l")
SILENT = {"script", "style", "code", "pre", "svg", "template", "textarea"}
"""What is no sentence: programs, pictures, evidence as it is stored, what a person would write."""
VOID = {"input", "br", "img", "hr", "meta", "link", "wbr"}
WORD = re.compile(r"[A-Za-z가-힣]{2,}")
CODE = re.compile(
    r"\b\w*\d\w*\b|[\w.+-]+@[\w.-]+|\b[\w-]+\.(?:csv|xlsx|json|pdf|zip|py)\b|\S+_\S+|\S+/\S+"
)


class Marked:
    """A catalogue that marks every text instead of translating it."""

    def gettext(self, message: str) -> str:
        text = message.rsplit("\x04", 1)[-1]
        return f"⟦{text}⟧" if text else ""

    def ngettext(self, one: str, many: str, count: float) -> str:
        return self.gettext(one if count == 1 else many)

    def language(self) -> str:
        return "en"

    def to_language(self) -> str:
        return "en"


class Page(HTMLParser):
    """What a page says, in the order in which it is read; and what only some people hear."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.heard: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        # `translate="no"`: names in files, stored evidence. A part that says it is in another
        # language (the programmers' reference) is honest about it.
        apart = said.get("translate") == "no" or (tag != "html" and "lang" in said)
        if self._within or tag in SILENT or apart:
            self._within += [tag] if tag not in VOID else []
        self.heard += [said[name] or "" for name in SPOKEN if said.get(name)]
        if tag == "input" and said.get("type") in {"submit", "button"}:
            self.heard.append(said.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.text.append(data)


def unmarked(text: str) -> str:
    """What stands outside all marks."""
    depth, kept = 0, []
    for letter in text:
        depth += letter == "⟦"
        if depth <= 0:
            kept.append(letter)
        if letter == "⟧":
            depth = max(depth - 1, 0)
            kept.append(" ")
    return "".join(kept)


def stored() -> list[str]:
    """Every text in the database, longest first: data is not translated."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
            and not field.choices
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            for value in row:
                found |= set(texts(value))
    # The stages that a new cohort begins with have a name in each language.
    found |= {
        text
        for preset in PRESETS.values()
        for stage in preset.stages
        for text in (stage.name_ko, stage.name_en)
    }
    # What a lab asks is kept as a file.
    for kept in LabFile.objects.all():
        with contextlib.suppress(ValueError):
            found |= set(texts(json.loads(kept.file.read())))
    # Ready-made rules say in each language where they come from.
    for rules in PRESET_FILES.values():
        found |= {rules.title_ko, rules.title_en}
        found |= set(texts(dict(rules.source))) | set(texts(dict(rules.disagreement)))
    return sorted(found, key=len, reverse=True)


def texts(value: object) -> Iterator[str]:
    """The texts in a value of the database, JSON unfolded."""
    if isinstance(value, str) and len(value) > 1:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)


def untranslated(html: str, data: list[str]) -> set[str]:
    """The words of a page that no translator ever saw."""
    page = Page()
    page.feed(html)
    text = unmarked(" ".join(page.text)) + " " + " ".join(map(unmarked, page.heard))
    for value in data:
        if value in text:
            text = text.replace(value, " ")
    words = WORD.findall(CODE.sub(" ", text))
    return {word for word in words if word.lower() not in SAME_EVERYWHERE}


def test_a_bare_word_would_be_found() -> None:
    html = '<p>⟦Marked <b>with</b> markup⟧ Bare 가람 <i title="bare title">⟦x⟧</i> 12 csv</p>'
    assert untranslated(html, ["가람"]) == {"Bare", "bare", "title"}
    assert untranslated("<p>한글</p>", []) == {"한글"}


PARTICLES = ("을", "를", "이", "가", "은", "는", "과", "와", "으로", "로", "이라고", "라고")
AFTER_A_VALUE = re.compile(
    r"(?:%\((?!share\))\w+\)[sd]|\}\})[\"'”’」]*(" + "|".join(PARTICLES) + r")(?=[\s.,:;!?<]|$)"
)


def bare_particles(text: str) -> list[str]:
    """Particles right behind a value, whose last sound nobody knows.

    Behind a closing bracket the noun before it decides; a share ends in 퍼센트.
    """
    return [found.group(0) for found in AFTER_A_VALUE.finditer(text)]


def test_no_particle_stands_bare_behind_a_value() -> None:
    """The right one is chosen by `josa`, or the sentence does without."""
    faults = []
    for path in sorted((SOURCE / "locale" / "ko").glob("*.po")):
        for entry in polib.pofile(str(path)):
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                faults += [f"{path.name}: {text!r}: {part}" for part in bare_particles(text)]
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        text = path.read_text("utf-8")
        faults += [f"{path.name}: {part}" for part in bare_particles(text)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text", ["%(name)s을 지웠습니다.", "{{ name }}가 있습니다", "‘%(x)s’는 없다"]
)
def test_a_bare_particle_would_be_found(text: str) -> None:
    assert bare_particles(text)


@pytest.mark.parametrize("text", ["%(name)s을(를)", "%(n)s이상", "%(n)s개가", "{{ name|josa }}"])
def test_what_is_no_bare_particle_is_let_through(text: str) -> None:
    assert not bare_particles(text)


def test_no_korean_text_is_missing_or_unconfirmed() -> None:
    """The machine's check (`tools/messages.py check`) names each; here the two numbers are zero."""
    entries = [
        e for p in sorted((SOURCE / "locale" / "ko").glob("*.po")) for e in polib.pofile(str(p))
    ]
    assert len(entries) > 1500
    empty = [e.msgid for e in entries if not (e.msgstr or e.msgstr_plural.get(0))]
    assert (len(empty), sum(e.fuzzy for e in entries)) == (0, 0)


def test_what_is_declared_once_speaks_both_languages() -> None:
    """Names of numbers and topics are lazy: evaluated at import they would stay in one language."""
    from django.utils import translation

    hangul = re.compile("[가-힣]")
    said = [topic.title for topic in topics.all_topics()]
    said += [one.title for one in indicators.collect().values()]
    assert len(said) > 10
    with translation.override("en"):
        assert not [str(text) for text in said if hangul.search(str(text))]
    with translation.override("ko"):
        assert not [str(text) for text in said if not hangul.search(str(text))]
