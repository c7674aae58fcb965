"""The design of a cohort: what stands, what does not add up, and every change of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
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
    Enrolment,
    Module,
    SpecialDay,
    Teaching,
)
from bitgoeul.apps.programmes.queries.calendar import calendar_or_usual
from bitgoeul.apps.programmes.queries.design import (
    MODULE_HEADER,
    design_of,
    module_rows,
    modules_of,
    teachers_in,
)
from bitgoeul.apps.programmes.views.loading import (
    cohorts,
    managed_cohort,
    note_reading,
    taught_cohort,
)
from bitgoeul.apps.programmes.views.replies import (
    Crumb,
    acting,
    address,
    crumbs_of,
    done,
    form_page,
    note_choices,
)
from bitgoeul.core import access, exports
from bitgoeul.core.errors import Refused

_TRACK = ("track__cohort__programme__organiser", "track__cohort__rule_set")
_COHORT = ("cohort__programme__organiser", "cohort__rule_set")
_TEACHING = ("person", *(f"class_group__{path}" for path in _TRACK))


@require_safe
@access.signed_in
def design(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show calendar, classes and curriculum, and in words what does not add up."""
    rows = cohorts().select_related("calendar")
    cohort = access.get(rows, rules.cohorts_taught_by(request.user), uuid=uuid)
    manages = rules.can_manage_cohort(request.user, cohort)
    found = design_of(cohort)
    # Who has begun a design does not need another one.
    fresh = manages and not found.modules
    note_reading(request, teachers_in(found), what="design", about=uuid)
    context = {
        "cohort": cohort,
        "design": found,
        "manages": manages,
        "source": _source(cohort) if fresh else None,
    }
    return render(request, "programmes/design.html", context)


