"""Allowances by unit period."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import only, room
from bitgoeul.apps.programmes.api.running import LineOut
from bitgoeul.apps.programmes.forms.allowances import AllowanceKindForm, UnitForm
from bitgoeul.apps.programmes.models import AllowanceRun
from bitgoeul.apps.programmes.queries.allowances import (
    corrections_said,
    lines_listed,
    lines_of_enrolment,
    unit_periods,
)
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views import allowances as pages
from bitgoeul.apps.programmes.views.loading import enrolment_for, managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Made, Row, sliced


class PeriodOut(Row):
    """A unit period: its dates, when it is claimed and paid, its calculation."""

    number: int
    starts_on: dt.date
    ends_on: dt.date
    claim_from: dt.date
    settled_by: dt.date
    checked_by: dt.date
    paid_by: dt.date
    run: UUID | None
    state: str
    people: int
    won: int


class AllowanceOut(Row):
    """What one person is paid for a unit period, and why."""

    uuid: UUID
    run: UUID
    unit: int
    state: str
    enrolment: UUID
    person: UUID
    full_name: str
    training_won: int
    special_won: int
    correction_won: int
    won: int
    inputs_digest: str
    lines: list[LineOut]
    corrections: list[str]


class AllowancesOut(Row):
    """Somebody's allowances, newest first."""

    enrolment: UUID
    allowances: list[AllowanceOut]


@room.lists("/cohorts/{uuid:uuid}/allowances", PeriodOut)
def allowance_list(request: Request, uuid: UUID) -> Any:
    """List the unit periods of a cohort."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return sliced(request, [_period(one) for one in unit_periods(cohort, today=clock.today())])


@room.writes("/cohorts/{uuid:uuid}/allowances", Made, status=201, body=UnitForm)
def allowance_calculate(request: Request, uuid: UUID) -> Any:
    """Calculate a unit period, or calculate it anew."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    facts = {**bind(request, UnitForm).cleaned_data, "by": request.user, "at": clock.now()}
    return {"uuid": services.calculate_allowances(cohort=cohort, **facts).uuid}


@room.lists("/allowances/{uuid:uuid}", AllowanceOut)
def allowance_run(request: Request, uuid: UUID) -> Any:
    """List what everybody is paid for a unit period; the reading is recorded."""
    run = pages.run_for(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    page = sliced(request, list(lines_listed(run).select_related("run")))
    people = [line.enrolment.person.uuid for line in page["items"]]
    note_reading(request, people, what="allowance_run")  # type: ignore[arg-type]  # both doors
    return page | {"items": [_line(line) for line in page["items"]]}


@room.writes("/allowances/{uuid:uuid}/approval", Made)
def allowance_approve(request: Request, uuid: UUID) -> Any:
    """Approve what somebody else calculated."""
    may = rules.allowance_runs_approvable_by(request.user)
    run = access.get(AllowanceRun.objects.select_related("cohort__programme"), may, uuid=uuid)
    services.approve_allowances(run=run, by=request.user, at=clock.now())
    return {"uuid": uuid}


room.hands_out(
    "/allowances/{uuid:uuid}.{form}", pages.allowance_export, CSV, XLSX, name="allowance_file"
)


@room.reads("/enrolments/{uuid:uuid}/allowances", AllowancesOut)
def enrolment_allowances(request: Request, uuid: UUID) -> Any:
    """Read somebody's allowances; the reading is recorded."""
    user = request.user
    enrolment = enrolment_for(rules.allowances_visible_to(user), uuid)
    note_reading(request, [enrolment.person.uuid], what="enrolment_allowances")  # type: ignore[arg-type]  # both doors
    lines = lines_of_enrolment(enrolment, all_states=rules.can_manage_enrolment(user, enrolment))
    for line in lines:
        line.enrolment = enrolment
    return {"enrolment": uuid, "allowances": [_line(line) for line in lines]}


@room.writes("/enrolments/{uuid:uuid}/allowances", Made, body=AllowanceKindForm)
def allowance_rate(request: Request, uuid: UUID) -> Any:
    """Say by which rate somebody is paid."""
    enrolment = enrolment_for(rules.enrolments_managed_by(request.user), uuid)
    facts = {**bind(request, AllowanceKindForm).cleaned_data, "by": request.user}
    services.set_allowance_kind(enrolment=enrolment, **facts, at=clock.now())
    return {"uuid": uuid}


def _period(one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "claim_from": one.claim.opens_on,
        "settled_by": one.claim.settled_by,
        "checked_by": one.claim.checked_by,
        "paid_by": one.claim.paid_by,
        "run": one.run.uuid if one.run else None,
        "state": one.run.state if one.run else "",
        "people": one.people,
        "won": one.won,
    }


def _line(line: Any) -> dict[str, Any]:
    plain = ("uuid", "training_won", "special_won", "correction_won", "won", "inputs_digest")
    return {
        **{name: getattr(line, name) for name in plain},
        "run": line.run.uuid,
        "unit": line.run.unit,
        "state": line.run.state,
        "enrolment": line.enrolment.uuid,
        "person": line.enrolment.person.uuid,
        "full_name": line.enrolment.person.full_name,
        "lines": [only(each, LineOut) for each in phrased(line.trace)],
        "corrections": corrections_said(line),
    }
