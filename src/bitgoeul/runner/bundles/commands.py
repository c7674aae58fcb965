"""Runs a bundle's command in a sandbox of its own, and reads back what it left as plain bytes."""

from __future__ import annotations

import base64
import binascii
import re
import select
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from ..inside import wire
from ..local import Runner, refusal
from ..request import Limits, Outcome, State, Task
from ..warm import Run, Unavailable
from .model import Files, Program

MIB = 2**20
SPACE = 512
RESULTS_BYTES = 32 * MIB
EXIT_MEMORY = 77
PASSED_ON_BYTES = 64 * MIB
NEVER_PASSED_ON = re.compile(r"(^|/)(scores\.(json|txt)|detailed_results\.html)$")
MISSING = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named '([\w.]+)'")
NOT_FOUND = re.compile(r"^(\S+): command not found$", re.MULTILINE)


@dataclass(frozen=True)
class Stage:
    """A command and the folders it finds under `/app`."""

    command: str
    folders: Mapping[str, Files]
    """By name below ``/app``: ``program``, ``input/ref`` …"""
    kind: str
    """``ingestion`` or ``scoring``, which some placeholders depend on."""
    outgoing: tuple[str, ...] = ()
    """Folders whose files go to the program beside it, while both run."""

    def words(self) -> list[str]:
        """The command's words with the documented places for Codalab's placeholders."""
        ingestion = self.kind == "ingestion"
        places = {
            "$ingestion_program": "/app/program",
            "$submission_program": "/app/ingested_program",
            "$predictions": "/app/output" if ingestion else "/app/input/res",
            "$program": "/app/program",
            "$hidden": "/app/input/ref",
            "$shared": "/app/shared",
            "$output": "/app/output",
            "$input": "/app/input_data" if ingestion else "/app/input",
            "$tmp": "/app/output",
            # Ours, for scorers that take one file by its name.
            "$result": "/app/input/res/" + next(iter(self.folders.get("input/res", {})), ""),
        }
        return [
            re.sub(r"\$\w+", lambda found: places.get(found[0], found[0]), word)
            for word in shlex.split(self.command)
        ]

    def task(self, limits: Limits) -> Task:
        """What the sandbox is asked to do."""
        app = {
            f"{folder}/{name}": content
            for folder, files in self.folders.items()
            for name, content in files.items()
        }
        facts = {
            "words": self.words(),
            "folders": ["program", "output", *self.folders],
            "results": "output",
            "outgoing": list(self.outgoing),
        }
        return Task("command", facts, app=app, limits=limits)


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it left."""

    outcome: Outcome
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    left_out: tuple[str, ...] = ()

    @property
    def missing_package(self) -> str:
        """The package that it asked for and that is not here."""
        found = MISSING.findall(self.outcome.stderr + "\n" + self.outcome.stdout)
        return found[-1].partition(".")[0] if found and not self.outcome.done else ""


def limits(*, seconds: float, memory_mb: int) -> Limits:
    """Limits for one command of a contest."""
    return Limits(
        wall_seconds=seconds,
        cpu_seconds=max(1, int(seconds * 2)),
        memory_mb=memory_mb,
        processes=128,
        disk_mb=SPACE,
        output_bytes=MIB,
        value_bytes=RESULTS_BYTES,
    )


def program(given: Program, *, kind: str, folders: Mapping[str, Files]) -> Stage:
    """The stage of an organiser's program."""
    return Stage(given.command, {"program": given.files, **folders}, kind)


def run(stage: Stage, *, runner: Runner, within: Limits) -> Ran:
    """Run one command to its end."""
    try:
        started = runner.begin(stage.task(within))
    except Unavailable as error:
        return Ran(refusal(error))
    try:
        said = started.hear(seconds=within.wall_seconds + 5)
    except (OSError, ValueError) as error:
        return _without_answer(started, error)
    return _with_answer(started.end(), said)


def run_together(first: Stage, second: Stage, *, runner: Runner, within: Limits) -> tuple[Ran, Ran]:
    """Run two commands at once, each in its own sandbox; files of shared folders are passed on.

    The first is the one with the submitted code: it is ended when the second, the scorer, ends.
    """
    begun: list[Run] = []
    try:
        for stage in (first, second):
            begun.append(runner.begin(stage.task(within)))
    except Unavailable as error:
        for one in begun:
            one.kill()
        return Ran(refusal(error)), Ran(refusal(error))
    return Together(begun[0], begun[1], within).until_the_end()


