"""Words that pages explain: in the glossary, on a page, in both languages."""

from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from bitgoeul.core.words import WORDS

ROOT = Path(__file__).resolve().parents[2]


def test_every_word_stands_in_the_glossary_and_on_a_page() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    pages = "".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.html"))
    for key, word in WORDS.items():
        assert f"| {word.entry}" in glossary, key
        assert f'{{% explain "{key}" %}}' in pages, key
    assert len(WORDS) >= 10


@pytest.mark.parametrize(("language", "said"), [("ko", "뜻"), ("en", "What")])
def test_a_word_is_explained_without_a_script(language: str, said: str) -> None:
    with translation.override(language):
        text = Template('{% load bitgoeul %}{% explain "quorum" %}').render(Context())
        assert str(WORDS["quorum"].text) in text
    assert said in text
    assert text.startswith('<details class="help"><summary>')


def test_a_word_that_nobody_explains_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Template('{% load bitgoeul %}{% explain "nonsense" %}').render(Context())
