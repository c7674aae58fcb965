"""Which tasks exist: every Task found in an installed application's `tasks.py`."""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils.module_loading import autodiscover_modules, import_string

from .definitions import DEFAULT_QUEUE, LeaseTask


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tasks that a worker takes: these, or with ``others`` all but these."""

    tasks: tuple[str, ...]
    others: bool = False


class UnknownTaskError(Exception):
    """No task of that path exists in this version of the program."""


def discover() -> dict[str, LeaseTask[..., object]]:
    """Import every application's `tasks.py` and return its tasks by path."""
    autodiscover_modules("tasks")
    found: dict[str, LeaseTask[..., object]] = {}
    for config in apps.get_app_configs():
        module = sys.modules.get(f"{config.name}.tasks")
        for value in vars(module).values() if module else ():
            if isinstance(value, LeaseTask):
                found[value.module_path] = value
    return found


class UnknownQueueError(Exception):
    """No task declares a queue of that name."""


def wanted(names: Collection[str]) -> Wanted:
    """Which tasks the workers of these queues take.

    A task that this version does not know belongs to the default queue: its worker says so.

    Raises
    ------
    UnknownQueueError
    """
    tasks = discover()
    known = {task.queue for task in tasks.values()} | {DEFAULT_QUEUE}
    for name in names:
        if name not in known:
            raise UnknownQueueError(name, sorted(known))
    others = DEFAULT_QUEUE in names
    paths = (path for path, task in tasks.items() if (task.queue in names) is not others)
    return Wanted(tuple(sorted(paths)), others=others)


@cache
def resolve(path: str) -> LeaseTask[..., object]:
    """Return the task that a job names.

    Raises
    ------
    UnknownTaskError
        When there is none; a path in a row must never import and run just any function.
    """
    try:
        found = import_string(path)
    except ImportError as error:
        raise UnknownTaskError(path) from error
    if not isinstance(found, LeaseTask):
        raise UnknownTaskError(path)
    return found
