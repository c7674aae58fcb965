"""What accepted requests mean for a day of attendance, whoever writes it and whenever."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bitgoeul.apps.programmes.enums import AbsenceState, Excuse, SessionState
from bitgoeul.apps.programmes.models import AbsenceRequest, Cohort, Session
from bitgoeul.apps.programmes.models.absence_rule import Hours
from bitgoeul.apps.programmes.models.attendance_rule import EXCUSED

if TYPE_CHECKING:
    from bitgoeul.apps.programmes.services.attendance import DayEntry


def with_recognised(cohort: Cohort, entries: Sequence["DayEntry"]) -> Sequence["DayEntry"]:
    """Return days as they are to be written: what was recognised before is away with a reason."""
    if not entries:
        return entries
    days = [entry.held_on for entry in entries]
    accepted: dict[int, list[AbsenceRequest]] = {}
    for row in AbsenceRequest.objects.filter(
        enrolment__cohort=cohort, state=AbsenceState.ACCEPTED,
        from_on__lte=max(days), until_on__gte=min(days),
    ).order_by("from_on", "first_hour", "pk"):  # fmt: skip
        accepted.setdefault(row.enrolment_id, []).append(row)
    if not accepted:
        return entries
    return [_with(entry, accepted.get(entry.enrolment.pk, ())) for entry in entries]


def recognised(entry: "DayEntry", absence: AbsenceRequest) -> "DayEntry":
    """Return a day with one request applied; what does not fall into it stays as it was."""
    if not absence.from_on <= entry.held_on <= absence.until_on:
        return entry
    if clashes(entry, absence):
        return entry
    hours = hours_of(entry, absence)
    marks = hours.recognise(entry.hours)
    stands = replace(
        entry,
        hours=marks,
        late=entry.late and not hours.covers_first(marks),
        left_early=entry.left_early and not hours.covers_last(marks),
        went_out=entry.went_out and not hours.covers_out(marks),
    )
    # Whoever writes the day may not know the reason: the request says it.
    unsaid = EXCUSED in marks and not entry.excuse
    return replace(stands, excuse=absence.kind) if unsaid or stands != entry else entry


def hours_of(entry: "DayEntry", absence: AbsenceRequest) -> Hours:
    """Return the hours that a request means, as the marks of the day count them.

    A day that was taken session by session has marks of the held hours only.
    """
    if absence.is_whole:
        return Hours()
    sessions = Session.objects.filter(
        class_group=entry.enrolment.class_group_id, held_on=entry.held_on,
        state=SessionState.PLANNED, closed_at__isnull=False,
    ).order_by("first_hour")  # fmt: skip
    numbers = tuple(row.first_hour + place for row in sessions for place in range(row.hours))
    return Hours(first=absence.first_hour, last=absence.last_hour, numbers=numbers)


def clashes(entry: "DayEntry", absence: AbsenceRequest) -> bool:
    """Whether the day is recognised for another reason already: a day has one."""
    other = entry.excuse in Excuse.values and entry.excuse != absence.kind
    return other and EXCUSED in entry.hours


def _with(entry: "DayEntry", accepted: Sequence[AbsenceRequest]) -> "DayEntry":
    for absence in accepted:
        entry = recognised(entry, absence)
    return entry
