"""Transcripts are handed out: frozen, with a digest and a code by which anybody checks them."""

import datetime as dt

from django.db import transaction

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials.models.credential import new_code
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Enrolment, Transcript
from bitgoeul.apps.programmes.queries.transcript import transcript_content
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.engines.evidence import digest


def issue_transcript(*, enrolment: Enrolment, by: User | None, at: dt.datetime) -> Transcript:
    """Freeze a transcript as it stands; while nothing differs, the newest one is returned."""
    with transaction.atomic():
        near = ("cohort__programme__organiser", "cohort__rule_set", "person", "track")
        rows = Enrolment.objects.select_for_update(of=("self",)).select_related(*near)
        enrolment = rows.get(pk=enrolment.pk)
        require(by, rules.can_see_transcript, enrolment)
        content = transcript_content(enrolment)
        found = digest(content)
        newest = enrolment.transcripts.order_by("-issued_at", "-pk").first()
        if newest is not None and newest.digest == found and newest.content:
            return newest
        made = Transcript(
            enrolment=enrolment, code=new_code(), content=content, digest=found, issued_at=at,
            issued_by=by,
        )  # fmt: skip
        made.save(force_insert=True)
        journal.record(
            event="transcript.issued",
            by=by,
            at=at,
            on=made,
            details={"digest": found, "enrolment": str(enrolment.uuid)},
        )
    return made
