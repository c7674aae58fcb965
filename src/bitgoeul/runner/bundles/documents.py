"""YAML of bundles: every value stays as it was written until somebody says what it must be.

A title `No` stays a title, a key `on` a key and `8-7-2019` a date that is read here and not by a
guess. Anchors are known, but what they unfold to is bounded; tags other than YAML's own are not.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

import yaml

from .problems import BundleError

MOST_BYTES = 256 << 10
MOST_VALUES = 20_000
DEEPEST = 40
STANDARD = "tag:yaml.org,2002:"
KNOWN = {
    STANDARD + kind
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
}
NOTHING = STANDARD + "null"
TRUE = {"true", "yes", "on", "y", "1"}
FALSE = {"false", "no", "off", "n", "0"}
NESTED = re.compile(rb"(?:[\[{]\s*){%d}" % DEEPEST)
NO_DATE = {"null", "none", "never", "~", ""}
ZONED = re.compile(
    r"(?P<rest>.*?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>[+-]\d{2}:?\d{0,2}|Z|UTC)$"
)
DAY = re.compile(
    r"(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})(?:[T ]+(?P<time>[\d:.]+))?$"
)
WORDY = ("%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%d %b %Y", "%B %d %Y")


@dataclass(frozen=True)
class Entry:
    """A value and where it stands."""

    value: str | list[Entry] | dict[str, Entry] | None
    member: str
    key: str = ""
    line: int = 0

    def wrong(self, code: str, value: object = "") -> BundleError:
        """The error that names this place."""
        shown = value or (self.value if isinstance(self.value, str) else "")
        return BundleError(code, member=self.member, key=self.key, value=shown, line=self.line)

    def mapping(self) -> dict[str, Entry]:
        """It must be keys and values."""
        if isinstance(self.value, dict):
            return self.value
        raise self.wrong("not_a_mapping")

    def items(self) -> list[Entry]:
        """It must be a list."""
        if isinstance(self.value, list):
            return self.value
        raise self.wrong("not_a_list")

    def get(self, *names: str) -> Entry | None:
        """What stands under the first of these keys; nothing where nothing is written."""
        for name in names:
            found = self.mapping().get(name)
            if found is not None and found.value is not None:
                return found
        return None

    def need(self, *names: str) -> Entry:
        """What stands under this key; it must be there."""
        found = self.get(*names)
        if found is None:
            key = f"{self.key}.{names[0]}" if self.key else names[0]
            raise BundleError("key_missing", member=self.member, key=key, line=self.line)
        return found

    def text(self) -> str:
        """It must be one value."""
        if isinstance(self.value, str):
            return self.value.strip()
        raise self.wrong("not_a_text")

    def whole(self, *, least: int = 0) -> int:
        """It must be a whole number."""
        try:
            number = float(self.text())
        except ValueError:
            raise self.wrong("not_a_number") from None
        if not math.isfinite(number) or number != int(number) or number < least:
            raise self.wrong("not_a_number")
        return int(number)

    def flag(self) -> bool:
        """It must be yes or no, in any of YAML's words."""
        word = self.text().lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise self.wrong("not_yes_or_no")

    def words(self, *names: str) -> str:
        """The text under the first of these keys; empty where nothing is written."""
        found = self.get(*names)
        return found.text() if found is not None else ""

    def yes(self, name: str) -> bool:
        """Whether the key is there and says yes."""
        found = self.get(name)
        return found.flag() if found is not None else False

    def number(self, name: str, *, least: int = 0) -> int | None:
        """The whole number under this key, if there is one."""
        found = self.get(name)
        return found.whole(least=least) if found is not None else None

    def date(self, name: str) -> dt.datetime | None:
        """The date under this key, if there is one."""
        found = self.get(name)
        return found.moment() if found is not None else None

    def moment(self) -> dt.datetime | None:
        """It must be a date or a time; without a zone it is UTC, as Codabench has it."""
        text = self.text()
        if text.lower() in NO_DATE:
            return None
        found = read_moment(text)
        if found is None:
            raise self.wrong("not_a_date")
        return found


