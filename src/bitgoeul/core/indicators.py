"""What an indicator is: a number that carries the rows it was counted from.

Rooms declare theirs in `indicators.py`; the top room collects them by `collect()`. An indicator's
function gets the scope and the as-of date and returns a `Value` whose parts list every row by kind
and uuid, so the number opens down to its rows and anyone who holds the rows can count again.
"""

import datetime as dt
import gc
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.apps import apps
from django.utils.functional import lazy

T = TypeVar("T")
Unit = Literal["count", "share", "won", "hours", "sum"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One row behind a number.

    `state` is what of the row was counted (no names): it is digested into published reports, so a
    later change of the row shows. `subject` is the person the row is about, for the access record.
    """

    kind: str
    uuid: UUID
    state: Mapping[str, Any]
    subject: UUID | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Value:
    """A computed indicator: its number, the rows of each part, and what it was computed over.

    For a share `numerator` is a part of `denominator` (the same rows, by uuid); for a count
    `denominator` is empty. `window` says over which time it was counted; make it with `phrase`,
    so that it can be read in both languages. `countable` is False while the window is still
    open, so that "not yet" never reads as zero.
    """

    number: float | None
    numerator: tuple[Evidence, ...]
    denominator: tuple[Evidence, ...] = ()
    excluded: tuple[Evidence, ...] = ()
    window: Any = ""
    as_of: dt.date
    countable: bool = True


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a number is asked about: an agreement's whole work or one cohort."""

    agreement: UUID | None = None
    cohort: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A registered number: key, words in both languages, unit and the function that computes it.

    `title` and `definition` are lazy translations; `group_by` names the keys that the evidence
    rows carry in `groups` and that may be tabulated.
    """

    key: str
    title: Any
    definition: Any
    unit: Unit
    compute: Callable[[Scope, dt.date], Value]
    group_by: tuple[str, ...] = ()
    exclusions: Any = ""


def _phrase(text: Any, fields: Mapping[str, Any]) -> str:
    return str(text) % fields


_lazy_phrase = lazy(_phrase, str)


def phrase(text: Any, **fields: Any) -> Any:
    """Fill the placeholders of a lazy translation only when somebody reads it.

    A published report is read in two languages, so its texts must not be fixed to the language
    that happened to be active when the number was computed.
    """
    return _lazy_phrase(text, fields)


def share(
    *,
    numerator: Iterable[Evidence],
    denominator: Iterable[Evidence],
    as_of: dt.date,
    excluded: Iterable[Evidence] = (),
    window: Any = "",
    countable: bool = True,
) -> Value:
    """Build a share; without a denominator it has no number (never zero).

    Raises
    ------
    ValueError
        When a counted row is not among the rows it is counted against.
    """
    above, below = tuple(numerator), tuple(denominator)
    base = {row.uuid: row for row in below}
    if stray := [row.uuid for row in above if row.uuid not in base]:
        raise ValueError(f"row {stray[0]} is counted but not among the rows counted against")
    # The same row object in both parts, so that both carry the same digest when published.
    above = tuple(base[row.uuid] for row in above)
    number = len(above) / len(below) if below and countable else None
    return Value(
        number=number,
        numerator=above,
        denominator=below,
        excluded=tuple(excluded),
        window=window,
        as_of=as_of,
        countable=countable,
    )


def count(*, rows: Iterable[Evidence], as_of: dt.date, window: Any = "") -> Value:
    """Build a count of rows."""
    counted = tuple(rows)
    return Value(number=len(counted), numerator=counted, window=window, as_of=as_of)


_shared: ContextVar[dict[Hashable, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Numbers computed meanwhile share what they load: of one state of the data, and once."""
    if _shared.get() is not None:
        yield
        return
    token = _shared.set({})
    # A hundred thousand rows are no garbage: looking for some among them takes half of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _shared.reset(token)
        if collects:
            gc.enable()


def shared(name: str, *of: Hashable, load: Callable[[], T]) -> T:
    """Return what was loaded under a name, or load it; alone, a number loads its own."""
    known = _shared.get()
    if known is None:
        return load()
    key = (name, *of)
    if key not in known:
        known[key] = load()
    found: T = known[key]
    return found


def collect() -> dict[str, Indicator]:
    """Return every indicator that an installed room declares in `indicators.INDICATORS`.

    Raises
    ------
    ValueError
        When two rooms declare the same key.
    """
    found: dict[str, Indicator] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.indicators"
        if not config.name.startswith("bitgoeul.apps.") or find_spec(name) is None:
            continue
        for indicator in import_module(name).INDICATORS:
            if indicator.key in found:
                raise ValueError(f"two indicators share the key {indicator.key}")
            found[indicator.key] = indicator
    return found
