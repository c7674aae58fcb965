"""What a demonstration says of itself on every page while its year is still being filled."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

NAME = "filling.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How far the worker is: `done` of `total` units, now at the part whose name is `title`."""

    title: str
    done: int
    total: int

    @property
    def part(self) -> str:
        """The part in the reader's language."""
        return gettext(self.title)


def read() -> Filling | None:
    """Return how far it is, or None when nothing is being filled."""
    try:
        return Filling(**json.loads(_path().read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write(filling: Filling | None) -> None:
    """Keep how far it is for the pages; None when all is done."""
    path = _path()
    if filling is None:
        path.unlink(missing_ok=True)
        return
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        partial.write_text(json.dumps(asdict(filling)), encoding="utf-8")
        partial.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()


def _path() -> Path:
    return Path(settings.BITGOEUL.demo_dir) / NAME