def read_moment(text: str) -> dt.datetime | None:
    """A date as organisers write it: ISO, with points or slashes, month first, or in words."""
    text = text.strip()
    zone: dt.tzinfo = dt.UTC
    if (found := ZONED.match(text)) is not None:
        zone_text = found["zone"]
        text = found["rest"]
        if zone_text not in {"Z", "UTC"}:
            try:
                zone = _zone(zone_text)
            except ValueError:
                return None
    moment = _numbers(text) or _words(text)
    try:
        return moment.replace(tzinfo=zone).astimezone(dt.UTC) if moment else None
    except (OverflowError, ValueError):
        return None


def _zone(text: str) -> dt.tzinfo:
    """`+09`, `+0900` or `+09:00`."""
    return dt.datetime.strptime(text.ljust(5, "0"), "%z").tzinfo or dt.UTC


def _numbers(text: str) -> dt.datetime | None:
    found = DAY.match(text)
    if found is None:
        return None
    first, second, third = (int(found[part]) for part in "abc")
    if len(found["a"]) == 4:
        year, month, day = first, second, third
    elif len(found["c"]) == 4:
        # Month first, as Codabench reads it, unless that cannot be.
        year, month, day = third, first, second
        if month > 12:
            month, day = day, month
    else:
        return None
    try:
        time = dt.time.fromisoformat(_full(found["time"])) if found["time"] else dt.time()
        return dt.datetime.combine(dt.date(year, month, day), time)
    except ValueError:
        return None


def _full(time: str) -> str:
    """`9:00` is a time to people."""
    return time if time[1:2] != ":" else f"0{time}"


def _words(text: str) -> dt.datetime | None:
    for form in WORDY:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 -- the caller knows the zone
        except ValueError:
            continue
    return None


def read_yaml(content: bytes, *, member: str) -> Entry:
    """Read a YAML text.

    Raises
    ------
    BundleError
        With the line, for what is no YAML, or more of it than a bundle needs.
    """
    if len(content) > MOST_BYTES:
        raise BundleError("yaml_too_large", member=member, value=len(content))
    if NESTED.search(content):
        raise BundleError("yaml_bomb", member=member)
    text = _text(content, member)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise BundleError("not_yaml", member=member, value=said, line=line) from error
    except (RecursionError, ValueError) as error:
        raise BundleError("not_yaml", member=member, value=type(error).__name__) from error
    if node is None:
        raise BundleError("empty_yaml", member=member)
    return _Unfolding(member).entry(node, key="", depth=0)


def _text(content: bytes, member: str) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BundleError("not_text", member=member)


class _Unfolding:
    """From YAML's graph to a tree, no larger than it may be."""

    def __init__(self, member: str) -> None:
        self.member = member
        self.left = MOST_VALUES

    def entry(self, node: Any, *, key: str, depth: int) -> Entry:
        line = node.start_mark.line + 1
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise BundleError("yaml_bomb", member=self.member, key=key[:200], line=line)
        if node.tag not in KNOWN:
            raise BundleError("yaml_tag", member=self.member, key=key, value=node.tag, line=line)
        value: str | list[Entry] | dict[str, Entry] | None
        if isinstance(node, yaml.ScalarNode):
            value = None if node.tag == NOTHING and not node.style else str(node.value)
        elif isinstance(node, yaml.SequenceNode):
            value = [
                self.entry(one, key=f"{key}[{number}]", depth=depth + 1)
                for number, one in enumerate(node.value)
            ]
        else:
            value = self._mapping(node, key=key, depth=depth)
        return Entry(value, self.member, key, line)

    def _mapping(self, node: Any, *, key: str, depth: int) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            if not isinstance(name_node, yaml.ScalarNode):
                raise BundleError("odd_key", member=self.member, key=key, line=line)
            name = str(name_node.value)
            place = f"{key}.{name}" if key else name
            if name_node.tag == STANDARD + "merge":
                several = isinstance(value_node, yaml.SequenceNode)
                for one in value_node.value if several else [value_node]:
                    part = self.entry(one, key=place, depth=depth + 1)
                    merged = {**part.mapping(), **merged}
                continue
            if name in found:
                raise BundleError("key_twice", member=self.member, key=place, line=line)
            found[name] = self.entry(value_node, key=place, depth=depth + 1)
        return {**merged, **found}
