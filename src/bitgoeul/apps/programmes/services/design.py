"""The design of a cohort: calendar, classes, who teaches them, modules, and a copy of the last."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, DayKind, EnrolmentState, TeachingRole
from bitgoeul.apps.programmes.models import (
    ClassGroup,
    Cohort,
    CourseCalendar,
    Enrolment,
    Module,
    RemoteProgress,
    SpecialDay,
    Survey,
    Teaching,
    Track,
)
from bitgoeul.apps.programmes.queries.timetable import has_sessions
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change


@dataclass(frozen=True, kw_only=True)
class ModulePlan:
    """A module to be: hours, whether it is a company project, keys of the skills it teaches."""

    key: str
    title_ko: str
    hours: int
    order: int = 0
    title_en: str = ""
    about: str = ""
    track: Track | None = None
    company_project: bool = False
    company: Organisation | None = None
    skills: Sequence[str] = field(default_factory=tuple)

    def values(self) -> dict[str, Any]:
        """Return what is written to the row."""
        return {name: getattr(self, name) for name in _MODULE} | {"skills": list(self.skills)}


_MODULE = (
    "key", "title_ko", "hours", "order", "title_en", "about", "track", "company_project", "company",
)  # fmt: skip
_CALENDAR = (
    "weekdays", "hours_a_day", "starts_at", "hour_minutes", "lunch_after", "lunch_minutes",
    "holidays_off",
)  # fmt: skip
_SEATED = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
_CLASS = ("key", "name_ko", "name_en", "seats", "room")


def set_calendar(
    *, cohort: Cohort, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> CourseCalendar:
    """Say on which weekdays and at which times a cohort is taught."""
    with transaction.atomic():
        _open_for_design(cohort, by)
        row = CourseCalendar.objects.filter(cohort=cohort).first() or CourseCalendar(cohort=cohort)
        before = _plain(row, _CALENDAR) if row.pk else {}
        for name in _CALENDAR:
            if name in values:
                setattr(row, name, values[name])
        if not row.weekdays:
            raise Refused(_("A calendar has at least one weekday."), code="invalid")
        check(row)
        row.save()
        after = _plain(row, _CALENDAR)
        details = {"before": before, "after": after}
        journal.record(event="course_calendar.set", by=by, at=at, on=row, details=details)
    return row


def add_special_day(
    *, cohort: Cohort, day: dt.date, kind: str, title: str, by: User | None, at: dt.datetime
) -> SpecialDay:
    """Close a day, or teach on one that the calendar leaves free."""
    with transaction.atomic():
        _open_for_design(cohort, by)
        if not cohort.starts_on <= day <= cohort.ends_on:
            raise Refused(
                _("%(day)s lies outside the cohort's dates.") % {"day": day}, code="invalid"
            )
        row = SpecialDay(cohort=cohort, day=day, kind=DayKind(kind), title=title)
        check(row)
        row.save(force_insert=True)
        details = {"day": day.isoformat(), "kind": kind, "title": title}
        journal.record(event="special_day.added", by=by, at=at, on=row, details=details)
    return row


def remove_special_day(*, special_day: SpecialDay, by: User | None, at: dt.datetime) -> None:
    """Take a special day back."""
    with transaction.atomic():
        _open_for_design(special_day.cohort, by)
        details = {"day": special_day.day.isoformat(), "title": special_day.title}
        journal.record(event="special_day.removed", by=by, at=at, on=special_day, details=details)
        special_day.delete()


def add_class(
    *, track: Track, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> ClassGroup:
    """Open a class within a track."""
    return _save_class(ClassGroup(track=track), values, "class.added", by=by, at=at)


def change_class(
    *, class_group: ClassGroup, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> ClassGroup:
    """Change name, seats or room of a class."""
    return _save_class(class_group, values, "class.changed", by=by, at=at)


def remove_class(*, class_group: ClassGroup, by: User | None, at: dt.datetime) -> None:
    """Dissolve a class in which nobody sits."""
    with transaction.atomic():
        _open_for_design(class_group.track.cohort, by)
        if class_group.enrolments.exists():
            raise Refused(_("People sit in this class: move them first."), code="in_use")
        if class_group.surveys.exists():
            raise Refused(_("A survey asks about this class; it stays."), code="in_use")
        details = _plain(class_group, _CLASS)
        journal.record(event="class.removed", by=by, at=at, on=class_group, details=details)
        class_group.delete()


def place_people(*, cohort: Cohort, by: User | None, at: dt.datetime) -> int:
    """Seat everyone who has no class yet in the classes of their track; returns how many.

    In the order of enrolment, class by class, so that nobody chooses who sits where.
    """
    with transaction.atomic():
        _open_for_design(cohort, by)
        waiting = Enrolment.objects.filter(
            cohort=cohort, class_group__isnull=True, state__in=_SEATED
        )
        classes = ClassGroup.objects.filter(track__cohort=cohort).order_by("track_id", "key")
        free = {one: one.seats - one.enrolments.count() for one in classes}
        placed = []
        for row in waiting.order_by("id"):
            room = next((c for c, n in free.items() if c.track_id == row.track_id and n > 0), None)
            if room is not None:
                row.class_group, free[room] = room, free[room] - 1
                placed.append(row)
        Enrolment.objects.bulk_update(placed, ["class_group"], batch_size=500)
        changes = [Change(on=row, details={"class": _key(row.class_group)}) for row in placed]
        journal.record_many(event="enrolment.placed", by=by, at=at, changes=changes)
    return len(placed)


def move_to_class(
    *, enrolment: Enrolment, class_group: ClassGroup, by: User | None, at: dt.datetime
) -> None:
    """Seat one person in another class of their track."""
    with transaction.atomic():
        _open_for_design(enrolment.cohort, by)
        if class_group.track_id != enrolment.track_id:
            raise Refused(_("The class belongs to another track."), code="invalid")
        details = {"from": _key(enrolment.class_group), "to": _key(class_group)}
        enrolment.class_group = class_group
        enrolment.save(update_fields=["class_group"])
        journal.record(event="enrolment.placed", by=by, at=at, on=enrolment, details=details)


def assign_teaching(
    *,
    class_group: ClassGroup,
    person: User,
    role: str,
    by: User | None,
    at: dt.datetime,
    module: Module | None = None,
) -> Teaching:
    """Let somebody teach a class: one module of it, or all."""
    with transaction.atomic():
        cohort = class_group.track.cohort
        _open_for_design(cohort, by)
        if module is not None and module.cohort_id != cohort.pk:
            raise Refused(_("The module belongs to another cohort."), code="invalid")
        if role != TeachingRole.MENTOR and not rules.can_teach_cohort(person, cohort):
            raise Refused(
                _("%(name)s is no instructor of %(organiser)s.")
                % {"name": person, "organiser": cohort.programme.organiser},
                code="invalid",
            )
        row = Teaching(class_group=class_group, person=person, role=role, module=module)
        check(row)
        row.save(force_insert=True)
        details = {"class": class_group.key, "role": role, "person": str(person.uuid)}
        journal.record(event="teaching.assigned", by=by, at=at, on=row, details=details)
    return row


def end_teaching(*, teaching: Teaching, by: User | None, at: dt.datetime) -> None:
    """Take somebody off a class."""
    with transaction.atomic():
        _open_for_design(teaching.class_group.track.cohort, by)
        details = {"class": teaching.class_group.key, "person": str(teaching.person.uuid)}
        journal.record(event="teaching.ended", by=by, at=at, on=teaching, details=details)
        teaching.delete()


def save_modules(
    *, cohort: Cohort, plans: Sequence[ModulePlan], by: User | None, at: dt.datetime
) -> list[UUID]:
    """Write modules by their key, new ones and changed ones; returns their uuids in order."""
    with transaction.atomic():
        _open_for_design(cohort, by)
        known = {row.key: row for row in Module.objects.filter(cohort=cohort)}
        changes = []
        for plan in plans:
            row = known.setdefault(plan.key, Module(cohort=cohort, key=plan.key))
            for name, value in plan.values().items():
                setattr(row, name, value)
            _refuse_foreign(row, cohort)
            check(row)
            row.save()
            details = {"key": row.key, "hours": row.hours, "company_project": row.company_project}
            changes.append(Change(on=row, details=details))
        journal.record_many(event="module.saved", by=by, at=at, changes=changes)
    return [known[plan.key].uuid for plan in plans]


def remove_modules(
    *, cohort: Cohort, uuids: Sequence[UUID], by: User | None, at: dt.datetime
) -> int:
    """Strike modules that nothing is built on."""
    with transaction.atomic():
        _open_for_design(cohort, by)
        rows = list(Module.objects.filter(cohort=cohort, uuid__in=uuids))
        if RemoteProgress.objects.filter(module__in=rows).exists():
            text = _("Remote progress is recorded in this module; it stays.")
            raise Refused(text, code="in_use")
        if Survey.objects.filter(module__in=rows).exists():
            raise Refused(_("A survey asks about this module; it stays."), code="in_use")
        changes = [Change(on=row, details={"key": row.key, "hours": row.hours}) for row in rows]
        journal.record_many(event="module.removed", by=by, at=at, changes=changes)
        return Module.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def copy_design(*, cohort: Cohort, source: Cohort, by: User | None, at: dt.datetime) -> int:
    """Take calendar, classes and modules over from another cohort of the programme.

    Only what is not there yet; tracks are matched by their key. Returns how many modules came.
    """
    with transaction.atomic():
        _open_for_design(cohort, by)
        if source.programme_id != cohort.programme_id or source.pk == cohort.pk:
            raise Refused(_("A design is copied from another cohort of the programme."))
        tracks = {track.key: track for track in cohort.tracks.all()}
        _copy_calendar(source, cohort)
        classes = _copy_classes(source, tracks)
        modules = _copy_modules(source, cohort, tracks)
        details = {"from": source.number, "classes": classes, "modules": modules}
        journal.record(event="design.copied", by=by, at=at, on=cohort, details=details)
    return modules


def _copy_calendar(source: Cohort, cohort: Cohort) -> None:
    found = CourseCalendar.objects.filter(cohort=source).first()
    if found is not None and not CourseCalendar.objects.filter(cohort=cohort).exists():
        CourseCalendar.objects.create(
            cohort=cohort, **{name: getattr(found, name) for name in _CALENDAR}
        )


def _copy_classes(source: Cohort, tracks: Mapping[str, Track]) -> int:
    known = set(
        ClassGroup.objects.filter(track__in=tracks.values()).values_list("track__key", "key")
    )
    fresh = [
        ClassGroup(track=tracks[row.track.key], **{name: getattr(row, name) for name in _CLASS})
        for row in ClassGroup.objects.filter(track__cohort=source).select_related("track")
        if row.track.key in tracks and (row.track.key, row.key) not in known
    ]
    return len(ClassGroup.objects.bulk_create(fresh))


def _copy_modules(source: Cohort, cohort: Cohort, tracks: Mapping[str, Track]) -> int:
    known = set(Module.objects.filter(cohort=cohort).values_list("key", flat=True))
    fresh = []
    for row in Module.objects.filter(cohort=source).select_related("track"):
        if row.key in known or (row.track is not None and row.track.key not in tracks):
            continue
        values = {name: getattr(row, name) for name in (*_MODULE, "skills")}
        values["track"] = tracks[row.track.key] if row.track else None
        fresh.append(Module(cohort=cohort, **values))
    return len(Module.objects.bulk_create(fresh))


def _save_class(
    row: ClassGroup, values: Mapping[str, Any], event: str, *, by: User | None, at: dt.datetime
) -> ClassGroup:
    with transaction.atomic():
        _open_for_design(row.track.cohort, by)
        for name in _CLASS:
            if name in values:
                setattr(row, name, values[name])
        check(row)
        row.save()
        journal.record(event=event, by=by, at=at, on=row, details=_plain(row, _CLASS))
    return row


def _open_for_design(cohort: Cohort, by: User | None) -> None:
    """How an ended cohort was taught may be written down later, until its timetable stands."""
    require(by, rules.can_manage_cohort, cohort)
    if cohort.state == CohortState.ENDED and has_sessions(cohort):
        raise Refused(_("The cohort has ended; its design stands."), code="wrong_state")


def _refuse_foreign(row: Module, cohort: Cohort) -> None:
    if row.track is not None and row.track.cohort_id != cohort.pk:
        raise Refused(_("The track belongs to another cohort."), code="invalid")


def _plain(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.time) else value
        for name in names
        for value in (getattr(row, name),)
    }


def _key(one: ClassGroup | None) -> str:
    return one.key if one else ""
