"""Requests to recognise an absence."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.lessons import FILE
from bitgoeul.apps.programmes.api.room import asked_of, room
from bitgoeul.apps.programmes.forms.absences import (
    AbsenceDecisionForm,
    AbsenceFilter,
    AbsenceForm,
    EvidenceForm,
    RevokeForm,
)
from bitgoeul.apps.programmes.models import AbsenceRequest
from bitgoeul.apps.programmes.queries.absences import (
    absences_listed,
    absences_of,
    course_of,
    lines_of,
)
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views import absences as pages
from bitgoeul.apps.programmes.views.loading import enrolment_for, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Made, Row, sliced
from bitgoeul.core.uploads import PAPERS


class AbsenceLineOut(Row):
    """What one rule says of a request."""

    text: str
    met: bool | None
    source: str


class AbsenceOut(Row):
    """A request; of others' requests, whoever only teaches gets no reason and no answer."""

    uuid: UUID
    enrolment: UUID
    full_name: str
    from_on: dt.date
    until_on: dt.date
    first_hour: int | None
    last_hour: int | None
    state: str
    kind: str | None
    words: str | None
    evidence: bool | None
    late: bool | None
    filed_at: dt.datetime
    decided_at: dt.datetime | None
    answer: str | None


class AbsenceDetailOut(AbsenceOut):
    """A request with what the rules say of it."""

    lines: list[AbsenceLineOut]
    changed: list[str]


@room.lists("/cohorts/{uuid:uuid}/absences", AbsenceOut, filters=AbsenceFilter)
def absence_list(request: Request, uuid: UUID) -> Any:
    """List a cohort's requests; the reading is recorded."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    manages = rules.can_manage_cohort(request.user, cohort)
    asked = asked_of(request, "q", "state", "kind") if manages else {}
    found = absences_listed(
        cohort, name=asked.get("q", ""), state=asked.get("state", ""), kind=asked.get("kind", "")
    )
    page = sliced(request, list(found))
    _note(request, [row.enrolment.person.uuid for row in page["items"]], what="absence_list")
    return page | {"items": [_shown(row, whole=manages) for row in page["items"]]}


room.hands_out(
    "/cohorts/{uuid:uuid}/absences.{form}",
    pages.absence_export,
    CSV,
    XLSX,
    name="absences_file",
    filters=AbsenceFilter,
)


@room.lists("/enrolments/{uuid:uuid}/absences", AbsenceOut)
def enrolment_absences(request: Request, uuid: UUID) -> Any:
    """List one person's requests; the reading is recorded."""
    enrolment = enrolment_for(rules.enrolments_filing_for(request.user), uuid)
    _note(request, [enrolment.person.uuid], what="enrolment_absences")
    return sliced(request, [_shown(row, whole=True) for row in absences_of(enrolment)])


@room.writes(
    "/enrolments/{uuid:uuid}/absences",
    Made,
    status=201,
    body=AbsenceForm,
    most_bytes=PAPERS.most_bytes,
)
def absence_request(request: Request, uuid: UUID) -> Any:
    """Ask that an absence be recognised; the evidence may come with it or later."""
    enrolment = enrolment_for(rules.enrolments_filing_for(request.user), uuid)
    form = bind(request, AbsenceForm)
    facts = {"facts": form.facts(), "paper": form.paper(), **acting(request)}
    return {"uuid": services.file_absence(enrolment=enrolment, **facts).uuid}


@room.reads("/absences/{uuid:uuid}", AbsenceDetailOut)
def absence_detail(request: Request, uuid: UUID) -> Any:
    """Read a request with what the rules say of it; the reading is recorded."""
    row = pages.absence_for(rules.absences_visible_to(request.user), uuid)
    _note(request, [row.enrolment.person.uuid], what="absence_detail")
    lines: Any = row.trace or lines_of(row, course_of(row.enrolment), absences_of(row.enrolment))
    said = [{"text": one.text, "met": one.met, "source": one.source} for one in phrased(lines)]
    return _shown(row, whole=True) | {"lines": said, "changed": sorted(row.changed)}


room.hands_out("/absences/{uuid:uuid}/file", pages.absence_file, FILE, name="absence_file")


@room.writes(
    "/absences/{uuid:uuid}/evidence", Made, body=EvidenceForm, most_bytes=PAPERS.most_bytes
)
def absence_evidence(request: Request, uuid: UUID) -> Any:
    """Hand in the evidence of a request that waits."""
    row = pages.absence_for(rules.absences_visible_to(request.user), uuid)
    paper = bind(request, EvidenceForm).paper()
    services.add_absence_evidence(absence=row, paper=paper, **acting(request))
    return {"uuid": uuid}


@room.writes("/absences/{uuid:uuid}/withdrawal", Made)
def absence_withdraw(request: Request, uuid: UUID) -> Any:
    """Take one's request back."""
    row = pages.absence_for(rules.absences_withdrawable_by(request.user), uuid)
    services.withdraw_absence(absence=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/absences/{uuid:uuid}/decision", Made, body=AbsenceDecisionForm)
def absence_decide(request: Request, uuid: UUID) -> Any:
    """Recognise an absence or not."""
    row = pages.absence_for(rules.absences_decidable_by(request.user), uuid)
    facts = {**bind(request, AbsenceDecisionForm).cleaned_data, **acting(request)}
    services.decide_absence(absence=row, **facts)
    return {"uuid": uuid}


@room.writes("/absences/{uuid:uuid}/revocation", Made, body=RevokeForm)
def absence_revoke(request: Request, uuid: UUID) -> Any:
    """Take a recognition back."""
    row = pages.absence_for(rules.absences_decidable_by(request.user), uuid)
    facts = {**bind(request, RevokeForm).cleaned_data, **acting(request)}
    services.revoke_absence(absence=row, **facts)
    return {"uuid": uuid}


def _shown(row: AbsenceRequest, *, whole: bool) -> dict[str, Any]:
    plain = ("uuid", "from_on", "until_on", "first_hour", "last_hour", "state", "filed_at",
             "decided_at")  # fmt: skip
    told = {"kind": row.kind, "words": row.words, "evidence": bool(row.file), "late": row.late,
            "answer": row.answer}  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        "enrolment": row.enrolment.uuid,
        "full_name": row.enrolment.person.full_name,
        **(told if whole else dict.fromkeys(told)),
    }


def _note(request: Request, of: list[UUID], *, what: str) -> None:
    note_reading(request, of, what=what)  # type: ignore[arg-type]  # the same for both doors
