"""Attendance by day: a mark per hour, or planned and attended hours."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.imports.words import MARKS, excuse_of
from bitgoeul.apps.programmes.models import Attendance, Cohort, Enrolment
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean

HOURS = tuple(f"hour_{number}" for number in range(1, 13))
_FLAGS = (("late", "late"), ("early", "left_early"), ("out", "went_out"))


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with, loaded once."""

    cohort: Cohort
    by_number: dict[str, Enrolment]
    by_email: dict[str, Enrolment]
    known: dict[tuple[int, dt.date], Attendance]
    read: dict[int, tuple[Enrolment, str]]
    """Whose each line is and its marks, worked out once for all hooks."""


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load the cohort's enrolments, and the days that stand already in the file's span."""
    enrolments = list(
        Enrolment.objects.filter(cohort=target).select_related("application", "person")
    )
    known: dict[tuple[int, dt.date], Attendance] = {}
    days = {row["held_on"] for row in rows}
    if days:
        stored = Attendance.objects.filter(
            enrolment__cohort=target, held_on__gte=min(days), held_on__lte=max(days)
        )
        known = {(row.enrolment_id, row.held_on): row for row in stored.iterator(2_000)}
    return Context(
        cohort=target,
        by_number={row.application.number: row for row in enrolments if row.application},
        by_email={row.person.email: row for row in enrolments},
        known=known,
        read={},
    )


def enrolment_of(row: Row, context: Context) -> Enrolment:
    """Return whose row it is.

    Raises
    ------
    CellError
        When nobody enrolled here has this number or address.
    """
    number, email = row["number"], row["email"]
    found = context.by_number.get(number) if number else context.by_email.get(email)
    if found is None:
        raise CellError(
            "no_enrolment",
            _("Nobody enrolled in this cohort has “%(found)s”."),
            column="number" if number else "email",
            found=number or email,
        )
    return found


def read_once(row: Row, context: Context) -> tuple[Enrolment, str]:
    """Return whose row it is, and its marks.

    Raises
    ------
    CellError
        When nobody enrolled here has this number or address.
    """
    found = context.read.get(row.line)
    if found is None:
        found = context.read[row.line] = (enrolment_of(row, context), marks_in(row))
    return found


def marks_in(row: Row) -> str:
    """Return the marks of a row, or an empty text when it gives none or contradicts itself."""
    values = row.values_by_key
    hours = "".join([values[key] for key in HOURS])
    if hours:
        return hours
    planned, attended = row["planned"], row["attended"]
    if planned is None or attended is None or attended > planned:
        return ""
    missing = "e" if row["excuse"] else "0"
    return "1" * attended + missing * (planned - attended)


def match(row: Row, context: Context) -> Attendance | None:
    """Find the stored day of the person."""
    if not row["number"] and not row["email"]:
        raise CellError("missing", column="number")
    return context.known.get((read_once(row, context)[0].pk, row["held_on"]))


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults: no hours, a day outside the cohort, a day after the enrolment's end."""
    enrolment, marks = read_once(row, context)
    if not marks:
        yield CellError(
            "no_hours",
            _("Write a mark per hour, or planned and attended hours that fit together."),
            column="attended",
        )
    cohort, day = context.cohort, row["held_on"]
    if not cohort.starts_on <= day <= cohort.ends_on:
        yield CellError(
            "outside_cohort",
            _("%(found)s lies outside the cohort (%(from)s to %(until)s)."),
            column="held_on",
            **{
                "found": day.isoformat(),
                "from": cohort.starts_on.isoformat(),
                "until": cohort.ends_on.isoformat(),
            },
        )
    left = enrolment.state in services.ENDED_EARLY and enrolment.ended_on
    if left and day > left:
        yield CellError(
            "after_end",
            _("The enrolment ended on %(found)s."),
            column="held_on",
            found=left.isoformat(),
        )


