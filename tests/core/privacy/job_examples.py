"""Runnable examples of privacy's tasks."""

from collections.abc import Callable
from typing import Any

from bitgoeul.core.privacy import services
from tests.world import AT, build_world


def _decided_request() -> dict[str, Any]:
    world = build_world()
    person = world.people["graduate"]
    request = services.ask_for_erasure(person=person, wish="", by=person, at=AT)
    decisions = {i.uuid: ("later" if i.keep_until else "erase", "") for i in request.items.all()}
    services.decide_request(
        request=request, decisions=decisions, by=world.people["officer_city"], at=AT
    )
    return {}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    "bitgoeul.core.privacy.tasks.erase_what_is_due": _decided_request,
}
