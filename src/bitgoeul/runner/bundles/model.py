"""A competition bundle as data: what it asks for, whatever it was written in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEFAULT_SECONDS = 600
LONGEST_SECONDS = 24 * 3600

Files = Mapping[str, bytes]


class Computation(StrEnum):
    """How a column of a leaderboard follows from others."""

    SUM = "sum"
    AVERAGE = "avg"
    LEAST = "min"
    MOST = "max"


@dataclass(frozen=True)
class Column:
    """One column of a leaderboard."""

    title: str
    key: str
    index: int
    descending: bool = True
    computation: Computation | None = None
    computed_from: tuple[int, ...] = ()
    precision: int = 2
    hidden: bool = False


@dataclass(frozen=True)
class Leaderboard:
    """Columns in their order; who is better in the first is better."""

    title: str
    key: str
    columns: tuple[Column, ...]
    submission_rule: str = "Add"
    hidden: bool = False
    task: int | None = None
    """The only task whose scores it shows, where it is not for all of them."""


@dataclass(frozen=True)
class Program:
    """A program of the organiser: its files and the command that starts it."""

    files: Files = field(repr=False)
    command: str
    member: str = ""


@dataclass(frozen=True)
class BundleTask:
    """What a submission is run on and scored by."""

    index: int
    name: str
    scoring: Program
    ingestion: Program | None = None
    reference: Files = field(default_factory=dict, repr=False)
    data: Files = field(default_factory=dict, repr=False)
    description: str = ""
    ingestion_during_scoring: bool = False
    as_it_is: bool = False
    """Whether what is handed in goes to the scorer as one file, a zip too."""
    file_types: tuple[str, ...] = ()
    """Endings that are taken; all where there are none."""


@dataclass(frozen=True)
class BundlePhase:
    """A time in which something may be handed in, and its limits."""

    index: int
    name: str
    description: str
    start: dt.datetime | None
    end: dt.datetime | None
    tasks: tuple[int, ...]
    most: int | None = None
    most_per_day: int | None = None
    moves_on: bool = False
    seconds: int = DEFAULT_SECONDS
    results_only: bool = False
    hidden: tuple[str, ...] = ()
    """What participants do not see: ``output``, ``prediction_output``, ``score_output``."""


@dataclass(frozen=True)
class Solution:
    """A submission that the organiser put into the bundle."""

    name: str
    tasks: tuple[int, ...]
    files: Files = field(repr=False)


@dataclass(frozen=True)
class Page:
    """A text for participants: Markdown or HTML, as its name says."""

    title: str
    name: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Notice:
    """Something that was read otherwise than it was written, or is not known here."""

    code: str
    member: str = ""
    key: str = ""
    value: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in JSON, and as the fields of its text."""
        return {"code": self.code, "member": self.member, "key": self.key, "value": self.value}


@dataclass(frozen=True)
class Bundle:
    """A competition."""

    format: str
    """``codabench-2``, ``codabench-1.5`` or ``evalai``."""
    title: str
    description: str
    phases: tuple[BundlePhase, ...]
    tasks: tuple[BundleTask, ...]
    leaderboards: tuple[Leaderboard, ...]
    pages: tuple[Page, ...] = ()
    solutions: tuple[Solution, ...] = ()
    image: str = ""
    docker_image: str = ""
    warnings: tuple[Notice, ...] = ()

    def boards_of(self, task: int) -> tuple[Leaderboard, ...]:
        """The leaderboards that show a task's scores."""
        return tuple(board for board in self.leaderboards if board.task in {None, task})

    def seconds_of(self, task: int) -> int:
        """How long a run of a task may take: the longest of the phases that use it."""
        given = [phase.seconds for phase in self.phases if task in phase.tasks]
        return min(max(given, default=DEFAULT_SECONDS), LONGEST_SECONDS)

    def hides_output(self, task: int) -> bool:
        """Whether a phase of a task keeps back what programs write: it may quote hidden data."""
        return any(phase.hidden for phase in self.phases if task in phase.tasks)

    def results_only(self, task: int) -> bool:
        """Whether every phase of a task takes nothing but results."""
        given = [phase.results_only for phase in self.phases if task in phase.tasks]
        return bool(given) and all(given)
