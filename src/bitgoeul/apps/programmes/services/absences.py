"""Asking that an absence be recognised, deciding it, and what follows for the attendance."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import AbsenceState, CohortState, EnrolmentState
from bitgoeul.apps.programmes.models import AbsenceRequest, Attendance, Cohort, Enrolment
from bitgoeul.apps.programmes.models.absence_rule import left_of
from bitgoeul.apps.programmes.models.attendance_rule import AWAY, EXCUSED
from bitgoeul.apps.programmes.queries.absences import (
    STANDING,
    absences_of,
    course_of,
    days_in,
    deadline_for,
    deciders_of,
    lines_of,
)
from bitgoeul.apps.programmes.services.absence_news import (
    tell_decided,
    tell_filed,
    tell_revoked,
)
from bitgoeul.apps.programmes.services.attendance import DayEntry, record_attendance
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.apps.programmes.services.recognising import clashes, hours_of, recognised
from bitgoeul.core import clock, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports.errors import FileRefused

_FLAGS = ("late", "left_early", "went_out")
_MARKS = ("hours", *_FLAGS, "excuse")


@dataclass(frozen=True, kw_only=True)
class AbsenceFacts:
    """What somebody asks for: whole days, or with numbers the hours of one day."""

    kind: str
    from_on: dt.date
    until_on: dt.date
    first_hour: int | None = None
    last_hour: int | None = None
    words: str = ""


def file_absence(
    *,
    enrolment: Enrolment,
    facts: AbsenceFacts,
    by: User,
    at: dt.datetime,
    paper: Paper | None = None,
) -> AbsenceRequest:
    """Ask that an absence be recognised; what comes after the rules' deadline says so.

    Raises
    ------
    Refused
        When it is somebody else's, the cohort does not run, no training day lies within the days,
        or a request for one of them stands already.
    """
    require(by, rules.can_file_absence, enrolment)
    if paper is not None:
        _admit(paper)
    with _no_orphans() as kept, transaction.atomic():
        enrolment = _locked(enrolment)
        _refuse_ended(enrolment)
        row = AbsenceRequest(
            enrolment=enrolment, kind=facts.kind, from_on=facts.from_on, until_on=facts.until_on,
            first_hour=facts.first_hour, last_hour=facts.last_hour, words=facts.words.strip(),
            filed_by=by, filed_at=at,
        )  # fmt: skip
        _refuse_unsound(row)
        course = course_of(enrolment)
        if not days_in(course, row.from_on, row.until_on):
            raise Refused(_("No training day lies within these days."), code="invalid")
        until = deadline_for(row, course)
        row.late = until is not None and at.astimezone(clock.SEOUL).date() > until
        if paper is not None:
            kept.append(_put(row, paper))
        check(row)
        row.save(force_insert=True)
        # The reason tells of health and family: the journal keeps its digest only.
        details = {"late": row.late, "evidence": row.sha256}
        journal.record(
            event="absence.requested", by=by, at=at, on=row, after=_asked(row), details=details
        )
        deciders = deciders_of(enrolment.cohort, on=at.astimezone(clock.SEOUL).date())
        tell_filed(row, [one for one in deciders if one.pk != by.pk], at=at)
    return row


def add_absence_evidence(
    *, absence: AbsenceRequest, paper: Paper, by: User, at: dt.datetime
) -> AbsenceRequest:
    """Hand in the evidence of a request that waits; it takes the place of an earlier file."""
    require(by, rules.can_see_absence, absence)
    _admit(paper)
    with _no_orphans() as kept, transaction.atomic():
        row = _locked_request(absence)
        if row.state != AbsenceState.OPEN:
            raise Refused(_("This request is decided already."), code="wrong_state")
        old, storage = row.file.name, row.file.storage
        before = {"sha256": row.sha256}
        kept.append(_put(row, paper))
        row.save(update_fields=["file", "name", "size", "sha256"])
        if old and old != row.file.name:
            # Only once the new one is in the database: interrupted, the old one still stands.
            transaction.on_commit(lambda: storage.delete(old))
        journal.record(
            event="absence.evidence_added", by=by, at=at, on=row, before=before,
            after={"sha256": row.sha256}, details={"evidence": row.sha256},
        )  # fmt: skip
    return row


def withdraw_absence(*, absence: AbsenceRequest, by: User, at: dt.datetime) -> AbsenceRequest:
    """Take one's request back while nobody has decided it."""
    require(by, rules.can_withdraw_absence, absence)
    with transaction.atomic():
        row = _locked_request(absence)
        _step(row, "withdraw")
        row.save(update_fields=["state"])
        _record("absence.withdrawn", row, AbsenceState.OPEN, by=by, at=at)
    return row


