"""A runnable example of the room's task: an extract that was just allowed."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.reports import services, tasks
from tests.apps.reports.asking import NOW, ask, consenting
from tests.world import build_world


def _allowed() -> dict[str, Any]:
    world = build_world()
    consenting(world)
    officer = world.people["officer_city"]
    extract = services.decide_extract(extract=ask(world), allow=True, note="", by=officer, at=NOW)
    return {"extract": str(extract.uuid)}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {tasks.make_extract: _allowed}
