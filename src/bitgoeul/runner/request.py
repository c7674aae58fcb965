"""What is asked of a runner and what it answers: plain, frozen, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

MIB = 2**20


class Tier(StrEnum):
    """The walls around submitted code, the strongest first."""

    BUBBLEWRAP = "bubblewrap"
    """Namespaces of its own for files, processes, network, messages and users; seccomp; limits."""
    LANDLOCK = "landlock"
    """No namespaces: Landlock for files, network and signals; seccomp; limits."""


class State(StrEnum):
    """How a run ended.  Every run ends in exactly one of these."""

    DONE = "done"
    ERROR = "error"
    """The code raised, or ended with an exit code other than 0."""
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    """It wrote far more than is kept."""
    CRASHED = "crashed"
    """A signal ended it (a segmentation fault, say)."""
    REFUSED = "refused"
    """Not run: no wall stands here, or the request cannot be run.  The attempt does not count."""
    PLATFORM = "platform"
    """Our own fault.  The attempt does not count."""


NO_FAULT_OF_THE_CODE = frozenset({State.REFUSED, State.PLATFORM})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use.

    Parameters
    ----------
    wall_seconds, cpu_seconds : float, int
        Time on the clock, and of the processor.
    memory_mb : int
        Address space of each process beyond what the parent has imported, and memory of all of
        them together.
    processes : int
        How many processes and threads at once.
    disk_mb : int
        Size of each of its folders (home, ``/tmp``, ``/dev/shm``), which are forgotten after it.
    output_bytes : int
        How much of standard output, and how much of standard error, is kept.
    value_bytes : int
        How large one answer may be.
    """

    wall_seconds: float = 10.0
    cpu_seconds: int = 10
    memory_mb: int = 2048
    processes: int = 64
    disk_mb: int = 64
    output_bytes: int = 256 * 1024
    value_bytes: int = 8 * MIB

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value <= 0:
                raise ValueError(f"{name} must be above zero, not {value}")

    def as_dict(self) -> dict[str, Any]:
        """For the message to the sandbox."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done inside the walls.

    ``program`` names one of the programs that stand in the warmed parent
    (`bitgoeul.runner.inside`); ``facts`` is what it is told at its start, so nothing that the
    submitted code must not see may be in it; ``files`` lie in its folder by their relative names,
    ``app`` under ``/app``, where contests' programs look for theirs. Behind Landlock there is no
    such place, and they lie in ``app`` of its folder.
    """

    program: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    app: Mapping[str, bytes] | None = None

    def __post_init__(self) -> None:
        for name in (*self.files, *(self.app or ())):
            parts = PurePosixPath(name).parts
            if not parts or name.startswith("/") or ".." in parts or "\0" in name:
                raise ValueError(f"not a relative file name: {name!r}")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run took: its own time on the clock, its processor time, its largest memory."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended and what it said.

    ``reason`` is a code in the words of `bitgoeul.runner.reasons` (it speaks no language);
    ``detail`` is what belongs to it, such as the last line of a traceback.  ``value`` is plain
    data, decoded from JSON and npy, never from pickle.
    """

    state: State
    reason: str = ""
    detail: str = ""
    value: Any = None
    stdout: str = ""
    stderr: str = ""
    truncated: bool = False
    usage: Usage = field(default_factory=Usage)
    tier: Tier | None = None

    @property
    def done(self) -> bool:
        """Whether the code ended by itself and without an error."""
        return self.state is State.DONE

    @property
    def counts(self) -> bool:
        """Whether it was the code's own doing: else the attempt must not be charged."""
        return self.state not in NO_FAULT_OF_THE_CODE
