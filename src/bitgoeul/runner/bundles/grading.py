"""One submission through one task of a bundle: ingestion, scoring, and a verdict in the end.

Ingestion holds the submitted code and never sees the reference data; scoring holds the
reference data and runs in a sandbox of its own, because the organiser's program is not trusted,
either.  Between the two there are plain files and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from ..local import Runner
from ..request import NO_FAULT_OF_THE_CODE, Limits, Outcome, State
from . import boards, commands, packages
from .commands import Ran, Stage
from .model import Bundle, BundleTask, Files, Program
from .problems import BundleError, SubmissionError
from .submissions import Handed, Kind, read_submission

DEFAULT_MEMORY_MB = 2048
SHOWN = 20_000
UNREAD = re.compile(r"/app/input/res/?([^'\"]*)")


class BundleVerdict(StrEnum):
    """How it ended, and whose doing it was."""

    SCORED = "scored"
    FORMAT = "format"
    """What was handed in is not what the contest takes."""
    TIME = "time"
    MEMORY = "memory"
    RUNTIME = "runtime"
    """The submitted code ended with an error."""
    SCORER = "scorer"
    """The organiser's scoring program failed: the attempt does not count."""
    PLATFORM = "platform"
    """Our own fault, or something that is not here: the attempt does not count."""


NOT_CHARGED = {BundleVerdict.SCORER, BundleVerdict.PLATFORM}


@dataclass(frozen=True)
class BundleResult:
    """What became of a submission in a task."""

    task: int
    verdict: BundleVerdict
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """By column of the bundle's leaderboards; None where the scorer gave no finite number."""
    unlisted: Mapping[str, float | None] = field(default_factory=dict)
    """What the scorer wrote besides."""
    reason: str = ""
    detail: str = ""
    member: str = ""
    seconds: float = 0.0
    kind: str = ""
    ingestion: Outcome | None = None
    scoring: Outcome | None = None
    report: str = field(default="", repr=False)
    """The scorer's `detailed_results.html`, not to be shown without a sandbox of its own."""

    @property
    def counts(self) -> bool:
        """Whether the attempt may be charged."""
        return self.verdict not in NOT_CHARGED

    def as_dict(self) -> dict[str, Any]:
        """As the command prints it."""
        row: dict[str, Any] = {
            "task": self.task,
            "scores": dict(self.scores),
            "verdict": self.verdict.value,
            "seconds": round(self.seconds, 3),
        }
        for name in ("unlisted", "reason", "detail", "member", "kind"):
            if getattr(self, name):
                value = getattr(self, name)
                row[name] = dict(value) if name == "unlisted" else value
        return row


def run_submission(
    bundle: Bundle,
    task: int,
    content: bytes,
    *,
    name: str = "submission.zip",
    runner: Runner,
    kind: Kind | None = None,
    seconds: float | None = None,
    memory_mb: int = DEFAULT_MEMORY_MB,
) -> BundleResult:
    """Run one submission through one task, to a verdict.

    Parameters
    ----------
    task : int
        The task's place among the bundle's tasks, from 0.
    kind : Kind, optional
        Results or code; found out by default.
    seconds : float, optional
        Less time than the bundle's limit for each of its programs.

    Raises
    ------
    BundleError
        When the bundle has no such task.
    """
    if not 0 <= task < len(bundle.tasks):
        raise BundleError("task_unknown", value=task)
    given = bundle.tasks[task]
    most = float(bundle.seconds_of(given.index))
    within = commands.limits(seconds=min(most, seconds or most), memory_mb=memory_mb)
    only = bundle.results_only(given.index)
    try:
        handed = read_submission(content, name=name, task=given, kind=kind, results_only=only)
    except SubmissionError as error:
        return _refused(task, error)
    result = Grading(bundle, given, handed, runner, within).result()
    return replace(result, task=task, kind=handed.kind.value)


def _refused(task: int, error: SubmissionError) -> BundleResult:
    return BundleResult(
        task, BundleVerdict.FORMAT, reason=error.code, detail=error.value, member=error.member
    )


