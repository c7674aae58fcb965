"""A runnable example of each task: what it needs, and its arguments."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.alliance import services, tasks
from tests.world import AT


def _imported_person() -> dict[str, Any]:
    person = services.register_person(
        email="new@people.example", full_name="새 사람", by=None, at=AT
    )
    return {"person": str(person.uuid)}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {tasks.send_invitation: _imported_person}
