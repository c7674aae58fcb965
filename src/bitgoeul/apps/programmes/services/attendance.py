"""Attendance: one day of one person, or a whole file of days."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import AppealState, CohortState
from bitgoeul.apps.programmes.models import Appeal, Attendance, Cohort, Correction, Enrolment
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.apps.programmes.services.recognising import with_recognised
from bitgoeul.core import journal
from bitgoeul.core.db.inserting import insert_rows
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change
from bitgoeul.engines.evidence import digest

MARKS = re.compile(r"[01e]{1,24}")
_CHUNK = 2_000
_EACH_UP_TO = 200
"""More days than this are journalled as one entry with a digest, not one by one."""
_FIELDS = ("hours", "late", "left_early", "went_out", "excuse")


@dataclass(frozen=True, kw_only=True, slots=True)
class DayEntry:
    """One person on one day: a mark per planned hour (`1` there, `0` away, `e` excused)."""

    enrolment: Enrolment
    held_on: dt.date
    hours: str
    late: bool = False
    left_early: bool = False
    went_out: bool = False
    excuse: str = ""


def record_attendance(
    *,
    cohort: Cohort,
    entries: Sequence[DayEntry],
    by: User | None,
    at: dt.datetime,
    reason: str = "",
) -> list[UUID]:
    """Write days, replacing what stood there; returns the uuid of each day, in order.

    Raises
    ------
    Refused
        When the cohort is not running, an enrolment is of another cohort or had ended by then,
        or the marks are none.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_teach_cohort, cohort)
        if cohort.state != CohortState.RUNNING and not _reopened(cohort, entries, reason):
            raise Refused(_("Attendance is kept while a cohort runs."), code="wrong_state")
        enrolments = Enrolment.objects.filter(cohort=cohort).in_bulk()
        for entry in entries:
            _refuse_bad(entry, enrolments.get(entry.enrolment.pk), cohort)
        entries = with_recognised(cohort, entries)
        known = _known(entries)
        if not known and len(entries) > _EACH_UP_TO:
            return _write_many(cohort, entries, reason, by=by, at=at)
        fresh, changed, uuids = [], [], []
        for entry in entries:
            row = known.get((entry.enrolment.pk, entry.held_on))
            if row is None:
                row = Attendance(enrolment=entry.enrolment, held_on=entry.held_on)
                fresh.append(row)
            else:
                changed.append((row, day_state(row)))
            for name in _FIELDS:
                setattr(row, name, getattr(entry, name))
            uuids.append(row.uuid)
        Attendance.objects.bulk_create(fresh, batch_size=_CHUNK)
        Attendance.objects.bulk_update([row for row, _ in changed], _FIELDS, batch_size=200)
        _keep_corrections(changed, reason, by=by, at=at)
        _record(cohort, fresh, changed, reason, by=by, at=at)
    return uuids


def remove_attendance(
    *, cohort: Cohort, uuids: Sequence[UUID], by: User | None, at: dt.datetime
) -> int:
    """Take days back that an import wrote by mistake; returns how many."""
    removed = 0
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_teach_cohort, cohort)
        if cohort.state != CohortState.RUNNING:
            raise Refused(_("Attendance is kept while a cohort runs."), code="wrong_state")
        for start in range(0, len(uuids), _CHUNK):
            some = uuids[start : start + _CHUNK]
            rows = Attendance.objects.filter(enrolment__cohort=cohort, uuid__in=some)
            removed += rows.delete()[0]
        journal.record(
            event="attendance.removed",
            by=by,
            at=at,
            on=cohort,
            details={"days": removed, "digest": digest(sorted(str(uuid) for uuid in uuids))},
        )
    return removed


def day_state(row: Attendance) -> dict[str, object]:
    """What of a day the journal digests."""
    return {"held_on": row.held_on, **{name: getattr(row, name) for name in _FIELDS}}


def _keep_corrections(
    changed: Sequence[tuple[Attendance, dict[str, object]]],
    reason: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    """A day that is changed for a reason keeps what stood before, for whoever it concerns."""
    if not reason:
        return
    rows = [
        Correction(
            enrolment_id=row.enrolment_id, held_on=row.held_on, before=_marks(old),
            after=_marks(day_state(row)), reason=reason[:300], by=by, at=at,
        )
        for row, old in changed
        if old != day_state(row)
    ]  # fmt: skip
    Correction.objects.bulk_create(rows, batch_size=_CHUNK)


def _marks(state: dict[str, object]) -> dict[str, object]:
    return {name: state[name] for name in _FIELDS}


def _locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )


