"""What can be achieved: open to every reader, written by the issuers' staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.credentials import queries, rules, services
from bitgoeul.apps.credentials.forms import (
    AchievementFilter,
    AchievementForm,
    AchievementWordsForm,
)
from bitgoeul.apps.credentials.models import Achievement
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def achievement_list(request: HttpRequest) -> HttpResponseBase:
    """List what can be achieved."""
    filters = AchievementFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.achievements_listed(name=asked.get("q", ""), kind=asked.get("kind", ""))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Title"), _("Kind"), _("Issued by"), _("Skills"), _("Criteria")]
        return exports.table_response(form, "achievements", header, map(_line, found))
    page = page_of(found, request.GET.get("page"))
    may_create = rules.can_create_achievement(request.user)
    context = {"page": page, "filters": filters, "may_create": may_create}
    return render(request, "credentials/achievement_list.html", context)


def _line(row: Achievement) -> tuple[object, ...]:
    skills = ", ".join(skill.name for skill in row.skills.all())
    return row.title, row.get_kind_display(), row.issuer.name, skills, row.criteria


@require_safe
def achievement_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what it takes, and which skills it proves."""
    row = _one(uuid)
    context = {
        "achievement": row,
        "skills": row.skills.all(),
        "may_manage": rules.can_manage_achievement(request.user, row),
    }
    return render(request, "credentials/achievement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def achievement_create(request: SignedInRequest) -> HttpResponse:
    """Write down what can be achieved."""
    access.require(rules.can_create_achievement(request.user))
    form = AchievementForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.create_achievement(**form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The achievement has been written."))
            return redirect("credentials:achievement_detail", uuid=row.uuid)
    status = 422 if form.errors else 200
    return render(request, "credentials/achievement_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def achievement_change(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change words and skills; what was issued keeps its own."""
    row = _managed(request, uuid)
    form = AchievementWordsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            services.update_achievement(achievement=row, **form.facts(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The achievement has been changed."))
            return redirect("credentials:achievement_detail", uuid=uuid)
    context = {"form": form, "achievement": row}
    status = 422 if form.errors else 200
    return render(request, "credentials/achievement_form.html", context, status=status)


@require_POST
@access.signed_in
def achievement_retire(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Issue it no more."""
    row = _managed(request, uuid)
    try:
        services.retire_achievement(achievement=row, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is no longer issued. What was issued stays valid."))
    return redirect("credentials:achievement_detail", uuid=uuid)


def _one(uuid: UUID) -> Achievement:
    rows = Achievement.objects.select_related("issuer")
    return access.get(rows, access.EVERYBODY, uuid=uuid)


def _managed(request: SignedInRequest, uuid: UUID) -> Achievement:
    rows = Achievement.objects.select_related("issuer")
    return access.get(rows, rules.achievements_manageable_by(request.user), uuid=uuid)
