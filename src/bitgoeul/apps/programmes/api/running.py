"""The roster, a trainee's progress, attendance, and completion."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from bitgoeul.apps.programmes import rules, services, tasks
from bitgoeul.apps.programmes.api.room import asked_of, only, room
from bitgoeul.apps.programmes.forms import DayForm, EndForm, EnrolmentFilter, ExamForm
from bitgoeul.apps.programmes.models import Attendance, Enrolment
from bitgoeul.apps.programmes.queries.absences import recognised_on
from bitgoeul.apps.programmes.queries.listings import (
    attendance_on,
    days_held,
    enrolments_listed,
    hours_usual,
    newest_verdict_of,
    newest_verdicts,
)
from bitgoeul.apps.programmes.queries.progress import progress_of
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views import completion as completion_pages
from bitgoeul.apps.programmes.views import enrolments as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_reading, taught_cohort
from bitgoeul.core import access, clock, jobs
from bitgoeul.core.api.bodies import Body, bind, errors_of, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, JobMade, Made, Row, every, listed, one, sliced
from bitgoeul.core.api.values import Day, Line, Short


class EnrolmentRow(Row):
    """An enrolment in a list."""

    uuid: UUID
    cohort: Annotated[UUID, At("cohort__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    track: Annotated[str, At("track__key")]
    state: str
    enrolled_on: dt.date
    ended_on: dt.date | None


class DayRow(Row):
    """A day of attendance; an hour is 1 (there), 0 (not) or e (excused)."""

    held_on: dt.date
    hours: str
    late: bool
    left_early: bool
    went_out: bool
    excuse: str


class LineOut(Row):
    """One line of a verdict."""

    text: str
    met: bool | None
    source: str


class EnrolmentOut(EnrolmentRow):
    """How far a trainee is, by the rules of the cohort, and the days of attendance."""

    exam_score: float | None
    unit: Annotated[str, At("")]
    attended: Annotated[int, At("")]
    held: Annotated[int, At("")]
    needed: Annotated[int, At("")]
    may_miss: Annotated[int, At("")]
    lines: Annotated[list[LineOut], At("")]
    completed: Annotated[bool | None, At("")]
    days: Annotated[list[DayRow], At("")]


class HeldRow(Row):
    """A day that was held, and how many people it has."""

    day: dt.date
    people: int


class PersonDayRow(Row):
    """One person's day; null where nothing is recorded."""

    enrolment: UUID
    person: UUID
    full_name: str
    recorded: DayRow | None


class VerdictRow(Row):
    """The newest verdict on an enrolment, with its trace in words."""

    enrolment: UUID
    person: UUID
    full_name: str
    completed: bool | None
    lines: list[LineOut]


class DayIn(Body):
    """One person's day to record."""

    enrolment: UUID
    hours: Annotated[Short, Field(pattern=r"^[01e]{1,24}$")]
    late: bool = False
    left_early: bool = False
    went_out: bool = False
    excuse: Short = ""


class DaysIn(Body):
    """People's day; a reason is needed when a recorded day changes."""

    entries: Annotated[list[DayIn], Field(min_length=1, max_length=500)]
    reason: Line = ""


class Recorded(Row):
    """How many days were recorded."""

    recorded: int


@room.lists("/cohorts/{uuid:uuid}/roster", EnrolmentRow, filters=EnrolmentFilter)
def enrolment_list(request: Request, uuid: UUID) -> Any:
    """List who is in the cohort; the reading is recorded."""
    page = listed(request, _found(request, taught_cohort(request, uuid)), EnrolmentRow)  # type: ignore[arg-type]  # both doors
    _note(request, [row["person"] for row in page["items"]], what="enrolment_list")
    return page


room.hands_out(
    "/cohorts/{uuid:uuid}/roster.{form}",
    pages.enrolment_export,
    CSV,
    XLSX,
    name="enrolment_file",
    filters=EnrolmentFilter,
)


