"""The gap between vacancies and curricula."""

from typing import Any
from uuid import UUID

from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.api.room import room
from bitgoeul.apps.careers.forms import GapFilter
from bitgoeul.apps.careers.queries.gap import GapLine, cohorts_compared, gap_between
from bitgoeul.apps.careers.views import gap as pages
from bitgoeul.core import access
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Row, sliced


class GapLineOut(Row):
    """A skill: which vacancies ask for it, which modules teach it."""

    key: str
    skill: UUID | None
    name: str
    standing: str
    vacancies: list[UUID]
    seats: int
    named: int
    modules: list[UUID]
    hours: int


@room.lists("/gap", GapLineOut, filters=GapFilter)
def gap(request: Request) -> Any:
    """List skills that are asked for or taught."""
    access.require(rules.can_see_curriculum_gap(request.user))
    visible = rules.cohorts_with_gap_for(request.user)
    cohorts = cohorts_compared(visible, programme=request.asked["programme"] or "")
    found = gap_between(rules.vacancies_visible_to(request.user), cohorts)
    return sliced(request, [_line(line) for line in found.lines])


room.hands_out("/gap.{form}", pages.gap_export, CSV, XLSX, name="gap_file", filters=GapFilter)


def _line(line: GapLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "skill": line.skill.uuid if line.skill else None,
        "name": line.name,
        "standing": line.standing,
        "vacancies": [each.vacancy.uuid for each in line.demands],
        "seats": line.seats,
        "named": line.named,
        "modules": [module.uuid for module in line.modules],
        "hours": line.hours,
    }
