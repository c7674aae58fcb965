"""Background work: a lease queue in the product's database, behind the `django_tasks` API.

Nouns: Job, Slot. `bitgoeul.core.jobs` itself is the public face; the names below load on first
use, because models cannot be imported while Django still collects its applications.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .definitions import CODE, Cancelled, Commit, LeaseTask, Progress, Refused, Silent, task
    from .enums import State
    from .inline import run_pending
    from .models import Job
    from .schedules import schedule
    from .services import cancel, enqueue

__all__ = [
    "CODE",
    "Cancelled",
    "Commit",
    "Job",
    "LeaseTask",
    "Progress",
    "Refused",
    "Silent",
    "State",
    "cancel",
    "enqueue",
    "run_pending",
    "schedule",
    "task",
]

_HOME = {
    "Job": "models",
    "State": "enums",
    "cancel": "services",
    "enqueue": "services",
    "run_pending": "inline",
    "schedule": "schedules",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME.get(name, 'definitions')}"), name)
    globals()[name] = value
    return value
