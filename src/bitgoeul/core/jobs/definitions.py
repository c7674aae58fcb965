"""What a task author writes with: the decorator, Commit, Refused, Progress."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.utils.functional import Promise
from django_tasks.base import DEFAULT_TASK_BACKEND_ALIAS, Task
from typing_extensions import ParamSpec

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_TIMEOUT_SECONDS = 600
DEFAULT_MEMORY_MB = 2048
DEFAULT_RETRIES = 2
DEFAULT_QUEUE = "default"
CODE = "code"
"""The queue of work that runs submitted code: a machine may take nothing else, or all but it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTask(Task[P, T]):
    """A `django_tasks` Task with the limits its child process runs under."""

    title: "str | Promise" = ""
    """What the task does, in the words that people read beside its progress."""

    timeout: int = DEFAULT_TIMEOUT_SECONDS
    """Seconds of wall time after which the child is killed and the job has failed."""

    memory_mb: int = DEFAULT_MEMORY_MB
    """Address space the child may add to what the worker has, in MiB."""

    retries: int = DEFAULT_RETRIES
    """How often an unexpected exception is tried again, later each time."""

    queue: str = DEFAULT_QUEUE
    """Which workers take it: `bitgoeul worker --queues` names theirs."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function itself, here and now."""
        return self.func(*args, **kwargs)


def task(
    *,
    title: "str | Promise" = "",
    timeout: int = DEFAULT_TIMEOUT_SECONDS,
    memory_mb: int = DEFAULT_MEMORY_MB,
    retries: int = DEFAULT_RETRIES,
    priority: int = 0,
    queue: str = DEFAULT_QUEUE,
) -> Callable[[Callable[P, T]], LeaseTask[P, T]]:
    """Declare a module-level function in `<app>/tasks.py` as background work.

    Its parameters are JSON values given to `enqueue`; one named `progress` gets a `Progress`.
    Slow reading and computing happens in the function; what it changes in the database belongs
    into the `Commit` it returns, which runs exactly once, together with the job's end.
    """

    def declare(function: Callable[P, T]) -> LeaseTask[P, T]:
        return LeaseTask(
            func=function,
            priority=priority,
            backend=DEFAULT_TASK_BACKEND_ALIAS,
            title=title,
            timeout=timeout,
            memory_mb=memory_mb,
            retries=retries,
            queue=queue,
        )

    return declare


@dataclass(frozen=True, slots=True)
class Commit:
    """Effects to run in the transaction that ends the job, hence exactly once.

    The callable may return a JSON value: the job's result.
    """

    apply: Callable[[], Any]


class Refused(Exception):
    """The job cannot be done and trying again would not help; the reason is for people."""

    def __init__(self, reason: "str | Promise") -> None:
        super().__init__(str(reason))
        self.reason = str(reason)


class Cancelled(Exception):
    """Somebody asked to stop the job that runs here."""


class Progress(Protocol):
    """How a task tells people how far it is."""

    def step(self, done: int, total: int = 0, note: "str | Promise" = "") -> None:
        """Say that `done` of `total` is done; cheap enough to call for every row."""


class Silent:
    """A Progress that tells nobody, for calling a task's function directly."""

    def step(self, done: int, total: int = 0, note: "str | Promise" = "") -> None:
        """Do nothing."""