@dataclass(frozen=True)
class Grading:
    """The steps for one submission."""

    bundle: Bundle
    task: BundleTask
    handed: Handed
    runner: Runner
    within: Limits

    def result(self) -> BundleResult:
        """Its result."""
        if self.handed.kind is Kind.RESULTS:
            return self._score(self.handed.files)
        if self.task.ingestion is not None and self.task.ingestion_during_scoring:
            return self._together(self.task.ingestion)
        ran = commands.run(self._ingestion(), runner=self.runner, within=self.within)
        if not ran.outcome.done:
            return self._not_run(ran)
        return self._score(ran.files, ingested=ran)

    def _ingestion(self) -> Stage:
        ingestion = self.task.ingestion
        if ingestion is None:  # the submission brings its own command
            folders = {"program": self.handed.files, "input_data": self.task.data}
            return Stage(self.handed.command, folders, "ingestion")
        folders = {"ingested_program": self.handed.files, "input_data": self.task.data}
        return commands.program(ingestion, kind="ingestion", folders=folders)

    def _scoring(self, results: Files) -> Stage:
        folders = {"input/ref": self.task.reference, "input/res": results}
        return commands.program(self.task.scoring, kind="scoring", folders=folders)

    def _score(self, results: Files, *, ingested: Ran | None = None) -> BundleResult:
        ran = commands.run(self._scoring(results), runner=self.runner, within=self.within)
        return self._scored(ran, ingested)

    def _together(self, ingestion: Program) -> BundleResult:
        """Both at once: they speak through `/app/shared`, and the scorer reads the output."""
        folders = {
            "ingested_program": self.handed.files,
            "input_data": self.task.data,
            "input/res": self.handed.files,
            "shared": {},
        }
        first = commands.program(ingestion, kind="ingestion", folders=folders)
        second = self._scoring(self.handed.files)
        beside = {**second.folders, "input_data": self.task.data, "shared": {}}
        ingested, scored = commands.run_together(
            replace(first, outgoing=("shared", "output")),
            replace(second, folders=beside, outgoing=("shared",)),
            runner=self.runner,
            within=self.within,
        )
        if not scored.outcome.done and not ingested.outcome.done:
            # The scorer waits for the code: the code's own end explains both.
            return self._not_run(ingested)
        return self._scored(scored, ingested)

    def _not_run(self, ran: Ran) -> BundleResult:
        ended = ran.outcome
        verdict, reason, detail = BundleVerdict.RUNTIME, ended.reason, ended.detail
        if ended.state in NO_FAULT_OF_THE_CODE:
            verdict = BundleVerdict.PLATFORM
        elif ended.state is State.TIME:
            verdict, detail = BundleVerdict.TIME, f"{self.within.wall_seconds:g}"
        elif ended.state is State.MEMORY:
            verdict, detail = BundleVerdict.MEMORY, f"{self.within.memory_mb}"
        elif package := ran.missing_package:
            reason, detail = "package_missing", package
            if package in packages.BROUGHT:
                verdict, reason = BundleVerdict.FORMAT, "module_missing"
            elif package in packages.imported(
                self.task.ingestion.files if self.task.ingestion else {}
            ):
                verdict = BundleVerdict.PLATFORM
        return BundleResult(
            self.task.index, verdict, reason=reason, detail=detail,
            seconds=ended.usage.wall_seconds, ingestion=ended,
        )  # fmt: skip

    def _scored(self, ran: Ran, ingested: Ran | None) -> BundleResult:
        ended = ran.outcome
        before = ingested.outcome if ingested is not None else None
        result = BundleResult(
            self.task.index,
            BundleVerdict.SCORER,
            seconds=ended.usage.wall_seconds + (before.usage.wall_seconds if before else 0.0),
            ingestion=before,
            scoring=ended,
            report=ran.files.get("detailed_results.html", b"").decode("utf-8", "replace"),
        )
        if not ended.done:
            return self._scorer_failed(result, ran)
        try:
            written = boards.read_scores(ran.files)
        except BundleError as error:
            return replace(result, reason=error.code, detail=error.value, member=error.member)
        shown = boards.on_boards(self.bundle.boards_of(self.task.index), written)
        unlisted = {key: value for key, value in written.items() if key not in shown}
        if all(value is None for value in shown.values()):
            expected = ", ".join(list(shown)[:5])
            return replace(result, scores=shown, unlisted=unlisted, reason="no_column",
                           detail=expected)  # fmt: skip
        return replace(result, verdict=BundleVerdict.SCORED, scores=shown, unlisted=unlisted)

    def _scorer_failed(self, result: BundleResult, ran: Ran) -> BundleResult:
        ended = ran.outcome
        reason, detail = f"scorer_{ended.reason}", ended.detail
        if ended.state in NO_FAULT_OF_THE_CODE:
            return replace(
                result, verdict=BundleVerdict.PLATFORM, reason=ended.reason, detail=detail
            )
        if package := ran.missing_package:
            return replace(
                result, verdict=BundleVerdict.PLATFORM, reason="package_missing", detail=package
            )
        if "FileNotFoundError" in ended.stderr and (unread := UNREAD.findall(detail)):
            # The scorer did not find what it was to be given: that is the submission's form.
            return replace(
                result, verdict=BundleVerdict.FORMAT, reason="result_missing", detail=unread[-1]
            )
        return replace(result, reason=reason, detail=detail)