def compare(existing: Attendance, row: Row) -> bool:
    """Tell whether the row differs from the stored day."""
    return (
        existing.hours != marks_in(row)
        or existing.excuse != row["excuse"]
        or any(getattr(existing, field) != row[key] for key, field in _FLAGS)
    )


def snapshot(existing: Attendance) -> dict[str, Any]:
    """What `undo` needs to restore a day."""
    fields = ("hours", "late", "left_early", "went_out", "excuse")
    return {
        "enrolment": existing.enrolment_id,
        "held_on": existing.held_on,
        **{name: getattr(existing, name) for name in fields},
    }


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the days through the room's service."""
    entries = [
        services.DayEntry(
            enrolment=read_once(row, context)[0],
            held_on=row["held_on"],
            hours=read_once(row, context)[1],
            late=row["late"],
            left_early=row["early"],
            went_out=row["out"],
            excuse=row["excuse"],
        )
        for row in rows
    ]
    return services.record_attendance(cohort=target, entries=entries, by=by, at=at)


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Remove new days and put changed ones back."""
    if Enrolment.objects.filter(cohort=target, verdicts__isnull=False).exists():
        raise UndoRefused("undo_blocked", what=str(_("completion verdicts")))
    enrolments = Enrolment.objects.in_bulk({old["enrolment"] for _uuid, old in changed})
    entries = [
        services.DayEntry(**{**old, "enrolment": enrolments[old["enrolment"]]})
        for _uuid, old in changed
    ]
    try:
        removed = services.remove_attendance(cohort=target, uuids=created, by=by, at=at)
        services.record_attendance(cohort=target, entries=entries, by=by, at=at)
    except Refused as refusal:
        raise UndoRefused("cannot_undo") from refusal
    if removed != len(created):
        raise UndoRefused("undo_missing")


def can(user: Any, target: Cohort | None) -> bool:
    """Instructors of the organiser and overseeing officers import attendance."""
    if target is None:
        return rules.can_teach_anything(user)
    return rules.can_teach_cohort(user, target)


def _excuse(cell: Any) -> str:
    return excuse_of(_text(cell))


_text = clean.text(max=120)
_yes = clean.boolean()
_planned = clean.integer(min=1, max=24, unit="시간")
_attended = clean.integer(min=0, max=24, unit="시간")
_mark = clean.choice(MARKS, shown_as=("○", "X", "공"))

KIND = Kind(
    key="attendance",
    title=_("Attendance"),
    help=_(
        "One line per person and day: application number or e-mail, and a mark per hour or the "
        "planned and attended hours."
    ),
    columns=(
        Column(
            "number",
            ("접수번호", "지원번호", "수험번호", "Application number", "number"),
            clean.text(max=20),
            required=False,
            default="",
        ),
        Column(
            "email", ("전자우편", "이메일", "E-mail"), clean.email(), required=False, default=""
        ),
        Column("held_on", ("일자", "날짜", "훈련일", "Date", "day"), clean.date()),
        Column("planned", ("계획 시간", "훈련 시간", "Planned hours"), _planned, required=False),
        Column("attended", ("출석 시간", "참석 시간", "Attended hours"), _attended, required=False),
        *(
            Column(
                key,
                (f"{number}교시", f"Hour {number}", f"h{number}"),
                _mark,
                required=False,
                default="",
            )
            for number, key in enumerate(HOURS, start=1)
        ),
        Column("late", ("지각", "Late"), _yes, required=False, default=False),
        Column("early", ("조퇴", "Left early", "early"), _yes, required=False, default=False),
        Column("out", ("외출", "Went out", "out"), _yes, required=False, default=False),
        Column(
            "excuse", ("사유", "인정 사유", "Excuse", "reason"), _excuse, required=False, default=""
        ),
    ),
    target="programmes.Cohort",
    can=can,
    prepare=prepare,
    match=match,
    check=check,
    compare=compare,
    snapshot=snapshot,
    apply=apply,
    undo=undo,
    identity=lambda row: (row["number"] or row["email"], row["held_on"]),
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_taught_by(user)),
)
