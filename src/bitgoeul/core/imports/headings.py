"""Recognise a column by its heading, however it is spaced and decorated."""

from __future__ import annotations

import re
import unicodedata

_DECORATION = re.compile(r"[\s\u200b-\u200f\ufeff*※:·_\-/.]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")


def normalise(text: str) -> str:
    """The bare form of a heading: "성 명 *" and "성명" are one, so are "E-mail" and "email"."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def candidates(text: str) -> tuple[str, ...]:
    """The forms to look up: as written, and without what stands in brackets ("(필수)")."""
    whole = normalise(text)
    bare = normalise(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
    return (whole,) if bare in {whole, ""} else (whole, bare)
