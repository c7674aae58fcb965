"""Grading one notebook: the conversation between the sandboxes, held by the trusted process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..inside import wire
from ..local import Runner
from ..request import Limits, State, Task
from ..warm import Run, Unavailable
from .aligning import Aligned, Fault, Step, align
from .marks import CellReport, CheckMarks, GradedNotebook, Mode, Verdict
from .parts import Check, Source, groundwork
from .reading import NotebookError, read

LIMITS = Limits(wall_seconds=60, cpu_seconds=60, memory_mb=2048)
CELL_SECONDS, CHECK_SECONDS = 10.0, 10.0
GRACE = 2.0
CASE_TEXT = 300


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that one cell, and one check, may take."""

    cell: float = CELL_SECONDS
    check: float = CHECK_SECONDS


def grade_notebook(
    source: Source,
    submitted: bytes,
    *,
    runner: Runner,
    mode: Mode = Mode.COUNTED,
    file: str = "",
    files: Mapping[str, bytes] | None = None,
    limits: Limits = LIMITS,
    patience: Patience | None = None,
) -> GradedNotebook:
    """Grade one submitted notebook against its source.

    It always comes back: a notebook that cannot be graded is refused with a reason, a cell that
    never ends is ended and named, and the rest is graded.

    Parameters
    ----------
    source : Source
        From `read_source`; one for a whole batch.
    submitted : bytes
        The file that was handed in.
    mode : Mode
        ``COUNTED``: tests run in a sandbox of their own and ask the submission for values;
        neither tests nor expected answers are ever in the submission's.  ``PRACTICE``: everything
        in one interpreter.
    file : str
        Name for the marks.
    files : mapping of str to bytes, optional
        Data beside the notebook.
    """
    shell = GradedNotebook(file, Verdict.REFUSED, mode=mode, max=source.max)
    try:
        aligned = align(source, read(submitted))
    except NotebookError as error:
        fault = Fault(error.code, error.cell, error.value)
        return _refused(shell, error.code, error.value, (fault,))
    grader = _Grader(source, aligned, runner, limits, dict(files or {}), patience or Patience())
    try:
        if mode is Mode.PRACTICE:
            grader.practise()
        else:
            grader.count()
    except Unavailable as error:
        return _refused(shell, error.reason, str(error)[:300], aligned.faults)
    return grader.marks(shell)


def _refused(
    shell: GradedNotebook, reason: str, detail: str, faults: tuple[Fault, ...]
) -> GradedNotebook:
    return GradedNotebook(
        shell.file, Verdict.REFUSED, (), faults, reason, detail, shell.mode, shell.max
    )


