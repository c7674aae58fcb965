"""The design of a cohort: what stands, what does not add up, and every change of it."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms.design import (
    CalendarForm,
    ClassForm,
    ModuleForm,
    NewClassForm,
    SeatForm,
    SpecialDayForm,
    TeachingForm,
)
from bitgoeul.apps.programmes.models import (
    ClassGroup,
    Cohort,
    CourseCalendar,
    Enrolment,
    Module,
    SpecialDay,
    Teaching,
)
from bitgoeul.apps.programmes.queries.calendar import calendar_or_usual
from bitgoeul.apps.programmes.queries.design import design_of, teachers_in
from bitgoeul.apps.programmes.views import design as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import access
from bitgoeul.core.api.bodies import bind, body_of
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, every


class ModuleRow(Row):
    """A module; without a track it is for every track."""

    uuid: UUID
    key: str
    order: int
    title_ko: str
    title_en: str
    about: str
    track: Annotated[str | None, At("track__key")]
    hours: int
    company_project: bool
    company: Annotated[UUID | None, At("company__uuid")]
    skills: list[str]


class ClassRow(Row):
    """A class."""

    uuid: UUID
    track: Annotated[str, At("track__key")]
    key: str
    name_ko: str
    name_en: str
    seats: int
    room: str


class TeachingRow(Row):
    """Who teaches a class; without a module all of them."""

    uuid: UUID
    class_group: Annotated[UUID, At("class_group__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    role: str
    module: Annotated[UUID | None, At("module__uuid")]


class SpecialDayRow(Row):
    """A day that differs from the calendar."""

    uuid: UUID
    day: dt.date
    kind: str
    title: str


class DesignOut(Row):
    """A design; `faults` say in words what does not add up."""

    planned_hours: int
    possible_hours: int
    training_days: list[dt.date]
    faults: list[str]
    classes: list[ClassRow]
    teachings: list[TeachingRow]
    modules: list[ModuleRow]
    special_days: list[SpecialDayRow]


class Placed(Row):
    """How many people got a class."""

    placed: int


CalendarIn = body_of(CalendarForm, partial=True, suffix="Changes")
ModuleIn = body_of(ModuleForm, suffix="Body")


@room.reads("/cohorts/{uuid:uuid}/design", DesignOut)
def design(request: Request, uuid: UUID) -> Any:
    """Read calendar, classes and curriculum, and what does not add up."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    found = design_of(cohort)
    teachings = Teaching.objects.filter(class_group__track__cohort=cohort)
    note_reading(request, teachers_in(found), what="design", about=uuid)  # type: ignore[arg-type]  # both doors
    return {
        "planned_hours": cohort.hours,
        "possible_hours": found.days.hours,
        "training_days": list(found.days.days),
        "faults": list(found.faults),
        "classes": every(ClassGroup.objects.filter(track__cohort=cohort), ClassRow),
        "teachings": every(teachings, TeachingRow),
        "modules": every(Module.objects.filter(cohort=cohort), ModuleRow),
        "special_days": every(SpecialDay.objects.filter(cohort=cohort), SpecialDayRow),
    }


room.hands_out(
    "/cohorts/{uuid:uuid}/curriculum.{form}",
    pages.curriculum_export,
    CSV,
    XLSX,
    name="curriculum_file",
)


@room.writes("/cohorts/{uuid:uuid}/design/calendar", Made, method="PATCH", body=CalendarIn)
def calendar_edit(request: Request, uuid: UUID) -> Any:
    """Set weekdays, hours and times."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    standing: CourseCalendar = calendar_or_usual(cohort)
    form = bind(request, CalendarForm, instance=standing)
    facts = acting(request)
    made = services.set_calendar(cohort=cohort, values=form.cleaned_data, **facts)
    return {"uuid": made.uuid}


@room.writes("/cohorts/{uuid:uuid}/design/days", Made, status=201, body=SpecialDayForm)
def special_day_add(request: Request, uuid: UUID) -> Any:
    """Close a day, or teach on a free one."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    facts = {**bind(request, SpecialDayForm).cleaned_data, **acting(request)}
    return {"uuid": services.add_special_day(cohort=cohort, **facts).uuid}


