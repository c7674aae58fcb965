"""The marks of one notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bitgoeul.runner.reasons import NO_RUN

from .aligning import Fault


class Mode(StrEnum):
    """How a notebook is graded."""

    PRACTICE = "practice"
    """Tests in the submission's own interpreter, as nbgrader and otter do it: forgeable."""
    COUNTED = "counted"
    """Tests on a side of their own, values compared outside: what may count."""


class Verdict(StrEnum):
    """How the grading of one notebook ended."""

    GRADED = "graded"
    REFUSED = "refused"
    """Not a notebook that can be graded, or no sandbox; the reason is told."""
    PLATFORM = "platform"
    """Our own fault: the attempt does not count."""


@dataclass(frozen=True, slots=True)
class CheckMarks:
    """One check: its points (None: a person gives them), and why some are missing.

    ``messages`` holds for each visible case that failed the last line of its error; a hidden
    case says only that it failed.
    """

    id: str
    points: float | None
    max: float
    manual: bool = False
    messages: tuple[str, ...] = ()
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        row: dict[str, Any] = {"id": self.id, "points": self.points, "max": self.max}
        if self.manual:
            row["manual"] = True
        if self.messages:
            row["messages"] = list(self.messages)
        return row


@dataclass(frozen=True, slots=True)
class CellReport:
    """What a cell of the submission said when it ran: for the page of feedback."""

    cell: str
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class GradedNotebook:
    """The marks of one submitted notebook."""

    file: str
    verdict: Verdict
    checks: tuple[CheckMarks, ...] = ()
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    detail: str = ""
    mode: Mode = Mode.COUNTED
    max: float = 0.0
    cells: tuple[CellReport, ...] = field(default_factory=tuple)
    cpu_seconds: float = 0.0
    tier: str = ""

    @property
    def total(self) -> float | None:
        """The points that were given by machine; None when nothing was graded."""
        if self.verdict is not Verdict.GRADED:
            return None
        return round(sum(check.points or 0.0 for check in self.checks), 6)

    @property
    def counts(self) -> bool:
        """Whether the attempt may be charged."""
        return self.verdict is not Verdict.PLATFORM and self.reason not in NO_RUN

    def as_dict(self) -> dict[str, Any]:
        """As `bitgoeul grade` prints it."""
        row: dict[str, Any] = {
            "file": self.file,
            "checks": [check.as_dict() for check in self.checks],
            "total": self.total,
            "max": self.max,
            "faults": [fault.as_dict() for fault in self.faults],
            "verdict": self.verdict.value,
        }
        if self.reason:
            row |= {"reason": self.reason, "detail": self.detail}
        return row
