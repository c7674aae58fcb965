"""What the product calls: run a text, call functions one input at a time, run a scorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .inside import values
from .local import Runner, refusal
from .request import Limits, Outcome, State, Task
from .warm import Run, Unavailable

MOST_RESTARTS = 3
NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a function: plain values only."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function said to one input.

    ``state`` is ``DONE`` with a ``value``, ``ERROR`` with what was raised in ``reason`` (the name
    of the exception) and ``detail`` (the last line of its traceback), or why there is no answer.
    """

    state: State
    value: Any = None
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Calls:
    """The answers to all inputs, in their order, and how the run as a whole ended."""

    answers: tuple[Answer, ...]
    outcome: Outcome


def run_code(
    source: str,
    *,
    runner: Runner,
    files: Mapping[str, bytes] | None = None,
    answer: str = "",
    limits: Limits | None = None,
) -> Outcome:
    """Run a Python text as a main program.

    Parameters
    ----------
    source : str
        The submitted text.
    runner : Runner
        Where it runs.
    files : mapping of str to bytes, optional
        Files in its folder, by relative name.
    answer : str
        Name of the variable whose value is the outcome's ``value``.
    limits : Limits, optional

    Returns
    -------
    Outcome
        Also when nothing runs here: then its state is ``REFUSED``.
    """
    task = Task("code", {"source": source, "answer": answer}, files or {}, limits or Limits())
    try:
        run = runner.begin(task)
    except Unavailable as error:
        return refusal(error)
    if not answer:
        return run.end()
    try:
        given = _answer(run.hear(seconds=task.limits.wall_seconds + 1))
    except OSError:
        given = Answer(State.ERROR, reason=NO_ANSWER)
    except ValueError as error:
        return _no_answer(run, error)
    ended = run.end(value=given.value)
    if given.state is State.DONE or not ended.done:
        return ended
    return _with_fault(ended, given)


def call_function(
    source: str,
    function: str,
    inputs: Sequence[Input],
    *,
    runner: Runner,
    files: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
    seconds_each: float = 2.0,
) -> Calls:
    """Run a Python text once and call one of its functions with each input, one at a time.

    The text sees an input only when it is called with it, and never an expected answer: compare
    the answers in your own process (`same`).  A call that takes longer than ``seconds_each`` is
    ended; the text is then started afresh for the inputs after it, a few times at most.
    """
    limits = limits or Limits()
    task = Task("calls", {"source": source}, files or {}, limits)
    answers: list[Answer] = []
    outcome = Outcome(State.DONE)
    for _ in range(MOST_RESTARTS + 1):
        try:
            run = runner.begin(task)
        except Unavailable as error:
            outcome = refusal(error)
            break
        before = len(answers)
        outcome = _call_each(run, function, inputs[before:], answers, seconds_each)
        if len(answers) >= len(inputs) or len(answers) == before:
            break
    reason = outcome.reason or NO_ANSWER
    missing = Answer(_unanswered(outcome), reason=reason, detail=outcome.detail)
    answers += [missing] * (len(inputs) - len(answers))
    return Calls(tuple(answers), outcome)


def run_scorer(
    source: str,
    *,
    runner: Runner,
    files: Mapping[str, bytes],
    limits: Limits | None = None,
) -> Outcome:
    """Run an organiser's own scorer: a text with ``def score() -> dict`` beside its files.

    It runs in a sandbox of its own, after the submitted code's is gone, and may read the
    reference among its ``files``.  The outcome's ``value`` is what ``score`` returned.
    """
    limits = limits or Limits()
    called = call_function(
        source, "score", [Input()], runner=runner, files=files, limits=limits,
        seconds_each=limits.wall_seconds,
    )  # fmt: skip
    answer = called.answers[0]
    if answer.state is State.DONE:
        return _replaced(called.outcome, value=answer.value)
    return _with_fault(called.outcome, answer)


def _call_each(
    run: Run, function: str, inputs: Sequence[Input], answers: list[Answer], seconds: float
) -> Outcome:
    """Ask until all is answered or the code is gone; what it went away at has an answer, too."""
    ready = False
    try:
        run.hear(seconds=run.task.limits.wall_seconds + 1)
        ready = True
        for given in inputs:
            question = {
                "function": function,
                "args": values.encode(list(given.args)),
                "kwargs": values.encode(dict(given.kwargs)),
            }
            answers.append(_answer(run.ask(question, seconds=seconds)))
        return run.end()
    except TimeoutError:
        ended = _replaced(run.kill(), state=State.TIME, reason="time", detail=f"{seconds:g} s")
    except ValueError as error:
        ended = _no_answer(run, error)
    except OSError:
        ended = run.end()
    if ready:
        reason = ended.reason or NO_ANSWER
        answers.append(Answer(_unanswered(ended), reason=reason, detail=ended.detail))
    return ended


def _no_answer(run: Run, error: ValueError) -> Outcome:
    """What came is too large, or nothing that can be read: the code's own doing."""
    ended = run.kill()
    return _replaced(ended, state=State.ERROR, reason=NO_ANSWER, detail=str(error)[:200])


def _unanswered(outcome: Outcome) -> State:
    return State.ERROR if outcome.done else outcome.state


def _answer(said: Any) -> Answer:
    """The submitted side's message, believed no further than its form goes."""
    if not isinstance(said, dict) or not {"raised", "value"} & said.keys():
        return Answer(State.ERROR, reason=NO_ANSWER)
    if "raised" in said:
        detail = str(said.get("detail", ""))[:500]
        return Answer(State.ERROR, reason=str(said["raised"])[:100], detail=detail)
    try:
        return Answer(State.DONE, value=values.decode(said["value"]))
    except Exception as error:  # noqa: BLE001 -- a forged message may break any decoder
        return Answer(State.ERROR, reason="NotPlain", detail=str(error)[:200])


def _with_fault(outcome: Outcome, answer: Answer) -> Outcome:
    if not outcome.done:
        return outcome
    return _replaced(outcome, state=State.ERROR, reason=answer.reason, detail=answer.detail)


def _replaced(outcome: Outcome, **changes: Any) -> Outcome:
    return replace(outcome, **changes)
