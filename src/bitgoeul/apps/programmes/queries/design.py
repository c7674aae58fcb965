"""The design of a cohort as its staff see it, and in words what of it does not add up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.programmes.enums import TeachingRole
from bitgoeul.apps.programmes.models import (
    ClassGroup,
    Cohort,
    CourseCalendar,
    Module,
    Teaching,
    Track,
)
from bitgoeul.apps.programmes.queries.calendar import CourseDays, calendar_or_usual, course_days
from bitgoeul.core import formats

MODULE_HEADER = (
    gettext_lazy("Module key"),
    gettext_lazy("Order"),
    gettext_lazy("Title in Korean"),
    gettext_lazy("Title in English"),
    gettext_lazy("Track"),
    gettext_lazy("Hours"),
    gettext_lazy("Company project"),
    gettext_lazy("Company"),
    gettext_lazy("Skills"),
    gettext_lazy("About"),
)
"""As the import of a curriculum reads them again."""


@dataclass(frozen=True, kw_only=True)
class TrackHours:
    """The hours of a track's curriculum against what the cohort promised."""

    track: Track
    classes: tuple[ClassGroup, ...]
    hours: int
    project_hours: int

    @property
    def seats(self) -> int:
        """The seats of its classes."""
        return sum(each.seats for each in self.classes)

    @property
    def project_share(self) -> Decimal:
        """The share of company projects."""
        return Decimal(self.project_hours) / self.hours if self.hours else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Design:
    """Everything on the design page."""

    cohort: Cohort
    calendar: CourseCalendar
    days: CourseDays
    tracks: tuple[TrackHours, ...]
    modules: tuple[Module, ...]
    skills: Mapping[str, Skill]
    faults: tuple[str, ...]


def design_of(cohort: Cohort) -> Design:
    """Return a cohort's design with its faults in words."""
    calendar = calendar_or_usual(cohort)
    days = course_days(cohort, calendar)
    modules = tuple(modules_of(cohort))
    classes = classes_of(cohort)
    tracks = tuple(_track_hours(track, classes, modules) for track in cohort.tracks.order_by("key"))
    return Design(
        cohort=cohort,
        calendar=calendar,
        days=days,
        tracks=tracks,
        modules=modules,
        skills=skills_named(modules),
        faults=tuple(_faults(cohort, days, tracks, modules)),
    )


def skills_named(modules: Sequence[Module]) -> dict[str, Skill]:
    """Return the skills of the catalogue that modules name, by their key or their NCS code."""
    named = {key for row in modules for key in row.skills}
    found = Skill.objects.filter(Q(key__in=named) | Q(ncs_code__in=named)) if named else ()
    known: dict[str, Skill] = {}
    for skill in found:
        known |= {name: skill for name in (skill.ncs_code, skill.key) if name in named}
    return known


def teachers_in(design: Design) -> list[UUID]:
    """Return who is named as teaching somewhere in a design."""
    classes = [one for each in design.tracks for one in each.classes]
    return [row.person.uuid for one in classes for row in one.teachings.all()]


def modules_of(cohort: Cohort) -> Any:
    """Return a cohort's modules in their order."""
    return (
        Module.objects.filter(cohort=cohort)
        .select_related("track", "company")
        .order_by("order", "key")
    )


def classes_of(cohort: Cohort) -> list[ClassGroup]:
    """Return a cohort's classes with who teaches them and how many sit in them."""
    rows = ClassGroup.objects.filter(track__cohort=cohort).select_related("track")
    rows = rows.annotate(people=Count("enrolments", distinct=True))
    teachings = Teaching.objects.select_related("person", "module")
    found = rows.prefetch_related(Prefetch("teachings", teachings))
    return list(found.order_by("track__key", "key"))


def modules_for(track: Track, modules: Sequence[Module]) -> list[Module]:
    """Return the modules that a track takes: its own and those of every track."""
    return [each for each in modules if each.track_id in {None, track.pk}]


