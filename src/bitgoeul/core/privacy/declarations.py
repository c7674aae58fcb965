"""The words in which a table says what it keeps about people, and until when."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

Words = str | Promise


class Kind(StrEnum):
    """What a table holds, as far as people are concerned."""

    NONE = "none"
    """Nothing about people."""
    PERSONAL = "personal"
    """Data about a person who can be named."""
    PSEUDONYMOUS = "pseudonymous"
    """People stand in it by a number only; without other tables nobody can be named."""


class Erase(StrEnum):
    """How a part of a row is forgotten."""

    DELETE = "delete"
    """The row goes."""
    CLEAR = "clear"
    """The row stays, the fields are emptied: what is counted remains true."""
    LINK = "link"
    """The row says nothing beside whose it is; it stays, and names nobody once the account is
    erased."""
    BATCH = "batch"
    """A job of the part's own forgets it on its day, for everybody."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long a law or a rule asks to keep something, and where that is written."""

    key: str
    title: Words
    days: int
    source: Words


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some fields of a table that are kept and forgotten together.

    `after` leads to the dates from which `keep` counts: the first that is not empty. With
    `with_records`, the part stays as long as any other record of the person must be kept: the law
    asks for records of a person, not of a number.
    """

    key: str
    title: Words = ""
    fields: tuple[str, ...] = ()
    erase: Erase = Erase.CLEAR
    cleared: Mapping[str, Any] = field(default_factory=dict)
    keep: Retention | None = None
    after: tuple[str, ...] = ()
    with_records: bool = False
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What one table says of itself.

    `person` leads to the account concerned; `find` does instead where no path leads there.
    `actors` are accounts that acted (who entered, who approved). `plain` are fields that say
    nothing about a person. `export` is False, with the reason in `why`, where a person's download
    leaves the table out.
    """

    kind: Kind
    person: str = ""
    find: Callable[[Model], QuerySet[Any]] | None = None
    parts: tuple[Part, ...] = ()
    actors: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    export: bool = True
    why: Words = ""


NOTHING = Declaration(kind=Kind.NONE, export=False)
"""The declaration of a table that holds nothing about people."""


def years(number: int) -> int:
    """Return years in days, leap days included."""
    return (dt.date(2000 + number, 1, 1) - dt.date(2000, 1, 1)).days