def decide_absence(
    *, absence: AbsenceRequest, accept: bool, answer: str = "", by: User | None, at: dt.datetime
) -> AbsenceRequest:
    """Recognise an absence or not; recorded days change as a correction, later ones when written.

    Whoever decides is somebody else than who asked. What the rules say is kept with the decision.

    Raises
    ------
    Refused
        Without a reason where one is needed, when evidence is lacking or no day is left.
    """
    with transaction.atomic():
        row = _locked_request(absence)
        _require_other_eyes(row, by)
        _step(row, "accept" if accept else "refuse")
        course = course_of(row.enrolment)
        lines = lines_of(row, course, absences_of(row.enrolment))
        if accept:
            _refuse_acceptance(row, lines)
        if not answer.strip() and not (accept and all(line.met for line in lines)):
            raise Refused(_("Say why."), code="incomplete")
        row.trace = [line.as_json() for line in lines]
        row.rule_set = row.enrolment.cohort.rule_set
        row.answer, row.decided_by, row.decided_at = answer.strip(), by, at
        days = _recorded(row) if accept else []
        row.changed = {str(day.held_on): _state(day) for day in days}
        check(row)
        row.save()
        if days:
            _correct(row, days, _("Absence recognised on request"), by=by, at=at)
        _record("absence.decided", row, AbsenceState.OPEN, by=by, at=at, days=len(days))
        tell_decided(row, at=at)
    return row


def revoke_absence(
    *, absence: AbsenceRequest, answer: str, by: User | None, at: dt.datetime
) -> AbsenceRequest:
    """Take a recognition back; the days become again what they were."""
    if not answer.strip():
        raise Refused(_("Say why."), code="incomplete")
    with transaction.atomic():
        row = _locked_request(absence)
        _require_other_eyes(row, by)
        _step(row, "revoke")
        row.answer = "\n".join(filter(None, (row.answer, answer.strip())))
        row.decided_by, row.decided_at = by, at
        check(row)
        row.save()
        days = [_as_before(day, row) for day in _days_of(row) if EXCUSED in day.hours]
        if days:
            _correct(row, days, _("Recognition of an absence taken back"), by=by, at=at)
        _record("absence.revoked", row, AbsenceState.ACCEPTED, by=by, at=at, days=len(days))
        tell_revoked(row, at=at)
    return row


def _admit(paper: Paper) -> None:
    try:
        uploads.admit_paper(paper.content, name=paper.name)
    except FileRefused as refusal:
        raise Refused(str(refusal), code=refusal.code) from refusal


@contextmanager
def _no_orphans() -> Iterator[list[FieldFile]]:
    """Leave no file behind whose row was not written."""
    kept: list[FieldFile] = []
    try:
        yield kept
    except BaseException:
        for file in kept:
            file.storage.delete(str(file.name))
        raise


def _put(row: AbsenceRequest, paper: Paper) -> FieldFile:
    row.name, row.size = uploads.safe_name(paper.name), len(paper.content)
    row.sha256 = hashlib.sha256(paper.content).hexdigest()
    row.file.save(row.name, ContentFile(paper.content), save=False)
    return row.file


def _locked(enrolment: Enrolment) -> Enrolment:
    near = ("person", "cohort__programme", "cohort__rule_set", "cohort__calendar")
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(*near)
    return rows.get(pk=enrolment.pk)


def _locked_request(absence: AbsenceRequest) -> AbsenceRequest:
    # The cohort first, as everybody does who writes attendance: locks in two orders would meet.
    Cohort.objects.select_for_update(of=("self",)).get(pk=absence.enrolment.cohort_id)
    row = AbsenceRequest.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    row.enrolment = _locked(row.enrolment)
    return row


def _refuse_ended(enrolment: Enrolment) -> None:
    if enrolment.cohort.state != CohortState.RUNNING:
        raise Refused(_("Attendance is kept while a cohort runs."), code="wrong_state")
    if enrolment.state != EnrolmentState.ENROLLED:
        raise Refused(_("This enrolment has ended."), code="wrong_state")


