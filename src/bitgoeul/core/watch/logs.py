"""Log lines that machines read and that name nobody.

A line has the time, the place in the program, the number of the request and, for an error, its
class and where it happened. Never the error's own words, local values or parameters of a query:
those may repeat what a person typed. A line of another library keeps its constant text only.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from pythonjsonlogger.core import BaseJsonFormatter

from . import numbers

OURS = "bitgoeul"
KEPT_DAYS = 30
LONGEST_TEXT = 500
_FRAMES = 30

_MASKS = (
    (re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.[^\s@<>\"'(),;:=]+"), "[e-mail]"),
    (re.compile(r"(?<!\d)\d{6}[-\s]?\d{7}(?!\d)"), "[number]"),
    (re.compile(r"(?<!\d)(?:\+?82[-\s]?)?0?1\d[-.\s]?\d{3,4}[-.\s]?\d{4}(?!\d)"), "[telephone]"),
)
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")


def masked(text: str) -> str:
    """The text without e-mail addresses, telephone and registration numbers."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text[:LONGEST_TEXT]


def text_of(record: logging.LogRecord) -> str:
    """What a line may say.

    Our own lines are written to name nobody and are masked all the same; of another library's
    line only the constant part is kept, for nobody here knows what its parts hold.
    """
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.name == OURS or record.name.startswith(OURS + "."):
        try:
            return masked(template % record.args if record.args else template)
        except (TypeError, ValueError, KeyError):
            return masked(template)
    return masked(_PLACEHOLDER.sub("…", template)) if record.args else _constant(template)


def _constant(template: str) -> str:
    # A library that puts its line together by itself leaves no constant part.
    return "(text of a library)" if re.search(r"[\d@/'\"]", template) else masked(template)


def name_of(kind: type[BaseException]) -> str:
    """The name of an error's class."""
    return f"{kind.__module__}.{kind.__qualname__}"


def frames_of(trace: TracebackType | None) -> list[str]:
    """Where an error happened: file, line and function, without any values."""
    found = traceback.extract_tb(trace, limit=-_FRAMES)
    return [f"{'/'.join(Path(f.filename).parts[-3:])}:{f.lineno} {f.name}" for f in found]


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """One line as a mapping; only what stands here is ever written."""
    moment = dt.datetime.fromtimestamp(record.created, tz=dt.UTC)
    fields: dict[str, Any] = {
        "at": moment.isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "text": text_of(record),
        "place": f"{record.module}:{record.lineno}",
        "number": getattr(record, "number", "") or numbers.current(),
    }
    for name in ("route", "method", "status", "ms", "job", "task", "outcome"):
        value = getattr(
            record, name, getattr(record, "status_code", None) if name == "status" else None
        )
        if isinstance(value, (int, float)) or (isinstance(value, str) and value):
            fields[name] = value if not isinstance(value, str) else masked(value)
    if record.exc_info and record.exc_info[0] is not None:
        fields["error"] = name_of(record.exc_info[0])
        fields["trace"] = frames_of(record.exc_info[2])
    elif hasattr(record, "error") and hasattr(record, "trace"):
        fields |= {"error": record.error, "trace": record.trace}
    return fields


class JsonLine(BaseJsonFormatter):
    """A line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the permitted fields; the record's own formatting is never asked for."""
        return json.dumps(fields_of(record), ensure_ascii=False)


class PlainLine(logging.Formatter):
    """The same fields for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the permitted fields in a row, the trace beneath."""
        fields = fields_of(record)
        trace = fields.pop("trace", [])
        head = " ".join(str(fields.pop(name)) for name in ("at", "level", "logger", "text"))
        more = " ".join(f"{name}={value}" for name, value in fields.items() if value != "")
        return "\n    ".join([f"{head} {more}".rstrip(), *trace])


class DailyFile(logging.Handler):
    """Appends to one file a day; several processes may, for a line is one write."""

    def __init__(self, folder: str, kept_days: int = KEPT_DAYS) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.kept_days = kept_days
        self._day = ""
        self._file = -1
        self._process = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Append the line; a folder that cannot be written stops no request."""
        try:
            self._open(dt.datetime.fromtimestamp(record.created, tz=dt.UTC).date())
            os.write(self._file, (self.format(record) + "\n").encode("utf-8", "replace"))
        except OSError:
            self._day = ""

    def _open(self, day: dt.date) -> None:
        if self._day == day.isoformat() and self._process == os.getpid():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{day.isoformat()}.jsonl"
        if self._file >= 0 and self._process == os.getpid():
            os.close(self._file)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._day, self._process = day.isoformat(), os.getpid()
        self._forget((day - dt.timedelta(days=self.kept_days)).isoformat())

    def _forget(self, before: str) -> None:
        for path in self.folder.glob("????-??-??.jsonl"):
            if path.stem < before:
                path.unlink(missing_ok=True)


def find(folder: Path, number: str) -> Iterator[dict[str, Any]]:
    """The lines that a number stands in, newest day first, oldest line of a day first."""
    wanted = number.strip().upper()
    for path in sorted(folder.glob("????-??-??.jsonl"), reverse=True):
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if wanted not in line.upper():
                    continue
                try:
                    fields = json.loads(line)
                except ValueError:
                    continue  # a line that was cut when the disk was full
                if wanted in (fields.get("number", ""), str(fields.get("job", ""))[:8].upper()):
                    yield fields
