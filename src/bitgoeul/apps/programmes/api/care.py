"""Objections and counselling."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms.care import AnswerForm, AppealForm, CounselForm, OutcomeForm
from bitgoeul.apps.programmes.models import Appeal, CounselNote
from bitgoeul.apps.programmes.queries.care import appeals_listed, notes_of
from bitgoeul.apps.programmes.views.loading import enrolment_for, managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import Made, Row, sliced


class AppealOut(Row):
    """An objection to a verdict."""

    uuid: UUID
    enrolment: UUID
    verdict: UUID
    full_name: str
    words: str
    state: str
    made_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None


class CounselOut(Row):
    """A counselling note."""

    uuid: UUID
    action: str
    words: str
    reasons: list[str]
    written_at: dt.datetime
    outcome: str
    outcome_at: dt.datetime | None


@room.lists("/cohorts/{uuid:uuid}/appeals", AppealOut)
def appeal_list(request: Request, uuid: UUID) -> Any:
    """List the objections of a cohort; the reading is recorded."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    page = sliced(request, list(appeals_listed(cohort)))
    people = [row.enrolment.person.uuid for row in page["items"]]
    note_reading(request, people, what="appeal_list")  # type: ignore[arg-type]  # both doors
    return page | {"items": [_appeal(row) for row in page["items"]]}


@room.writes("/enrolments/{uuid:uuid}/appeal", Made, status=201, body=AppealForm)
def enrolment_appeal(request: Request, uuid: UUID) -> Any:
    """Object to the verdict on one's own completion."""
    enrolment = enrolment_for(rules.enrolments_appealable_by(request.user), uuid)
    facts = {**bind(request, AppealForm).cleaned_data, "by": request.user, "at": clock.now()}
    return {"uuid": services.make_appeal(enrolment=enrolment, **facts).uuid}


@room.writes("/appeals/{uuid:uuid}/answer", Made, body=AnswerForm)
def appeal_answer(request: Request, uuid: UUID) -> Any:
    """Answer an objection."""
    rows = Appeal.objects.select_related("enrolment__cohort__programme")
    appeal = access.get(rows, rules.appeals_answerable_by(request.user), uuid=uuid)
    facts = {**bind(request, AnswerForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.answer_appeal(appeal=appeal, **facts)
    return {"uuid": uuid}


@room.lists("/enrolments/{uuid:uuid}/counselling", CounselOut)
def counsel_list(request: Request, uuid: UUID) -> Any:
    """List the notes about somebody that one may read; the reading is recorded."""
    enrolment = enrolment_for(rules.enrolments_counselled_by(request.user), uuid)
    note_reading(request, [enrolment.person.uuid], what="counsel_list")  # type: ignore[arg-type]  # both doors
    notes = notes_of(enrolment, rules.counsel_notes_visible_to(request.user))
    return sliced(
        request, [{name: getattr(n, name) for name in CounselOut.model_fields} for n in notes]
    )


@room.writes("/enrolments/{uuid:uuid}/counselling", Made, status=201, body=CounselForm)
def counsel_write(request: Request, uuid: UUID) -> Any:
    """Write down what was done after a warning."""
    enrolment = enrolment_for(rules.enrolments_counselled_by(request.user), uuid)
    facts = {**bind(request, CounselForm).cleaned_data, "by": request.user, "at": clock.now()}
    return {"uuid": services.write_counsel_note(enrolment=enrolment, **facts).uuid}


@room.writes("/counselling/{uuid:uuid}/outcome", Made, body=OutcomeForm)
def counsel_settle(request: Request, uuid: UUID) -> Any:
    """Say whether somebody recovered."""
    rows = CounselNote.objects.select_related("enrolment__cohort__programme")
    note = access.get(rows, rules.counsel_notes_visible_to(request.user), uuid=uuid)
    facts = {**bind(request, OutcomeForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.settle_counsel_note(note=note, **facts)
    return {"uuid": uuid}


def _appeal(row: Appeal) -> dict[str, Any]:
    plain = ("uuid", "words", "state", "made_at", "answer", "answered_at")
    return {
        **{name: getattr(row, name) for name in plain},
        "enrolment": row.enrolment.uuid,
        "verdict": row.verdict.uuid,
        "full_name": row.enrolment.person.full_name,
    }