@dataclass
class _Grader:
    source: Source
    aligned: Aligned
    runner: Runner
    limits: Limits
    files: dict[str, bytes]
    patience: Patience
    cases: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cells: list[CellReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ends: list[tuple[State, str]] = field(default_factory=list)
    cpu: float = 0.0
    tier: str = ""

    # -- practice

    def practise(self) -> None:
        """Everything in one sandbox, told step by step so that a hard end loses only the rest."""
        steps = [self._step(step) for step in self.aligned.steps]
        wanted = [step for step in steps if step]
        facts: dict[str, Any] = {"steps": wanted, **self._seconds()}
        run = self.runner.begin(Task("practice", facts, self.files, self.limits))
        try:
            for _ in wanted:
                self._hear(run.hear(seconds=self.limits.wall_seconds + GRACE))
        except ValueError as error:
            self.faults.append(Fault("forged", detail=str(error)[:CASE_TEXT]))
            self._ended(run, kill=True)
            return
        except OSError:
            pass  # the end of the run says why
        self._ended(run, kill=False)

    def _step(self, step: Step) -> dict[str, Any] | None:
        if not step.check:
            return {"cell": step.cell, "source": step.source}
        check = self._check(step.check)
        if check is None or check.manual:
            return None
        return {"check": check.id, "cases": _case_facts(check)}

    def _hear(self, said: Any) -> None:
        if not isinstance(said, dict):
            raise wire.Malformed("not a step")
        if "check" in said:
            self.cases[str(said["check"])] = _believed(said.get("cases"))
        else:
            self._heard_cell(said)

    # -- counted

    def count(self) -> None:
        """Two sandboxes; this process stands between them and believes neither."""
        facts = {**self._seconds(), "call_seconds": self.patience.check}
        theirs = self.runner.begin(Task("answering", facts, self.files, self.limits))
        ours: Run | None = None
        try:
            ours = self._begin_checking()
            dialogue = _Dialogue(theirs, ours, self.patience)
            for batch in _batches(self.aligned.steps):
                if batch[0].check:
                    self._make_check(batch[0].check, dialogue)
                else:
                    for report in dialogue.run_cells(batch):
                        self._heard_cell(report)
        finally:
            self._ended(theirs, kill=True)
            if ours is not None:
                self.cpu += ours.kill().usage.cpu_seconds

    def _begin_checking(self) -> Run:
        facts = {
            # A call of the submission is cut short by its own side first.
            "check_seconds": self.patience.check * 1.5 + 0.5,
            "groundwork": groundwork(self.source),
            "theirs": sorted(self.source.solution_names),
        }
        run = self.runner.begin(Task("checking", facts, self.files, self.limits))
        run.hear(seconds=self.limits.wall_seconds)
        return run

    def _make_check(self, name: str, dialogue: _Dialogue) -> None:
        check = self._check(name)
        if check is None or check.manual:
            return
        said = dialogue.make_check(_case_facts(check))
        self.cases[name] = said

    # -- both

    def _check(self, name: str) -> Check | None:
        return next((check for check in self.source.checks if check.id == name), None)

    def _seconds(self) -> dict[str, float]:
        return {"cell_seconds": self.patience.cell, "check_seconds": self.patience.check}

    def _heard_cell(self, said: dict[str, Any]) -> None:
        cell = str(said.get("cell", ""))[:100]
        error = str(said.get("error", ""))[:CASE_TEXT]
        self.cells.append(CellReport(cell, str(said.get("text", ""))[:10_000], error))
        if said.get("overtime"):
            self.faults.append(Fault("endless_loop", cell))
        if said.get("huge"):
            self.faults.append(Fault("huge_output", cell))

    def _ended(self, run: Run, *, kill: bool) -> None:
        outcome = run.kill() if kill else run.end()
        self.cpu += outcome.usage.cpu_seconds
        self.tier = outcome.tier.value if outcome.tier else ""
        if outcome.state is not State.DONE and outcome.detail != "abandoned":
            self.ends.append((outcome.state, outcome.detail))

    def marks(self, shell: GradedNotebook) -> GradedNotebook:
        """What it comes to."""
        for state, detail in self.ends:
            if state is State.PLATFORM:
                return GradedNotebook(
                    shell.file, Verdict.PLATFORM, (), self.aligned.faults, "platform", detail,
                    shell.mode, shell.max,
                )  # fmt: skip
            self.faults.append(Fault(_END_FAULTS.get(state, state.value), detail=detail))
        checks = tuple(self._marks_of(check) for check in self.source.checks)
        return GradedNotebook(
            shell.file, Verdict.GRADED, checks, (*self.aligned.faults, *self.faults),
            mode=shell.mode, max=shell.max, cells=tuple(self.cells), cpu_seconds=self.cpu,
            tier=self.tier,
        )  # fmt: skip

    def _marks_of(self, check: Check) -> CheckMarks:
        if check.manual:
            answer = self.aligned.answers.get(check.id)
            points = 0.0 if answer is None else None
            return CheckMarks(check.id, points, check.max, manual=True, answer=answer or "")
        said = self.cases.get(check.id, [])
        missing: dict[str, Any] = {"points": 0.0, "why": "not_reached"}
        earned, messages = 0.0, []
        for place, case in enumerate(check.cases):
            one = said[place] if place < len(said) else missing
            points = min(case.points, max(0.0, float(one["points"])))
            earned += points
            if points < case.points:
                messages.append("hidden" if case.hidden else str(one["why"])[:CASE_TEXT])
        if check.all_or_nothing and messages:
            earned = 0.0
        return CheckMarks(check.id, round(earned, 6), check.max, messages=tuple(messages))


_END_FAULTS = {State.TIME: "time", State.MEMORY: "memory", State.OUTPUT: "huge_output"}


def _case_facts(check: Check) -> list[dict[str, Any]]:
    return [
        {
            "source": case.source,
            "points": case.points,
            "expected": case.expected,
            "partial": case.partial,
        }
        for case in check.cases
    ]


def _believed(said: Any) -> list[dict[str, Any]]:
    """The cases of a check, in form at least."""
    if not isinstance(said, list):
        raise wire.Malformed("not cases")
    return [
        {"points": float(case.get("points", 0)), "why": str(case.get("why", ""))}
        for case in said
        if isinstance(case, dict)
    ]


def _batches(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Each check alone, the cells between two checks together."""
    made: list[list[Step]] = []
    for step in steps:
        if step.check or not made or made[-1][0].check:
            made.append([step])
        else:
            made[-1].append(step)
    return made


class _Dialogue:
    """Passes questions and answers between the tests and the submission."""

    def __init__(self, theirs: Run, ours: Run, patience: Patience) -> None:
        self.theirs = theirs
        self.ours = ours
        self.patience = patience
        self.gone = ""

    def run_cells(self, steps: list[Step]) -> list[dict[str, Any]]:
        """Let the submission run some of its cells."""
        if self.gone:
            return []
        cells = [[step.cell, step.source] for step in steps]
        said = self._ask_them({"cells": cells}, self.patience.cell * len(cells) + GRACE)
        ran = said.get("ran")
        return [row for row in ran if isinstance(row, dict)] if isinstance(ran, list) else []

    def make_check(self, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Let the tests of one check ask what they want to know."""
        deadline = time.monotonic() + (self.patience.check * 1.5 + 0.5) * len(cases) + GRACE
        try:
            said = self.ours.ask({"cases": cases}, seconds=deadline - time.monotonic())
            while "checked" not in said:
                answer = self._pass_on(said, deadline)
                left = max(0.1, deadline - time.monotonic())
                said = self.ours.ask(answer, seconds=left)
        except (OSError, ValueError):
            # The tests themselves do not come to an end, or died: nothing more is checked.
            self.gone = self.gone or "time"
            return [{"points": 0.0, "why": self.gone}] * len(cases)
        return _believed(said["checked"])

    def _pass_on(self, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        if self.gone:
            return {"gone": self.gone, "n": question.get("n")}
        left = max(0.1, deadline - time.monotonic())
        said = self._ask_them(question, min(left, self.patience.check + GRACE))
        return {"gone": self.gone, "n": question.get("n")} if self.gone else said

    def _ask_them(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            said = self.theirs.ask(message, seconds=seconds)
            while "cells" in message and isinstance(said, dict) and "callback" in said:
                # A function that a test lent is only there while that test runs.
                said = self.theirs.ask({"raised": "not while cells run"}, seconds=seconds)
        except TimeoutError:
            self.gone = "time"
            return {}
        except (OSError, ValueError):
            self.gone = "gone"
            return {}
        if not isinstance(said, dict):
            self.gone = "forged"
            return {}
        return said
