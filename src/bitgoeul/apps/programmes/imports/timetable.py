"""A timetable: one line per session, as the export writes it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models import ClassGroup, Cohort, CourseCalendar, Module, Session
from bitgoeul.apps.programmes.queries.calendar import calendar_or_usual
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.apps.programmes.queries.timetable import clashes_of, sessions_of_cohort, times_of
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean

_Key = tuple[int, dt.date, int]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with, loaded once."""

    cohort: Cohort
    calendar: CourseCalendar
    classes: dict[tuple[str, str], ClassGroup]
    modules: dict[str, Module]
    people: dict[str, User]
    known: dict[_Key, Session]


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load classes, modules, instructors and the sessions that stand."""
    classes: dict[tuple[str, str], ClassGroup] = {}
    for row in ClassGroup.objects.filter(track__cohort=target).select_related("track"):
        for track in {row.track.key, row.track.name_ko}:
            for name in {row.key, row.name_ko}:
                classes[track, name] = row
    emails = {row["email"] for row in rows if row["email"]}
    people = {each.email: each for each in User.objects.filter(email__in=emails)}
    standing = sessions_of_cohort(target).filter(state=SessionState.PLANNED)
    return Context(
        cohort=target,
        calendar=calendar_or_usual(target),
        classes=classes,
        modules={row.key: row for row in Module.objects.filter(cohort=target)},
        people={
            email: each for email, each in people.items() if rules.can_teach_cohort(each, target)
        },
        known={(row.class_group_id, row.held_on, row.first_hour): row for row in standing},
    )


def plan_of(row: Row, context: Context) -> services.SessionPlan:
    """Return what a row means.

    Raises
    ------
    CellError
        When it names a class that is not there.
    """
    class_group = context.classes.get((row["track"], row["class"]))
    if class_group is None:
        raise CellError(
            "no_class", _("This cohort has no class “%(found)s”."), column="class",
            found=f"{row['track']} {row['class']}",
        )  # fmt: skip
    return services.SessionPlan(
        class_group=class_group,
        held_on=row["held_on"],
        first_hour=row["first_hour"],
        hours=row["hours"],
        module=context.modules.get(row["module"]),
        instructor=context.people.get(row["email"]),
        room=row["room"] or class_group.room,
    )


def match(row: Row, context: Context) -> Session | None:
    """Find the session of the class at this hour."""
    plan = plan_of(row, context)
    return context.known.get((plan.class_group.pk, plan.held_on, plan.first_hour))


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults: who and what is not there, dates, collisions."""
    cohort = context.cohort
    if row["module"] and row["module"] not in context.modules:
        yield CellError(
            "no_module", _("The curriculum has no module “%(found)s”."),
            column="module", found=row["module"],
        )  # fmt: skip
    if row["email"] and row["email"] not in context.people:
        yield CellError(
            "no_instructor", _("“%(found)s” is no instructor of this programme."),
            column="email", found=row["email"],
        )  # fmt: skip
    if not cohort.starts_on <= row["held_on"] <= cohort.ends_on:
        yield CellError(
            "outside_cohort", _("%(found)s lies outside the cohort (%(from)s to %(until)s)."),
            column="held_on",
            **{
                "found": row["held_on"].isoformat(),
                "from": cohort.starts_on.isoformat(),
                "until": cohort.ends_on.isoformat(),
            },
        )  # fmt: skip
    clashes = dict.fromkeys(clash.text for clash in clashes_of(_as_row(row, context)))
    if clashes:
        yield CellError("clash", " ".join(clashes), column="first_hour")


def _as_row(row: Row, context: Context) -> Session:
    plan = plan_of(row, context)
    starts_at, ends_at = times_of(context.calendar, plan.held_on, plan.first_hour, plan.hours)
    return Session(
        pk=row.existing.pk if row.existing else None, class_group=plan.class_group,
        instructor=plan.instructor, module=plan.module, held_on=plan.held_on,
        first_hour=plan.first_hour, hours=plan.hours, room=plan.room, starts_at=starts_at,
        ends_at=ends_at,
    )  # fmt: skip


def compare(existing: Session, row: Row) -> bool:
    """Tell whether the row differs from the session that stands."""
    return (
        existing.hours != row["hours"]
        or (existing.module.key if existing.module else "") != row["module"]
        or (existing.instructor.email if existing.instructor else "") != row["email"]
        or bool(row["room"] and existing.room != row["room"])
    )


def snapshot(existing: Session) -> dict[str, Any]:
    """What `undo` needs to restore a session."""
    names = ("class_group_id", "held_on", "first_hour", "hours", "module_id", "instructor_id")
    return {name: getattr(existing, name) for name in (*names, "room")}


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the sessions through the room's service."""
    plans = [plan_of(row, context) for row in rows]
    return services.save_sessions(cohort=target, plans=plans, by=by, at=at)


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Take new sessions out and put changed ones back."""
    try:
        removed = services.remove_sessions(cohort=target, uuids=created, by=by, at=at)
        plans = [_restored(old) for _uuid, old in changed]
        services.save_sessions(cohort=target, plans=plans, by=by, at=at)
    except Refused as refusal:
        raise UndoRefused("cannot_undo") from refusal
    if removed != len(created):
        raise UndoRefused("undo_missing")


def _restored(old: dict[str, Any]) -> services.SessionPlan:
    return services.SessionPlan(
        class_group=ClassGroup.objects.select_related("track").get(pk=old["class_group_id"]),
        held_on=old["held_on"],
        first_hour=old["first_hour"],
        hours=old["hours"],
        module=Module.objects.filter(pk=old["module_id"]).first(),
        instructor=User.objects.filter(pk=old["instructor_id"]).first(),
        room=old["room"],
    )


def can(user: Any, target: Cohort | None) -> bool:
    """Overseeing officers write the timetable."""
    if target is None:
        return rules.can_manage_anything(user)
    return rules.can_manage_cohort(user, target)


_hour = clean.integer(min=1, max=12)


def _text(key: str, labels: tuple[str, ...], most: int) -> Column:
    return Column(key, labels, clean.text(max=most), required=False, default="")


KIND = Kind(
    key="timetable",
    title=_("Timetable"),
    help=_("One line per session of a class: day, first hour, number of hours, module."),
    columns=(
        Column("held_on", ("일자", "날짜", "Day", "Date"), clean.date()),
        Column("first_hour", ("시작 교시", "교시", "First hour"), _hour),
        Column("hours", ("시간", "시수", "Hours"), _hour),
        Column("track", ("반", "과정", "Track"), clean.text(max=80)),
        Column("class", ("분반", "Class"), clean.text(max=80)),
        _text("module", ("과목 코드", "Module key"), 40),
        Column(
            "email", ("강사 전자우편", "강사 이메일", "Instructor's e-mail"), clean.email(),
            required=False, default="",
        ),
        _text("room", ("강의실", "Room"), 80),
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
    identity=lambda row: (row["track"], row["class"], row["held_on"], row["first_hour"]),
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_managed_by(user)),
    personal=False,
)  # fmt: skip
