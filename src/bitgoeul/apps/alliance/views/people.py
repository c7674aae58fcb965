"""Accounts and roles: the administrators' list, and one person's page for whoever may see it."""

from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import (
    FirstPasswordForm,
    MembershipEndForm,
    MembershipForm,
    NameForm,
    NewPersonForm,
    PeopleFilter,
    ResetForm,
)
from bitgoeul.apps.alliance.models import Membership, SignedInRequest, User
from bitgoeul.apps.alliance.views.tables import people_table, table_response
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.rules import can_read_readings
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@keeps_views
def person_list(request: SignedInRequest) -> HttpResponseBase:
    """List accounts by name, e-mail and role; `form` asks for the same as CSV or XLSX."""
    access.require(rules.can_view_people(request.user))
    filters = PeopleFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    visible = rules.people_visible_to(request.user)
    found = queries.people_listed(visible, name=asked.get("q", ""), role=asked.get("role", ""))
    if request.GET.get("form") in {"csv", "xlsx"}:
        journal.note_download(
            request,
            exports.column_of(found, "uuid"),
            what="alliance.person_file",
            purpose=_("Keeping accounts and roles"),
        )
        header = [_("Full name"), _("E-mail"), _("Roles")]
        return table_response(
            request.GET["form"], "people", header, map(_line, exports.rows_of(found))
        )
    page = page_of(found, request.GET.get("page"))
    _note_reading(request, [person.uuid for person in page], what="alliance.person_list")
    context = {"page": page, "table": people_table(page), "filters": filters}
    return render(request, "alliance/person_list.html", context)


@require_safe
@access.signed_in
def person_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show one person with their roles."""
    person = access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)
    return _person_page(request, person)


def _person_page(
    request: SignedInRequest, person: User, form: MembershipForm | None = None
) -> HttpResponse:
    user = request.user
    _note_reading(request, [person.uuid], what="alliance.person_detail")
    manages = rules.can_manage_memberships(user)
    if form is None and manages:
        form = MembershipForm(initial={"started_on": clock.today()})
    context = {
        "person": person,
        "memberships": queries.memberships_of(person).filter(rules.memberships_visible_to(user)),
        "may_manage": manages,
        "may_update": rules.can_update_person(user, person),
        "may_see_readers": can_read_readings(user),
        "may_invite": rules.can_invite_person(user, person) and not person.has_usable_password(),
        "reset_form": ResetForm() if rules.can_ask_second_factor_reset(user, person) else None,
        "form": form,
        "end_form": MembershipEndForm(initial={"ended_on": clock.today()}) if manages else None,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "alliance/person_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def person_create(request: SignedInRequest) -> HttpResponse:
    """Make a person known; they are invited from their page."""
    access.require(rules.can_view_people(request.user))
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.register_person(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The person has been registered."))
            return redirect("alliance:person_detail", uuid=person.uuid)
    status = 422 if form.errors else 200
    return render(request, "alliance/person_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def person_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Correct a person's data on their behalf."""
    person = access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)
    access.require(rules.can_rename_person(request.user, person))
    _note_reading(request, [person.uuid], what="alliance.person_edit")
    form = NameForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_person(
                person=person, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("alliance:person_detail", uuid=uuid)
    context = {"form": form, "person": person}
    return render(request, "alliance/person_form.html", context, status=422 if form.errors else 200)


@require_POST
@access.signed_in
@access.confirmed
def person_invite(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send the letter with which a person sets their first password."""
    person = access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)
    access.require(rules.can_invite_person(request.user, person))
    try:
        services.invite(person=person, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The letter is on its way. Its link works for seven days."))
    return redirect("alliance:person_detail", uuid=uuid)


@require_POST
@access.signed_in
@access.confirmed
def membership_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give a person a role."""
    person = access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)
    access.require(rules.can_manage_memberships(request.user))
    form = MembershipForm(request.POST)
    if not form.is_valid():
        return _person_page(request, person, form)
    try:
        services.add_membership(person=person, **form.cleaned_data, by=request.user, at=clock.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _person_page(request, person, form)
    messages.success(request, _("The role has been given."))
    return redirect("alliance:person_detail", uuid=uuid)


@require_POST
@access.signed_in
@access.confirmed
def membership_end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End a role."""
    access.require(rules.can_manage_memberships(request.user))
    membership = access.get(
        Membership.objects.select_related("person"),
        rules.memberships_visible_to(request.user),
        uuid=uuid,
    )
    form = MembershipEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return redirect("alliance:person_detail", uuid=membership.person.uuid)
    try:
        services.end_membership(
            membership=membership, **form.cleaned_data, by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role has been ended."))
    return redirect("alliance:person_detail", uuid=membership.person.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a letter set their first password."""
    person = services.person_of_invitation(token)
    if person is None:
        return render(request, "alliance/invitation_gone.html", status=410)
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(
                token=token, password=form.cleaned_data["password1"], at=clock.now()
            )
        except Refused as refusal:
            form.add_error("password1", str(refusal))
        else:
            messages.success(request, _("Your password is set. You can sign in now."))
            return redirect("account_login")
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "alliance/invitation.html", context, status=status)


def _line(person: User) -> tuple[str, str, str]:
    held: list[Membership] = person.roles_held  # type: ignore[attr-defined]  # prefetched
    roles = ", ".join(f"{m.get_role_display()} ({m.organisation})" for m in held)
    return person.full_name, person.email, roles


def _note_reading(request: SignedInRequest, of: list[UUID], *, what: str) -> None:
    journal.note_page(request, of, what=what, purpose=_("Keeping accounts and roles"))


def _first_error(form: BaseForm) -> str:
    return next(str(found[0]) for found in form.errors.values())
