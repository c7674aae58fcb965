"""Choices as people write them in files: Korean, English, the key, and the usual variants."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from bitgoeul.core.imports import clean


def _labels(choices: Iterable[tuple[str, Any]], **more: str) -> dict[str, str]:
    """Map what people write, in Korean, in English or as the key, to the value it stands for."""
    known: dict[str, str] = {}
    for language in ("ko", "en"):
        with translation.override(language):
            known |= {str(label): value for value, label in choices}
    known |= {value: value for value, _label in choices}
    return known | more


class Choice:
    """A converter whose labels are gathered at the first cell, once per language.

    Translations need a ready Django, and a refusal offers the labels in the reader's language.
    """

    def __init__(self, choices: Iterable[tuple[str, Any]], more: dict[str, Any]) -> None:
        self._choices = list(choices)
        self._more = more
        self._converters: dict[str, Any] = {}

    def __call__(self, cell: Any) -> Any:
        """Turn a cell into the value."""
        language = translation.get_language() or ""
        convert = self._converters.get(language)
        if convert is None:
            shown = [str(label) for _value, label in self._choices]
            convert = clean.choice(_labels(self._choices, **self._more), shown_as=shown)
            self._converters[language] = convert
        return convert(cell)
