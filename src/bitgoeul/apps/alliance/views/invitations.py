"""Invitations into a role: the list, a new one, and the page that the letter leads to."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import InvitationFilter, JoinForm, RoleInvitationForm
from bitgoeul.apps.alliance.models import Organisation, RoleInvitation, SignedInRequest, User
from bitgoeul.apps.alliance.views.tables import table_response
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
@keeps_views
def invitation_list(request: SignedInRequest) -> HttpResponseBase:
    """List invitations by address and state; `form` asks for the same as CSV or XLSX."""
    user, at = request.user, clock.now()
    access.require(rules.can_send_invitations(user))
    filters = InvitationFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.invitations_listed(
        rules.invitations_visible_to(user),
        name=asked.get("q", ""),
        state=asked.get("state", ""),
        at=at,
    )
    if request.GET.get("form") in {"csv", "xlsx"}:
        _note_file(request, found)
        header = [_("E-mail"), _("Organisation"), _("Role"), _("Invited"), _("State")]
        lines = (_line(row, at=at) for row in exports.rows_of(found))
        return table_response(request.GET["form"], "invitations", header, lines)
    page = page_of(found, request.GET.get("page"))
    _note(request, page)
    rows = [(row, row.state(at=at), rules.can_manage_invitation(user, row)) for row in page]
    context = {"page": page, "rows": rows, "filters": filters}
    return render(request, "alliance/invitation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@access.confirmed
def invitation_create(request: SignedInRequest) -> HttpResponse:
    """Ask an address into a role."""
    access.require(rules.can_send_invitations(request.user))
    initial = {"organisation": _named_in(request)}
    form = RoleInvitationForm(request.POST or None, person=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite_into_role(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The letter is on its way. Its link works for seven days."))
            return redirect("alliance:invitation_list")
    status = 422 if form.errors else 200
    return render(request, "alliance/invitation_form.html", {"form": form}, status=status)


@require_POST
@access.signed_in
@access.confirmed
def invitation_resend(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send a new link; the old one dies."""
    invitation = _managed(request, uuid)
    try:
        services.resend_role_invitation(invitation=invitation, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The letter is on its way. Its link works for seven days."))
    return redirect("alliance:invitation_list")


@require_POST
@access.signed_in
@access.confirmed
def invitation_revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take it back: the link dies at once."""
    invitation = _managed(request, uuid)
    try:
        services.revoke_role_invitation(invitation=invitation, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation has been taken back."))
    return redirect("alliance:invitation_list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def role_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds the letter take the role: signed in, or with a first password."""
    invitation = services.role_invitation_of(token, at=clock.now())
    if invitation is None:
        return render(request, "alliance/invitation_gone.html", status=410)
    owner = queries.account_of(invitation.email)
    context: dict[str, Any] = {"invitation": invitation, "path": request.path}
    if isinstance(request.user, User):
        return _as_oneself(request, token, {**context, "is_owner": request.user == owner})
    if owner is not None and queries.can_sign_in(owner):
        return render(request, "alliance/role_invitation.html", {**context, "signs_in": True})
    return _as_somebody_new(request, token, context, name=owner.full_name if owner else "")


def _as_oneself(request: HttpRequest, token: str, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        try:
            services.accept_role_invitation(
                invitation=context["invitation"],
                token=token,
                person=access.account(request),
                at=clock.now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return render(request, "alliance/role_invitation.html", context, status=422)
        messages.success(request, _("You have the role now."))
        return redirect("alliance:me")
    return render(request, "alliance/role_invitation.html", context)


def _as_somebody_new(
    request: HttpRequest, token: str, context: dict[str, Any], *, name: str
) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"full_name": name})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            services.join_by_role_invitation(
                invitation=context["invitation"],
                token=token,
                full_name=facts["full_name"],
                password=facts["password1"],
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("password1", str(refusal))
        else:
            messages.success(request, _("Your password is set. You can sign in now."))
            return redirect("account_login")
    status = 422 if form.errors else 200
    context = {**context, "form": form}
    return render(request, "alliance/role_invitation.html", context, status=status)


def _managed(request: SignedInRequest, uuid: UUID) -> RoleInvitation:
    rows = RoleInvitation.objects.select_related("organisation")
    invitation = access.get(rows, rules.invitations_visible_to(request.user), uuid=uuid)
    access.require(rules.can_manage_invitation(request.user, invitation))
    return invitation


def _named_in(request: SignedInRequest) -> Organisation | None:
    """The organisation from whose page one comes."""
    asked = request.GET.get("organisation", "")
    found = asked[:9] if asked.isascii() and asked.isdigit() else None
    return Organisation.objects.filter(pk=found).first() if found else None


def _line(row: RoleInvitation, *, at: dt.datetime) -> tuple[object, ...]:
    role, state = row.get_role_display(), row.state(at=at).label
    return (row.email, row.organisation.name, role, row.invited_at, state)


def _note(request: SignedInRequest, rows: Iterable[RoleInvitation]) -> None:
    """Record whose addresses are shown; those without an account are counted."""
    journal.note_page(
        request,
        {row.accepted_by.uuid for row in rows if row.accepted_by is not None},
        what="alliance.invitation_list",
        purpose=_("Keeping accounts and roles"),
        unnamed=sum(row.accepted_by is None for row in rows),
    )


def _note_file(request: SignedInRequest, found: QuerySet[RoleInvitation]) -> None:
    journal.note_download(
        request,
        exports.column_of(found.filter(accepted_by__isnull=False), "accepted_by__uuid"),
        what="alliance.invitation_file",
        purpose=_("Keeping accounts and roles"),
        unnamed=found.filter(accepted_by__isnull=True).count(),
    )
