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
    """A choice whose labels are gathered at the first cell: translations need a ready Django."""

    def __init__(self, choices: Iterable[tuple[str, Any]], more: dict[str, Any]) -> None:
        self._choices = list(choices)
        self._more = more
        self._convert: Any = None

    def __call__(self, cell: Any) -> Any:
        """Turn a cell into the value."""
        if self._convert is None:
            shown = [str(label) for _value, label in self._choices]
            self._convert = clean.choice(_labels(self._choices, **self._more), shown_as=shown)
        return self._convert(cell)