def module_rows(modules: Sequence[Module]) -> Iterator[list[Any]]:
    """Yield a row per module, as the import reads it again."""
    for row in modules:
        yield [
            row.key, row.order, row.title_ko, row.title_en, row.track.key if row.track else "",
            row.hours, _("yes") if row.company_project else _("no"),
            row.company.name_ko if row.company else "", ", ".join(row.skills), row.about,
        ]  # fmt: skip


def _track_hours(
    track: Track, classes: Sequence[ClassGroup], modules: Sequence[Module]
) -> TrackHours:
    mine = modules_for(track, modules)
    return TrackHours(
        track=track,
        classes=tuple(each for each in classes if each.track_id == track.pk),
        hours=sum(each.hours for each in mine),
        project_hours=sum(each.hours for each in mine if each.company_project),
    )


def _faults(
    cohort: Cohort, days: CourseDays, tracks: Sequence[TrackHours], modules: Sequence[Module]
) -> Iterator[str]:
    yield from _faults_of_days(cohort, days)
    if not modules:
        yield _("The curriculum has no modules yet.")
    for each in tracks:
        if modules:
            yield from _faults_of_hours(cohort, each)
        yield from _faults_of_classes(each)
    unskilled = [each.title for each in modules if not each.skills and not each.company_project]
    if unskilled:
        yield _("No skill is named for: %(modules)s.") % {"modules": ", ".join(unskilled)}


def _faults_of_days(cohort: Cohort, days: CourseDays) -> Iterator[str]:
    missing = cohort.hours - days.hours
    if missing > 0:
        yield _(
            "%(days)s training days of %(hours)s hours are %(possible)s hours: %(missing)s of the "
            "%(planned)s planned hours do not fit between the first and the last day."
        ) % {
            "days": formats.number(len(days.days)),
            "hours": days.hours_a_day,
            "possible": formats.number(days.hours),
            "missing": formats.number(missing),
            "planned": formats.number(cohort.hours),
        }


def _faults_of_hours(cohort: Cohort, each: TrackHours) -> Iterator[str]:
    facts = {
        "track": each.track.name,
        "hours": formats.number(each.hours),
        "planned": formats.number(cohort.hours),
        "difference": formats.number(abs(cohort.hours - each.hours)),
    }
    if each.hours < cohort.hours:
        yield (
            _(
                "%(track)s: the modules have %(hours)s of %(planned)s planned hours; "
                "%(difference)s are missing."
            )
            % facts
        )
    elif each.hours > cohort.hours:
        yield (
            _(
                "%(track)s: the modules have %(hours)s hours, %(difference)s more than the "
                "%(planned)s planned."
            )
            % facts
        )
    needed = cohort.rule_set.thresholds.project_share_at_least
    if needed is not None and each.hours and each.project_hours < needed * each.hours:
        yield _(
            "%(track)s: %(project)s of %(hours)s hours are company projects, %(share)s; the rules "
            "ask for at least %(needed)s."
        ) % {
            **facts,
            "project": formats.number(each.project_hours),
            "share": formats.share(each.project_share),
            "needed": formats.share(needed),
        }


def _faults_of_classes(each: TrackHours) -> Iterator[str]:
    facts = {"track": each.track.name, "seats": each.track.seats, "classes": each.seats}
    if not each.classes:
        yield _("%(track)s has no class yet.") % facts
        return
    if each.seats != each.track.seats:
        yield _("%(track)s has %(seats)s seats, its classes have %(classes)s together.") % facts
    for one in each.classes:
        leads = [row for row in one.teachings.all() if row.role == TeachingRole.LEAD]
        if not leads:
            yield _("%(name)s has no instructor in charge.") % {"name": one.name}
        people = one.people  # type: ignore[attr-defined]  # counted by the query
        if people > one.seats:
            yield ngettext(
                "%(name)s has %(seats)s seats and %(number)s person in it.",
                "%(name)s has %(seats)s seats and %(number)s people in it.",
                people,
            ) % {"name": one.name, "seats": one.seats, "number": people}