@room.reads("/enrolments/{uuid:uuid}", EnrolmentOut)
def enrolment_detail(request: Request, uuid: UUID) -> Any:
    """Read how far a trainee is; the reading is recorded."""
    enrolment = _enrolment(rules.enrolments_visible_to(request.user), uuid)
    _note(request, [enrolment.person.uuid], what="enrolment_detail")
    progress, verdict = progress_of(enrolment), newest_verdict_of(enrolment)
    # Why somebody was away is read by themselves and overseeing officers, as on the page.
    reads = enrolment.person_id == request.user.pk
    reads = reads or rules.can_manage_cohort(request.user, enrolment.cohort)
    counted = ("unit", "attended", "held", "needed", "may_miss")
    days = Attendance.objects.filter(enrolment=enrolment).order_by("held_on")
    return one(Enrolment.objects.all(), access.EVERYBODY, EnrolmentOut, uuid=uuid) | {
        **{name: getattr(progress, name) for name in counted},
        "lines": [only(line, LineOut) for line in phrased(progress.verdict.lines)],
        "completed": verdict.completed if verdict else None,
        "days": [row | ({} if reads else {"excuse": ""}) for row in every(days, DayRow)],
    }


@room.writes("/enrolments/{uuid:uuid}/end", Made, body=EndForm)
def enrolment_end(request: Request, uuid: UUID) -> Any:
    """End an enrolment early."""
    enrolment = _enrolment(rules.enrolments_managed_by(request.user), uuid)
    facts = {**bind(request, EndForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.end_enrolment(enrolment=enrolment, **facts)
    return {"uuid": uuid}


@room.writes("/enrolments/{uuid:uuid}/exam", Made, body=ExamForm)
def enrolment_exam(request: Request, uuid: UUID) -> Any:
    """Write the score of the final test."""
    enrolment = _enrolment(rules.enrolments_taught_by(request.user), uuid)
    facts = {**bind(request, ExamForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.record_exam_score(enrolment=enrolment, **facts)
    return {"uuid": uuid}


@room.lists("/cohorts/{uuid:uuid}/attendance", HeldRow)
def attendance_list(request: Request, uuid: UUID) -> Any:
    """List the days held."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return sliced(request, [{"day": day, "people": people} for day, people in days_held(cohort)])


def _hidden(request: Request, cohort: Any, day: dt.date) -> frozenset[int]:
    """Return whose reason the caller neither reads nor writes, as on the page."""
    if rules.can_manage_cohort(request.user, cohort):
        return frozenset()
    return recognised_on(cohort, day)


def _recorded(found: Attendance, *, masked: bool) -> dict[str, Any]:
    return {**only(found, DayRow), **({"excuse": ""} if masked else {})}


@room.lists("/cohorts/{uuid:uuid}/attendance/{day}", PersonDayRow)
def attendance_day(request: Request, uuid: UUID, day: Day) -> Any:
    """List whoever could be there on a day; the reading is recorded."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    hidden = _hidden(request, cohort, day)
    page = sliced(request, attendance_on(cohort, day))
    rows = [
        {
            "enrolment": one_.uuid,
            "person": one_.person.uuid,
            "full_name": one_.person.full_name,
            "recorded": _recorded(found, masked=one_.pk in hidden) if found else None,
        }
        for one_, found in page["items"]
    ]
    _note(request, [row["person"] for row in rows], what="attendance_day")
    return page | {"items": rows}


@room.writes("/cohorts/{uuid:uuid}/attendance/{day}", Recorded, body=DaysIn)
def attendance_record(request: Request, uuid: UUID, day: Day) -> Any:
    """Record people's day; changing what stands needs a reason."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    asked = given(request)
    there = {each.uuid: (each, found) for each, found in attendance_on(cohort, day)}
    hidden = _hidden(request, cohort, day)
    forms = [
        _day_form(cohort, day, there, entry, at, hidden) for at, entry in enumerate(asked.entries)
    ]
    if any(form.changes_a_record() for form in forms) and not asked.reason:
        message = _("Say why a recorded day is changed.")
        raise Problem("invalid", errors=[FieldError(place="body.reason", message=message)])
    entries = [form.entry(day=day) for form in forms if form.is_to_write()]
    facts = {"by": request.user, "at": clock.now(), "reason": asked.reason}
    services.record_attendance(cohort=cohort, entries=entries, **facts)
    return {"recorded": len(entries)}


def _day_form(
    cohort: Any, day: dt.date, there: Any, entry: DayIn, at: int, hidden: frozenset[int]
) -> DayForm:
    place = f"body.entries.{at}"
    if entry.enrolment not in there:
        message = _("Nobody of this cohort could be there on this day under this identifier.")
        raise Problem("invalid", errors=[FieldError(place=place, message=message)])
    enrolment, stored = there[entry.enrolment]
    values = entry.model_dump(exclude={"enrolment"})
    data = {f"{enrolment.uuid}-{name}": value for name, value in values.items()}
    hours = hours_usual(cohort, day)
    masked = enrolment.pk in hidden
    form = DayForm(data, enrolment=enrolment, stored=stored, hours=hours, masked=masked)
    if not form.is_valid():
        raise Problem("invalid", errors=errors_of(form, place=place))
    return form


@room.lists("/cohorts/{uuid:uuid}/completion", VerdictRow, filters=EnrolmentFilter)
def completion(request: Request, uuid: UUID) -> Any:
    """List everyone's verdict with its trace; the reading is recorded."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    page = listed(request, _found(request, cohort), EnrolmentRow)
    uuids = [row["uuid"] for row in page["items"]]
    found = list(Enrolment.objects.filter(uuid__in=uuids).select_related("person").order_by("pk"))
    verdicts = newest_verdicts(found)
    _note(request, [row.person.uuid for row in found], what="completion")
    return page | {"items": [_verdict(row, verdicts.get(row.pk)) for row in found]}


def _verdict(row: Enrolment, verdict: Any) -> dict[str, Any]:
    return {
        "enrolment": row.uuid,
        "person": row.person.uuid,
        "full_name": row.person.full_name,
        "completed": verdict.completed if verdict else None,
        "lines": [only(line, LineOut) for line in phrased(verdict.trace)] if verdict else [],
    }


@room.writes("/cohorts/{uuid:uuid}/completion/decision", JobMade, status=202)
def completion_decide(request: Request, uuid: UUID) -> Any:
    """Decide the whole cohort in the background."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    job = jobs.enqueue(
        tasks.decide_completions,
        by=request.user,
        dedupe=f"{completion_pages.KEY}:{cohort.uuid}",
        cohort=str(cohort.uuid),
        officer=str(request.user.uuid),
    )
    return {"job": job.uuid}


@room.writes("/cohorts/{uuid:uuid}/completion/certificates", JobMade, status=202)
def completion_certificates(request: Request, uuid: UUID) -> Any:
    """Issue and revoke the certificates of a cohort, as its verdicts say, in the background."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return {"job": tasks.order_certificates(cohort, request.user).uuid}


room.hands_out(
    "/cohorts/{uuid:uuid}/completion.{form}",
    completion_pages.completion_export,
    CSV,
    XLSX,
    name="completion_file",
    filters=EnrolmentFilter,
)


def _found(request: Request, cohort: Any) -> Any:
    asked = asked_of(request, "q", "state", "track")
    return enrolments_listed(cohort, name=asked["q"], state=asked["state"], track=asked["track"])


def _enrolment(visible: Any, uuid: UUID) -> Enrolment:
    near = ("person", "track", "application", "cohort__programme", "cohort__rule_set")
    return access.get(Enrolment.objects.select_related(*near), visible, uuid=uuid)


def _note(request: Request, of: list[UUID], *, what: str) -> None:
    note_reading(request, of, what=what)  # type: ignore[arg-type]  # the same for both doors
