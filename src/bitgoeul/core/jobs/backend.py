"""The queue as a `django_tasks` backend: tasks written to that API run on it unchanged."""

import inspect
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from typing_extensions import ParamSpec

from .definitions import LeaseTask
from .enums import State

P = ParamSpec("P")
T = TypeVar("T")

_STATUS = {
    State.READY: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.FAILED: TaskResultStatus.FAILED,
    State.DEAD: TaskResultStatus.FAILED,
    State.CANCELLED: TaskResultStatus.FAILED,
}


class LeaseBackend(BaseTaskBackend):
    """Enqueues into our own table; `bitgoeul worker` runs it."""

    task_class = LeaseTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(
        self, task: Task[P, T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> TaskResult[T]:
        """Insert a job; positional arguments are stored under their names."""
        from .services import insert

        self.validate_task(task)
        if not isinstance(task, LeaseTask):
            raise InvalidTaskError(f"{task.module_path} is not a task of this backend.")
        parameters = list(inspect.signature(task.func).parameters)
        names = parameters[1:] if task.takes_context else parameters
        if len(args) > len(names):
            raise TypeError(f"{task.module_path} takes {len(names)} arguments, not {len(args)}")
        job = insert(task, args=dict(zip(names, args, strict=False)) | kwargs)
        result: TaskResult[T] = task_result(job.uuid)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Return what became of a job.

        Raises
        ------
        TaskResultDoesNotExist
            When there is no such job.
        """
        return task_result(result_id)


def task_result(uuid: UUID | str) -> TaskResult[Any]:
    """One job in the shape of `django_tasks`."""
    from .models import Job
    from .registry import UnknownTaskError, resolve

    try:
        job = Job.objects.get(uuid=uuid)
        task = resolve(job.task)
    except (Job.DoesNotExist, UnknownTaskError, ValidationError) as error:
        raise TaskResultDoesNotExist(uuid) from error
    errors = [TaskError(exception_class_path=job.error_class, traceback=job.error)]
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.uuid),
        status=_STATUS[State(job.state)],
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=[],
        kwargs=job.args,
        backend=task.backend,
        errors=errors if job.error_class else [],
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
