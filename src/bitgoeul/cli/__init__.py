"""What the commands share: JSON on standard output, messages for people on standard error.

The commands that work on plain files must not import Django, so their Korean comes straight
from the fragments `cli.po` and `runner.po` in `locale/ko`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

OK, REFUSED, USAGE = 0, 1, 2

KOREAN = Path(__file__).parent.parent / "locale" / "ko"
FRAGMENTS = (KOREAN / "cli.po", KOREAN / "runner.po")


def _(message: str) -> str:
    """Mark a text for translation; `phrase` translates it."""
    return message


def language(args: argparse.Namespace) -> str:
    """`--lang`, else the locale of the environment, else English."""
    chosen = getattr(args, "lang", None)
    if chosen:
        return str(chosen)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "ko" if os.environ[name].startswith("ko") else "en"
    return "en"


@cache
def _korean() -> dict[str, str]:
    import polib

    entries = [e for path in FRAGMENTS if path.exists() for e in polib.pofile(str(path))]
    return {entry.msgid: entry.msgstr for entry in entries if entry.msgstr and not entry.fuzzy}


def phrase(message: str, *, lang: str, fields: Mapping[str, object] | None = None) -> str:
    """The text in one language, with its named placeholders filled in."""
    text = _korean().get(message, message) if lang == "ko" else message
    return text % fields if fields is not None else text


def say(message: str, *, lang: str, fields: Mapping[str, object] | None = None) -> None:
    """Tell a person something, on standard error."""
    print(phrase(message, lang=lang, fields=fields), file=sys.stderr)


def as_json(value: Any) -> str:
    """JSON as the commands write it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def emit(value: Any) -> None:
    """Write a result as JSON to standard output."""
    print(as_json(value))
