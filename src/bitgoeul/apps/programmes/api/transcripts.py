"""Transcripts and one person's certificate."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import only, room
from bitgoeul.apps.programmes.forms.transcripts import CertificateForm, TranscriptCodeForm
from bitgoeul.apps.programmes.queries.certificates import certificates_of
from bitgoeul.apps.programmes.queries.transcript import transcript_content
from bitgoeul.apps.programmes.queries.transcript_words import check_transcript
from bitgoeul.apps.programmes.views import transcripts as pages
from bitgoeul.apps.programmes.views.loading import enrolment_for, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import PDF, Request
from bitgoeul.core.api.rows import Made, Row
from bitgoeul.engines.evidence import digest


class TranscriptIssued(Row):
    """A transcript that was handed out."""

    uuid: UUID
    code: str
    digest: str
    issued_at: dt.datetime


class CertificateOf(Row):
    """A completion certificate of an enrolment."""

    uuid: UUID
    code: str
    state: str
    issued_at: dt.datetime


class TranscriptOut(Row):
    """A transcript as it stands today; `digest` is that of `content` in canonical form."""

    enrolment: UUID
    content: dict[str, Any]
    digest: str
    issued: list[TranscriptIssued]
    certificates: list[CertificateOf]


class TranscriptChecked(Row):
    """What a code says of a transcript; the name is shortened."""

    result: str
    name: str
    programme: str
    cohort: int | None
    issued_at: dt.datetime | None
    digest: str


class CertificatesSettled(Row):
    """What was done so that a certificate says what the verdict says."""

    issued: int
    revoked: int
    replaced: int
    kept: int
    withheld: int


class DecidedAgain(Row):
    """The new verdict, or null where nothing differs from the one that stands."""

    enrolment: UUID
    verdict: UUID | None
    completed: bool | None


@room.reads("/enrolments/{uuid:uuid}/transcript", TranscriptOut)
def enrolment_transcript(request: Request, uuid: UUID) -> Any:
    """Read a transcript as it stands today; the reading is recorded."""
    enrolment = pages.transcript_enrolment(request, uuid)  # type: ignore[arg-type]  # both doors
    note_reading(request, [enrolment.person.uuid], what="enrolment_transcript")  # type: ignore[arg-type]  # both doors
    content = transcript_content(enrolment)
    issued = enrolment.transcripts.order_by("-issued_at", "-pk")[:20]
    return {
        "enrolment": uuid,
        "content": content,
        "digest": digest(content),
        "issued": [only(row, TranscriptIssued) for row in issued],
        "certificates": [only(row, CertificateOf) for row in certificates_of(enrolment)],
    }


@room.writes("/enrolments/{uuid:uuid}/transcript", Made, status=201)
def transcript_issue(request: Request, uuid: UUID) -> Any:
    """Freeze a transcript as it stands, to be handed out."""
    enrolment = pages.transcript_enrolment(request, uuid)  # type: ignore[arg-type]  # both doors
    facts = {"by": request.user, "at": clock.now()}
    return {"uuid": services.issue_transcript(enrolment=enrolment, **facts).uuid}


room.hands_out("/transcripts/{uuid:uuid}.pdf", pages.transcript_paper, PDF, name="transcript_paper")


@room.reads("/transcripts/{str:code}", TranscriptChecked, public=True)
def transcript_code(request: Request, code: str) -> Any:
    """Check a transcript by its code; there is nothing at what cannot be one."""
    access.require(TranscriptCodeForm({"code": code}).is_valid())
    return only(check_transcript(code), TranscriptChecked)


@room.writes("/enrolments/{uuid:uuid}/certificate", CertificatesSettled, body=CertificateForm)
def enrolment_certificate(request: Request, uuid: UUID) -> Any:
    """Bring one person's certificate in line with the verdict.

    One that was revoked by hand is issued again only with `again` and a `reason`.
    """
    enrolment = enrolment_for(rules.enrolments_managed_by(request.user), uuid)
    facts = {"by": request.user, "at": clock.now(), "enrolments": [enrolment]}
    facts |= bind(request, CertificateForm).facts()
    return services.settle_certificates(cohort=enrolment.cohort, **facts).as_json()


@room.writes("/enrolments/{uuid:uuid}/decision", DecidedAgain)
def enrolment_decide(request: Request, uuid: UUID) -> Any:
    """Decide one person's completion again, after a correction."""
    enrolment = enrolment_for(rules.enrolments_managed_by(request.user), uuid)
    facts = {"by": request.user, "at": clock.now()}
    made = services.decide_completion_again(enrolment=enrolment, **facts)
    return {
        "enrolment": uuid,
        "verdict": made.uuid if made else None,
        "completed": made.completed if made else None,
    }
