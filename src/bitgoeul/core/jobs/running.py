"""Run a claimed job's function and phrase what went wrong; shared by the child and by `inline`."""

import inspect
import traceback
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.utils import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks.base import TaskContext

from bitgoeul.core import clock
from bitgoeul.core.errors import Refused as ServiceRefused
from bitgoeul.core.watch import numbers

from . import queue
from .definitions import Cancelled, LeaseTask, Progress, Refused
from .registry import UnknownTaskError, resolve

Kind = Literal["done", "lost", "cancelled", "refused", "error", "database"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, in a shape that fits through a pipe."""

    kind: Kind
    reason: str = ""
    error: str = ""
    error_class: str = ""
    retries: int = 0


def run(claimed: queue.Claim, progress: Progress) -> Ending:
    """Run the job and commit its effects; every exception becomes an `Ending`."""
    with translation.override(claimed.language or None), numbers.numbered(claimed.request_number):
        try:
            task = resolve(claimed.task)
        except UnknownTaskError:
            reason = _("This version of the program does not know the task %(task)s.")
            return Ending("refused", reason % {"task": claimed.task})
        try:
            outcome = call(task, claimed, progress)
            queue.finish(claimed, outcome, at=clock.now())
        except Exception as error:  # noqa: BLE001 -- whatever a task raises must become a reason
            return explain(error, claimed=claimed, task=task)
    return Ending("done")


def call(task: LeaseTask[..., Any], claimed: queue.Claim, progress: Progress) -> Any:
    """Call the function with its arguments and, if it takes them, progress and context."""
    kwargs = dict(claimed.args)
    if "progress" in inspect.signature(task.func).parameters:
        kwargs["progress"] = progress
    if task.takes_context:
        from .backend import task_result

        return task.call(TaskContext(task_result=task_result(claimed.uuid)), **kwargs)
    return task.call(**kwargs)


def explain(error: Exception, *, claimed: queue.Claim, task: LeaseTask[..., Any]) -> Ending:
    """Say what an exception means for the job and for people."""
    detail = "".join(traceback.format_exception(error))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    match error:
        case queue.LeaseLostError():
            return Ending("lost")
        case Cancelled():
            return Ending("cancelled")
        case Refused():
            return Ending("refused", error.reason, detail, kind)
        case ServiceRefused():
            return Ending("refused", str(error), detail, kind)
        case ValidationError():
            return Ending("refused", " ".join(error.messages), detail, kind)
        case MemoryError():
            return Ending("refused", out_of_memory(task.memory_mb), detail, kind)
        case OperationalError() | InterfaceError():
            return Ending("database", "", detail, kind)
    reason = _("Something unexpected went wrong. Quote number %(number)s to the operators.") % {
        "number": str(claimed.uuid)[:8]
    }
    return Ending("error", reason, detail, kind, retries=task.retries)


def out_of_memory(memory_mb: int) -> str:
    """The reason of a job that wanted more memory than its task declares."""
    return _("The task needed more than its limit of %(limit)s MB of memory.") % {
        "limit": memory_mb
    }


def record(claimed: queue.Claim, ending: Ending) -> None:
    """Write an ending into the queue; "done" is there already, "database" is left to the lease."""
    at = clock.now()
    if ending.kind == "cancelled" or (ending.kind == "lost" and queue.beat(claimed).held):
        # Still held and yet not allowed to finish: somebody asked to stop it.
        queue.end_cancelled(claimed, at=at)
    elif ending.kind == "refused":
        queue.refuse(claimed, ending.reason, at=at, error=ending.error, kind=ending.error_class)
    elif ending.kind == "error":
        queue.retry(
            claimed,
            ending.reason,
            retries=ending.retries,
            at=at,
            error=ending.error,
            kind=ending.error_class,
        )
    elif ending.kind == "database":
        queue.note_database_error(claimed, error=ending.error, kind=ending.error_class)