def _reopened(cohort: Cohort, entries: Sequence[DayEntry], reason: str) -> bool:
    """After the end only days of people whose objection was accepted are corrected."""
    if cohort.state != CohortState.ENDED or not reason.strip():
        return False
    people = {entry.enrolment.pk for entry in entries}
    accepted = Appeal.objects.filter(enrolment__in=people, state=AppealState.ACCEPTED)
    return people == set(accepted.values_list("enrolment_id", flat=True))


def _refuse_bad(entry: DayEntry, enrolment: Enrolment | None, cohort: Cohort) -> None:
    if enrolment is None or MARKS.fullmatch(entry.hours) is None:
        raise Refused(
            _("The marks of %(day)s cannot be read.") % {"day": entry.held_on}, code="invalid"
        )
    left = enrolment.ended_on if enrolment.state in workflow.ENDINGS else None
    if left is not None and entry.held_on > left:
        raise Refused(
            _("%(day)s lies after the end of the enrolment.") % {"day": entry.held_on},
            code="invalid",
        )
    if not cohort.starts_on <= entry.held_on <= cohort.ends_on:
        raise Refused(
            _("%(day)s lies outside the cohort's dates.") % {"day": entry.held_on}, code="invalid"
        )


def _known(entries: Sequence[DayEntry]) -> dict[tuple[int, dt.date], Attendance]:
    if not entries:
        return {}
    people = {entry.enrolment.pk for entry in entries}
    days = [entry.held_on for entry in entries]
    rows = Attendance.objects.filter(
        enrolment__in=people, held_on__gte=min(days), held_on__lte=max(days)
    )
    wanted = {(entry.enrolment.pk, entry.held_on) for entry in entries}
    return {
        (row.enrolment_id, row.held_on): row
        for row in rows.iterator(chunk_size=_CHUNK)
        if (row.enrolment_id, row.held_on) in wanted
    }


def _record(
    cohort: Cohort,
    fresh: Sequence[Attendance],
    changed: Sequence[tuple[Attendance, dict[str, object]]],
    reason: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    if len(fresh) + len(changed) <= _EACH_UP_TO:
        changes = [Change(on=row, after=day_state(row)) for row in fresh]
        changes += [Change(on=row, before=old, after=day_state(row)) for row, old in changed]
        journal.record_many(
            event="attendance.recorded", by=by, at=at, changes=changes, reason=reason
        )
        return
    # The rows carry no names, but they are personal data: only their digest, salted by the
    # cohort's own salt, goes into the journal.
    rows = [*fresh, *(row for row, _ in changed)]
    content = sorted(f"{row.enrolment_id} {row.held_on} {row.hours}" for row in rows)
    _record_many(cohort, content, len(changed), reason, by=by, at=at)


def _write_many(
    cohort: Cohort,
    entries: Sequence[DayEntry],
    reason: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> list[UUID]:
    """Write many new days without making an object of each."""
    names = ("uuid", "enrolment", "held_on", *_FIELDS)
    days = {(entry.enrolment.pk, entry.held_on) for entry in entries}
    if len(days) != len(entries):
        raise Refused(_("A person's day stands there twice."), code="invalid")
    rows = [
        (
            uuid4(), one.enrolment.pk, one.held_on, one.hours, one.late, one.left_early,
            one.went_out, one.excuse,
        )
        for one in entries
    ]  # fmt: skip
    for start in range(0, len(rows), _CHUNK):
        insert_rows(Attendance, names, rows[start : start + _CHUNK])
    content = sorted(f"{row[1]} {row[2]} {row[3]}" for row in rows)
    _record_many(cohort, content, 0, reason, by=by, at=at)
    return [row[0] for row in rows]


def _record_many(
    cohort: Cohort,
    content: Sequence[str],
    changed: int,
    reason: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    journal.record(
        event="attendance.recorded",
        by=by,
        at=at,
        on=cohort,
        after={"rows": content},
        reason=reason,
        details={"new": len(content) - changed, "changed": changed},
    )
