"""Submitted code is graded: hidden inputs go into the sandbox one at a time, answers come out.

Expected answers never enter. Visible examples run on their own, so that what the code writes can
be shown to its owner without showing what it was given by the hidden ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from bitgoeul import runner
from bitgoeul.apps.labs.enums import Failure
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.queries.feedback import LONGEST, CheckResult
from bitgoeul.apps.labs.queries.specs import Check, FunctionSpec

FUNCTION_GRADER, NOTEBOOK_GRADER = "function-1", "notebook-1"
_SECONDS_EACH = 3.0
_MOST_OUTPUT = 20_000
_STATES = {
    runner.State.TIME: "time",
    runner.State.MEMORY: "memory",
    runner.State.OUTPUT: "output",
    runner.State.CRASHED: "crashed",
}


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What grading came to: results of all checks, or why nothing was graded."""

    checks: tuple[CheckResult, ...] = ()
    output: str = ""
    found: tuple[faults.Fault, ...] = ()
    refused: bool = False
    failure: str = ""

    @property
    def points(self) -> float:
        """The sum of what was earned."""
        return sum(check["points"] for check in self.checks)


@cache
def here() -> runner.Runner:
    """Return where submitted code runs: one warmed parent for all jobs of this installation."""
    return runner.LocalRunner(folder=settings.BITGOEUL.data_dir / "runner")


def grade_function(source: str, spec: FunctionSpec, lab: Lab) -> Graded:
    """Run a text against all checks of a lab."""
    shown = [check for check in spec.checks if check.visible]
    hidden = [check for check in spec.checks if not check.visible]
    found: dict[str, CheckResult] = {}
    output = ""
    for checks in filter(None, (shown, hidden)):
        calls = _called(source, spec.function, checks, lab)
        if not calls.outcome.counts:
            return not_graded(calls.outcome.reason)
        if checks is shown or not shown:
            output = _output(calls.outcome, with_text=checks is shown)
        for check, answer in zip(checks, calls.answers, strict=True):
            found[check.key] = _result(check, answer)
    return Graded(checks=tuple(found[check.key] for check in spec.checks), output=output)


def grade_notebook(
    content: bytes,
    source: bytes,
    files: Mapping[str, bytes],
    lab: Lab,
    mode: runner.Mode = runner.Mode.COUNTED,
) -> Graded:
    """Grade a notebook against its source: tests on a side of their own, values compared here.

    In practice only the visible tests run, beside the notebook itself; what comes of it is for
    its owner and counts nothing.
    """
    try:
        asked = runner.read_source(source)
        if mode is runner.Mode.PRACTICE:
            asked = runner.visible(asked)
    except runner.NotebookError:
        return Graded(failure=Failure.SOURCE)
    found = runner.grade_notebook(
        asked,
        content,
        runner=here(),
        mode=mode,
        files=files,
        limits=runner.Limits(
            wall_seconds=float(lab.seconds), cpu_seconds=lab.seconds, memory_mb=lab.memory_mb
        ),
    )
    if not found.counts:
        return not_graded(found.reason)
    faults_found = tuple(faults.of_notebook(one.code, one.cell, one.detail) for one in found.faults)
    if found.verdict is runner.Verdict.REFUSED:
        return Graded(refused=True, found=faults_found)
    cells = [_cell_said(cell) for cell in found.cells]
    return Graded(
        checks=tuple(_notebook_result(check) for check in found.checks),
        output="\n\n".join(filter(None, cells)).replace("\x00", "")[:_MOST_OUTPUT],
        found=faults_found,
    )


def _cell_said(cell: runner.CellReport) -> str:
    """What a cell wrote, under its name; nothing of a quiet one, nor the clock's own error."""
    error = "" if cell.error == "Overtime" else cell.error
    said = f"{cell.text}\n{error}".strip()
    return f"[{cell.cell}]\n{said}" if said else ""


def _notebook_result(check: runner.CheckMarks) -> CheckResult:
    points = check.points or 0.0
    code = "manual" if check.manual else "ok" if points >= check.max else "notebook"
    return CheckResult(
        key=check.id,
        title_ko=check.id,
        title_en="",
        points=points,
        of=check.max,
        code=code,
        value="\n".join(check.messages).replace("\x00", "")[:LONGEST],
        hidden=False,
    )


def _called(source: str, function: str, checks: Sequence[Check], lab: Lab) -> runner.Calls:
    return runner.call_function(
        source,
        function,
        [runner.Input(check.args, check.kwargs) for check in checks],
        runner=here(),
        limits=runner.Limits(
            wall_seconds=float(lab.seconds), cpu_seconds=lab.seconds, memory_mb=lab.memory_mb
        ),
        seconds_each=min(_SECONDS_EACH, float(lab.seconds)),
    )


def not_graded(reason: str) -> Graded:
    """Return what a run that was none came to; each of the runner's reasons has its own words."""
    known = reason in runner.reasons.NO_RUN
    return Graded(failure=Failure(reason) if known else Failure.PLATFORM)


def _output(outcome: runner.Outcome, *, with_text: bool) -> str:
    """What the code wrote; of a run on hidden inputs only how it ended, for it may quote them."""
    if not with_text:
        return ""
    parts = [part.strip() for part in (outcome.stdout, outcome.stderr) if part.strip()]
    return "\n".join(parts).replace("\x00", "")[:_MOST_OUTPUT]


def _result(check: Check, answer: runner.Answer) -> CheckResult:
    code, value = _verdict(check, answer)
    return CheckResult(
        key=check.key,
        title_ko=check.title_ko,
        title_en=check.title_en,
        points=check.points if code == "ok" else 0.0,
        of=check.points,
        code=code,
        value=value.replace("\x00", "")[:LONGEST],
        hidden=not check.visible,
    )


def _verdict(check: Check, answer: runner.Answer) -> tuple[str, str]:
    if answer.state is runner.State.DONE:
        value = as_json_has_it(answer.value)
        right = runner.same(value, check.expected, relative=check.tolerance)
        return ("ok", "") if right else ("different", repr(value))
    if answer.state is not runner.State.ERROR:
        return _STATES.get(answer.state, "crashed"), answer.detail
    if answer.reason == "NotPlain":
        return "not_plain", answer.detail
    if answer.reason == "no_answer":
        return "no_answer", ""
    return "raised", answer.detail or answer.reason


def as_json_has_it(value: Any) -> Any:
    """Return an answer in the types of JSON, in which the expected one is written.

    A tuple is a list there, and so are an array and a column; whole numbers stay whole.
    """
    family = type(value).__module__.partition(".")[0]
    if family == "pandas":
        found = value.to_dict("list") if hasattr(value, "columns") else value.tolist()
        return as_json_has_it(found)
    if family == "numpy":
        return as_json_has_it(value.tolist())
    if isinstance(value, list | tuple):
        return [as_json_has_it(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((as_json_has_it(one) for one in value), key=repr)
    if isinstance(value, dict):
        return {str(key): as_json_has_it(one) for key, one in value.items()}
    return value
