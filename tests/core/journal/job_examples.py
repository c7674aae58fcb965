"""Runnable examples of the journal's tasks (those that seal stand beside the queue's tests)."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core import clock, journal


def _old_reading() -> dict[str, Any]:
    reader = Organisation.objects.create(name_ko="읽은 곳", kind="company")
    journal.record_reading(
        by=reader,
        at=clock.now() - dt.timedelta(days=800),
        of=[uuid4()],
        what="a.b",
        purpose="시험",
    )
    return {}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    "bitgoeul.core.journal.tasks.erase_readings": _old_reading,
}