@room.writes("/days/{uuid:uuid}/removal", Made)
def special_day_remove(request: Request, uuid: UUID) -> Any:
    """Take a special day back."""
    row = _managed(SpecialDay, "cohort", request, uuid)
    services.remove_special_day(special_day=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/cohorts/{uuid:uuid}/design/copy", Made)
def design_copy(request: Request, uuid: UUID) -> Any:
    """Take over what the last other cohort of the programme had."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    others = Cohort.objects.filter(programme=cohort.programme).exclude(pk=cohort.pk)
    source = others.order_by("-number").first() or cohort
    services.copy_design(cohort=cohort, source=source, **acting(request))
    return {"uuid": uuid}


@room.writes("/cohorts/{uuid:uuid}/classes", Made, status=201, body=NewClassForm)
def class_create(request: Request, uuid: UUID) -> Any:
    """Open a class of one of the cohort's tracks."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    values = bind(request, NewClassForm, cohort=cohort).cleaned_data
    track, facts = values.pop("track"), acting(request)
    return {"uuid": services.add_class(track=track, values=values, **facts).uuid}


@room.writes("/cohorts/{uuid:uuid}/classes/fill", Placed)
def classes_fill(request: Request, uuid: UUID) -> Any:
    """Seat everyone who has no class yet."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return {"placed": services.place_people(cohort=cohort, **acting(request))}


@room.writes("/classes/{uuid:uuid}", Made, method="PATCH", body=ClassForm)
def class_edit(request: Request, uuid: UUID) -> Any:
    """Change a class."""
    row = _managed(ClassGroup, "track__cohort", request, uuid)
    values = bind(request, ClassForm, instance=row).cleaned_data
    services.change_class(class_group=row, values=values, **acting(request))
    return {"uuid": uuid}


@room.writes("/classes/{uuid:uuid}/removal", Made)
def class_remove(request: Request, uuid: UUID) -> Any:
    """Dissolve a class in which nobody sits."""
    row = _managed(ClassGroup, "track__cohort", request, uuid)
    services.remove_class(class_group=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/classes/{uuid:uuid}/instructors", Made, status=201, body=TeachingForm)
def teaching_add(request: Request, uuid: UUID) -> Any:
    """Let somebody teach a class."""
    row = _managed(ClassGroup, "track__cohort", request, uuid)
    values = bind(request, TeachingForm, class_group=row).cleaned_data
    facts = {**values, **acting(request)}
    return {"uuid": services.assign_teaching(class_group=row, **facts).uuid}


@room.writes("/teachings/{uuid:uuid}/end", Made)
def teaching_end(request: Request, uuid: UUID) -> Any:
    """Take somebody off a class."""
    row = _managed(Teaching, "class_group__track__cohort", request, uuid)
    services.end_teaching(teaching=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/enrolments/{uuid:uuid}/class", Made, body=SeatForm)
def seat_change(request: Request, uuid: UUID) -> Any:
    """Seat a person in another class of their track."""
    visible = rules.enrolments_managed_by(request.user)
    rows = Enrolment.objects.select_related("cohort__programme", "class_group")
    row = access.get(rows, visible, uuid=uuid)
    values = bind(request, SeatForm, enrolment=row).cleaned_data
    services.move_to_class(enrolment=row, **values, **acting(request))
    return {"uuid": uuid}


@room.writes("/cohorts/{uuid:uuid}/modules", Made, status=201, body=ModuleIn)
def module_create(request: Request, uuid: UUID) -> Any:
    """Add a module."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    plan = bind(request, ModuleForm, cohort=cohort).plan()
    return _saved(cohort, plan, request)


@room.writes("/modules/{uuid:uuid}/removal", Made)
def module_remove(request: Request, uuid: UUID) -> Any:
    """Strike a module."""
    row = _managed(Module, "cohort", request, uuid)
    facts = acting(request)
    services.remove_modules(cohort=row.cohort, uuids=[uuid], **facts)
    return {"uuid": uuid}


@room.writes("/modules/{uuid:uuid}", Made, method="PATCH", body=ModuleForm)
def module_edit(request: Request, uuid: UUID) -> Any:
    """Change a module; its key stays."""
    row = _managed(Module, "cohort", request, uuid)
    plan = bind(request, ModuleForm, instance=row, cohort=row.cohort).plan()
    return _saved(row.cohort, plan, request)


def _saved(cohort: Cohort, plan: services.ModulePlan, request: Request) -> dict[str, Any]:
    facts = acting(request)
    made = services.save_modules(cohort=cohort, plans=[plan], **facts)
    return {"uuid": made[0]}


def _managed(model: Any, to_cohort: str, request: Request, uuid: UUID) -> Any:
    near = (f"{to_cohort}__programme__organiser", f"{to_cohort}__rule_set")
    visible = rules.of_managed_cohorts(request.user, to_cohort)
    return access.get(model.objects.select_related(*near), visible, uuid=uuid)