class Together:
    """Two runs that hear of each other's files from us, and from nobody else."""

    def __init__(self, first: Run, second: Run, within: Limits) -> None:
        self.runs = (first, second)
        self.said: list[Any] = [None, None]
        self.problem: list[Exception | None] = [None, None]
        self.open = {0, 1}
        self.left = PASSED_ON_BYTES
        self.deadline = time.monotonic() + within.wall_seconds + 5

    def until_the_end(self) -> tuple[Ran, Ran]:
        """Pass on until the scorer has ended."""
        while 1 in self.open and time.monotonic() < self.deadline:
            doors = {self.runs[number].talk.fileno(): number for number in self.open}
            for door in select.select(list(doors), [], [], 0.2)[0]:
                self._hear(doors[door])
        second = self._end(1)
        if 0 in self.open:  # it may have a last word to say, such as an error
            ready = select.select([self.runs[0].talk.fileno()], [], [], 0.5)[0]
            if ready:
                self._hear(0)
        return self._end(0), second

    def _hear(self, number: int) -> None:
        try:
            message = self.runs[number].hear(seconds=5)
        except (OSError, ValueError) as error:
            self.problem[number] = error
            self.open.discard(number)
            return
        if isinstance(message, dict) and "exit" in message:
            self.said[number] = message
            self.open.discard(number)
            return
        self._pass_on(message, to=1 - number)

    def _pass_on(self, message: Any, *, to: int) -> None:
        if to not in self.open:
            return
        files = _files(message) if isinstance(message, dict) else {}
        wanted = {
            name: content for name, content in files.items() if _may_pass(name, to_scorer=to == 1)
        }
        self.left -= sum(len(content) for content in wanted.values())
        if self.left < 0 or not wanted:
            return
        coded = {name: base64.b64encode(content).decode() for name, content in wanted.items()}
        try:
            self.runs[to].say({"files": coded})
        except OSError:
            return  # it has just ended; its own door says so next

    def _end(self, number: int) -> Ran:
        run_, said, problem = self.runs[number], self.said[number], self.problem[number]
        if said is not None:
            return _with_answer(run_.end(), said)
        if problem is not None:
            return _without_answer(run_, problem)
        ended = _late(run_.kill())
        if number == 0 and self.said[1] is not None and ended.state is State.TIME:
            # The scorer has seen enough and is done; the code's own end is none.
            ended = replace(ended, state=State.DONE, reason="")
        return Ran(ended)


def _may_pass(name: str, *, to_scorer: bool) -> bool:
    """Only what lies in the shared folder; to the scorer also results, but never scores."""
    if name.startswith("shared/"):
        return True
    return to_scorer and name.startswith("output/") and not NEVER_PASSED_ON.search(name)


def _late(outcome: Outcome) -> Outcome:
    if outcome.state in {State.REFUSED, State.PLATFORM, State.MEMORY, State.OUTPUT}:
        return outcome
    return replace(outcome, state=State.TIME, reason="time", detail="")


def _without_answer(started: Run, error: Exception) -> Ran:
    """It is gone, too late, or has said nothing that can be read."""
    if isinstance(error, TimeoutError):
        return Ran(_late(started.kill()))
    if isinstance(error, ValueError):
        ended = started.kill()
        return Ran(replace(ended, state=State.ERROR, reason="no_answer", detail=str(error)[:200]))
    ended = started.end()
    if ended.done:
        ended = replace(ended, state=State.ERROR, reason="no_answer", detail="")
    return Ran(ended)


def _with_answer(ended: Outcome, said: Any) -> Ran:
    if not isinstance(said, dict) or not isinstance(said.get("exit"), int):
        return Ran(replace(ended, state=State.ERROR, reason="no_answer", detail=""))
    if ended.state in {State.REFUSED, State.PLATFORM, State.TIME, State.MEMORY, State.OUTPUT}:
        return Ran(ended)
    left_out = said.get("left_out")
    names = tuple(str(name)[:200] for name in left_out) if isinstance(left_out, list) else ()
    return Ran(_ended(ended, said["exit"]), _files(said), names)


def _ended(outcome: Outcome, code: int) -> Outcome:
    """The run's outcome, with the command's own end in place of its keeper's."""
    if code == 0:
        return outcome
    last = _last_line(outcome.stderr) or _last_line(outcome.stdout)
    if code in {EXIT_MEMORY, -9}:
        state, detail = State.MEMORY, last
    elif code == -24:
        state, detail = State.TIME, ""
    elif code < 0:
        state, detail = State.CRASHED, f"signal {-code}"
    else:
        state, detail = State.ERROR, last or f"exit {code}"
    return replace(outcome, state=state, reason=state.value, detail=detail)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""


def _files(message: Mapping[str, Any]) -> dict[str, bytes]:
    """Files by relative names; what is no such thing is not there."""
    given = message.get("files")
    found: dict[str, bytes] = {}
    for name, content in given.items() if isinstance(given, dict) else ():
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\0" in name:
            continue
        try:
            found["/".join(parts)] = base64.b64decode(content, validate=True)
        except (TypeError, ValueError, binascii.Error):
            continue
    return found


def wire_limit() -> int:
    """How many bytes of files one command may be given: two thirds of a message."""
    return wire.REQUEST_BYTES * 2 // 3