@require_safe
@access.signed_in
def curriculum_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the curriculum as the import reads it again; it names nobody."""
    cohort = taught_cohort(request, uuid)
    name = f"curriculum-{cohort.programme.key}-{cohort.number}"
    return exports.table_response(
        form, name, list(map(str, MODULE_HEADER)), module_rows(modules_of(cohort))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def calendar_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Set weekdays, hours and times."""
    cohort = managed_cohort(request, uuid)
    form = CalendarForm(request.POST or None, instance=calendar_or_usual(cohort))
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.set_calendar(cohort=cohort, values=form.cleaned_data, **facts),
        title=_("Calendar"),
        said=_("The calendar is set."),
        to=address("design", cohort),
        crumbs=crumbs_of(cohort, _to_design(cohort)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def special_day_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Close a day, or teach on a free one."""
    cohort = managed_cohort(request, uuid)
    form = SpecialDayForm(request.POST or None)
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.add_special_day(cohort=cohort, **form.cleaned_data, **facts),
        title=_("Add a special day"),
        said=_("The day is entered."),
        to=address("design", cohort),
        crumbs=crumbs_of(cohort, _to_design(cohort)),
    )


@require_POST
@access.signed_in
def special_day_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a special day back."""
    row = _managed(SpecialDay, _COHORT, "cohort", request, uuid)
    return done(
        request,
        lambda: services.remove_special_day(special_day=row, **acting(request)),
        said=_("The day is as the calendar says again."),
        to=address("design", row.cohort),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def class_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Open a class."""
    cohort = managed_cohort(request, uuid)
    form = NewClassForm(request.POST or None, cohort=cohort)

    def add() -> None:
        values = {**form.cleaned_data}
        track = values.pop("track")
        services.add_class(track=track, values=values, **acting(request))

    return form_page(
        request, form, add, title=_("Add a class"), said=_("The class is added."),
        to=address("design", cohort), crumbs=crumbs_of(cohort, _to_design(cohort)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def class_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a class."""
    row = _managed(ClassGroup, _TRACK, "track__cohort", request, uuid)
    cohort = row.track.cohort
    form = ClassForm(request.POST or None, instance=row)
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.change_class(class_group=row, values=form.cleaned_data, **facts),
        title=_("Change a class"),
        said=_("The class is changed."),
        to=address("design", cohort),
        crumbs=crumbs_of(cohort, _to_design(cohort)),
        remove=address("class_remove", row),
        remove_ask=_("Dissolve this class? Only a class in which nobody sits can go."),
    )


@require_POST
@access.signed_in
def class_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Dissolve a class."""
    row = _managed(ClassGroup, _TRACK, "track__cohort", request, uuid)
    return done(
        request,
        lambda: services.remove_class(class_group=row, **acting(request)),
        said=_("The class is dissolved."),
        to=address("design", row.track.cohort),
    )


@require_POST
@access.signed_in
def classes_fill(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Seat everyone who has no class yet."""
    cohort = managed_cohort(request, uuid)
    try:
        placed = services.place_people(cohort=cohort, **acting(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(number)s person has a class.", "%(number)s people have a class.", placed)
        messages.success(request, text % {"number": placed})
    return redirect("programmes:design", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def teaching_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let somebody teach a class."""
    row = _managed(ClassGroup, _TRACK, "track__cohort", request, uuid)
    cohort = row.track.cohort
    form = TeachingForm(request.POST or None, class_group=row)
    note_choices(request, form, "person")
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.assign_teaching(class_group=row, **form.cleaned_data, **facts),
        title=_("Add an instructor to %(name)s") % {"name": row.name},
        said=_("The instructor is added."),
        to=address("design", cohort),
        crumbs=crumbs_of(cohort, _to_design(cohort)),
    )


@require_POST
@access.signed_in
def teaching_end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take somebody off a class."""
    row = _managed(Teaching, _TEACHING, "class_group__track__cohort", request, uuid)
    return done(
        request,
        lambda: services.end_teaching(teaching=row, **acting(request)),
        said=_("The instructor is taken off the class."),
        to=address("design", row.class_group.track.cohort),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def seat_change(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Seat a person in another class of their track."""
    rows = Enrolment.objects.select_related("person", "track", "class_group", *_COHORT)
    row = access.get(rows, rules.enrolments_managed_by(request.user), uuid=uuid)
    form = SeatForm(request.POST or None, enrolment=row)
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.move_to_class(enrolment=row, **form.cleaned_data, **facts),
        title=_("Class of a trainee"),
        said=_("The class is changed."),
        to=address("enrolment_detail", row),
        crumbs=crumbs_of(row.cohort),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def module_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a module."""
    cohort = managed_cohort(request, uuid)
    order = Module.objects.filter(cohort=cohort).count() + 1
    form = ModuleForm(request.POST or None, cohort=cohort, initial={"order": order})
    return _module_page(request, form, cohort, title=_("Add a module"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def module_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a module."""
    row = _managed(Module, _COHORT, "cohort", request, uuid)
    form = ModuleForm(request.POST or None, cohort=row.cohort, instance=row)
    ask = _("Strike this module? Its sessions lose their subject.")
    more = {"remove": address("module_remove", row), "remove_ask": ask}
    return _module_page(request, form, row.cohort, title=_("Change a module"), **more)


def _module_page(
    request: SignedInRequest, form: ModuleForm, cohort: Cohort, *, title: str, **more: Any
) -> HttpResponse:
    facts = acting(request)
    return form_page(
        request,
        form,
        lambda: services.save_modules(cohort=cohort, plans=[form.plan()], **facts),
        title=title,
        said=_("The module is saved."),
        to=address("design", cohort),
        crumbs=crumbs_of(cohort, _to_design(cohort)),
        **more,
    )


@require_POST
@access.signed_in
def module_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Strike a module."""
    row = _managed(Module, _COHORT, "cohort", request, uuid)
    cohort, facts = row.cohort, acting(request)
    return done(
        request,
        lambda: services.remove_modules(cohort=cohort, uuids=[row.uuid], **facts),
        said=_("The module is struck."),
        to=address("design", cohort),
    )


@require_POST
@access.signed_in
def design_copy(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take over what the last cohort of the programme had."""
    cohort = managed_cohort(request, uuid)
    source = _source(cohort)
    if source is None:
        messages.error(request, _("The programme has no other cohort."))
        return redirect("programmes:design", uuid=uuid)
    return done(
        request,
        lambda: services.copy_design(cohort=cohort, source=source, **acting(request)),
        said=_("The design of cohort %(number)s is taken over.") % {"number": source.number},
        to=address("design", cohort),
    )


def _source(cohort: Cohort) -> Cohort | None:
    """The last other cohort of the programme."""
    others = Cohort.objects.filter(programme=cohort.programme).exclude(pk=cohort.pk)
    return others.order_by("-number").first()


def _managed(
    model: Any, near: tuple[str, ...], to_cohort: str, request: SignedInRequest, uuid: UUID
) -> Any:
    visible = rules.of_managed_cohorts(request.user, to_cohort)
    return access.get(model.objects.select_related(*near), visible, uuid=uuid)


def _to_design(cohort: Cohort) -> Crumb:
    return (_("Course design"), address("design", cohort))
