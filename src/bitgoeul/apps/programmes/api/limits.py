"""How far people are from the limits of their rules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.queries.limit_words import reasons_said
from bitgoeul.apps.programmes.queries.limits import Limit, Standing, standings_of
from bitgoeul.apps.programmes.queries.warning import model_in_use, named_by
from bitgoeul.apps.programmes.views import limits as pages
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.core import clock
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Row, sliced


class LimitOut(Row):
    """Missed, of how much, and at most; null where there is no such rule."""

    missed: int
    of: int
    most: int | None
    left: int | None


class StandingOut(Row):
    """Where one person stands today."""

    enrolment: UUID
    person: UUID
    full_name: str
    level: str
    course: LimitOut
    unit_number: int
    unit: LimitOut
    pass_line: LimitOut
    counted_in: str
    events: int
    events_each: int
    consecutive: int
    work_due: int
    work_missing: int
    reasons: list[str]
    said: list[str]
    named_by_model: bool
    model_said: list[str]


@room.lists("/cohorts/{uuid:uuid}/limits", StandingOut)
def limit_list(request: Request, uuid: UUID) -> Any:
    """List what people may still miss, the nearest to a limit first; the reading is recorded."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    found = standings_of(cohort, at=clock.now())
    named = named_by(model_in_use(cohort.programme), found)
    page = sliced(request, found)
    people = [one.enrolment.person.uuid for one in page["items"]]
    note_reading(request, people, what="limit_list")  # type: ignore[arg-type]  # both doors
    return page | {"items": [_shown(one, named) for one in page["items"]]}


room.hands_out(
    "/cohorts/{uuid:uuid}/limits.{form}", pages.limit_export, CSV, XLSX, name="limit_file"
)


def _shown(one: Standing, named: Mapping[int, tuple[str, ...]]) -> dict[str, Any]:
    plain = ("level", "unit_number", "counted_in", "events", "events_each", "consecutive",
             "work_due", "work_missing")  # fmt: skip
    return {
        "enrolment": one.enrolment.uuid,
        "person": one.enrolment.person.uuid,
        "full_name": one.enrolment.person.full_name,
        **{name: getattr(one, name) for name in plain},
        "course": _limit(one.course),
        "unit": _limit(one.unit),
        "pass_line": _limit(one.pass_line),
        "reasons": list(one.reasons),
        "said": reasons_said(one),
        "named_by_model": one.enrolment.pk in named,
        "model_said": list(named.get(one.enrolment.pk, ())),
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {"missed": limit.missed, "of": limit.of, "most": limit.most, "left": limit.left}