def _refuse_unsound(row: AbsenceRequest) -> None:
    cohort = row.enrolment.cohort
    if row.until_on < row.from_on:
        raise Refused(_("The last day lies before the first."), code="invalid")
    if row.from_on < cohort.starts_on or row.until_on > cohort.ends_on:
        raise Refused(_("These days lie outside the cohort's dates."), code="invalid")
    if (row.first_hour is None) != (row.last_hour is None):
        raise Refused(_("Hours need the first and the last of them."), code="invalid")
    if row.first_hour is not None and row.last_hour is not None:
        if row.from_on != row.until_on:
            raise Refused(_("Hours can be asked for on one day only."), code="invalid")
        if row.last_hour < row.first_hour:
            raise Refused(_("The last hour lies before the first."), code="invalid")
    standing = AbsenceRequest.objects.filter(
        enrolment=row.enrolment, state__in=STANDING, from_on__lte=row.until_on,
        until_on__gte=row.from_on,
    )  # fmt: skip
    if any(_meets(row, other) for other in standing):
        raise Refused(_("For one of these days a request stands already."), code="taken")


def _meets(row: AbsenceRequest, other: AbsenceRequest) -> bool:
    if row.first_hour is None or other.first_hour is None:
        return True
    return bool(row.first_hour <= other.last_hour and other.first_hour <= row.last_hour)  # type: ignore[operator]  # both or none


def _require_other_eyes(row: AbsenceRequest, by: User | None) -> None:
    require(by, lambda user, one: rules.can_manage_cohort(user, one.enrolment.cohort), row)
    if by is not None and not rules.can_decide_absence(by, row):
        raise Refused(_("Somebody else decides: you asked for this yourself."), code="not_allowed")


def _refuse_acceptance(row: AbsenceRequest, lines: Sequence[Any]) -> None:
    if any(line.rule == "absence_days" for line in lines):
        raise Refused(_("No training day lies within these days."), code="wrong_state")
    lacking = any(line.rule == "absence_evidence" and not line.met for line in lines)
    if lacking:
        raise Refused(_("The evidence that the rules ask for is lacking."), code="incomplete")
    if left_of(tuple(lines)) == 0:
        raise Refused(_("Of the days that the rules recognise none is left."), code="over_limit")


def _step(row: AbsenceRequest, action: str) -> None:
    row.state = workflow.go(
        workflow.ABSENCE, row.state, action, refusal=_("This request is decided already.")
    )


def _days_of(row: AbsenceRequest) -> list[DayEntry]:
    found = Attendance.objects.filter(
        enrolment=row.enrolment, held_on__gte=row.from_on, held_on__lte=row.until_on
    ).order_by("held_on")
    return [
        DayEntry(
            enrolment=row.enrolment, held_on=day.held_on,
            **{name: getattr(day, name) for name in _MARKS},
        )
        for day in found
    ]  # fmt: skip


def _recorded(row: AbsenceRequest) -> list[DayEntry]:
    """The recorded days that the request changes, as they stand."""
    days = _days_of(row)
    if any(clashes(day, row) for day in days):
        raise Refused(
            _("One of these days is recognised for another reason already."), code="taken"
        )
    return [day for day in days if recognised(day, row) != day]


def _as_before(day: DayEntry, row: AbsenceRequest) -> DayEntry:
    """Take this request out of the day as it stands; what others recognised is put on again."""
    hours = hours_of(day, row)
    marks = hours.turned(day.hours, EXCUSED, AWAY)
    bare = replace(day, hours=marks, excuse=day.excuse if EXCUSED in marks else "")
    stood = row.changed.get(str(day.held_on))
    if stood is None or recognised(replace(day, **stood), row) != day:
        # Written or corrected since: of what stood before nothing holds any more.
        return bare
    return replace(bare, **{name: stood[name] for name in _FLAGS})


def _correct(
    row: AbsenceRequest, days: Sequence[DayEntry], reason: str, *, by: User | None, at: dt.datetime
) -> None:
    record_attendance(cohort=row.enrolment.cohort, entries=days, by=by, at=at, reason=reason)


def _state(day: DayEntry) -> dict[str, object]:
    return {name: getattr(day, name) for name in _MARKS}


def _asked(row: AbsenceRequest) -> dict[str, object]:
    names = ("kind", "from_on", "until_on", "first_hour", "last_hour", "words", "sha256")
    return {name: getattr(row, name) for name in names}


def _record(
    event: str,
    row: AbsenceRequest,
    before: str,
    *,
    by: User | None,
    at: dt.datetime,
    **details: Any,
) -> None:
    journal.record(
        event=event, by=by, at=at, on=row, before={"state": before},
        after={"state": row.state, "answer": row.answer}, details={"state": row.state, **details},
    )  # fmt: skip
