"""Versions of a programme's rules: read, proposed, withdrawn, and approved by somebody else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import RuleSetForm
from bitgoeul.apps.programmes.models import PRESET_FILES, Programme, RuleSet
from bitgoeul.apps.programmes.queries.listings import proposed_rule_set, rules_to_start_from
from bitgoeul.apps.programmes.queries.versions import versions_of
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


@require_safe
def rule_set_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show every version of a programme's rules, and what each changed."""
    user = request.user
    programme = access.get(
        Programme.objects.select_related("organiser"),
        rules.programmes_visible_to(user),
        uuid=uuid,
    )
    may_manage = rules.can_manage_programme(user, programme)
    proposed = proposed_rule_set(programme) if may_manage else None
    context = {
        "programme": programme,
        "versions": versions_of(programme, rules.rule_sets_visible_to(user)),
        "may_manage": may_manage,
        "proposed": proposed,
        "may_approve": proposed is not None and rules.can_approve_rule_set(user, proposed),
    }
    return render(request, "programmes/rule_set_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rule_set_propose(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Propose the next version, starting from the rules in force."""
    programme = access.get(
        Programme.objects.all(), rules.programmes_managed_by(request.user), uuid=uuid
    )
    at = clock.now()
    preset = PRESET_FILES.get(request.GET.get("preset", ""))
    values = preset.values if preset else rules_to_start_from(programme)
    form = RuleSetForm(request.POST or None, values=values, today=timezone.localdate(at))
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_rule_set(programme=programme, **form.facts(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The version is proposed. Somebody else must approve it."))
            return redirect("programmes:rule_set_list", uuid=uuid)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form, "programme": programme, "preset": preset, "presets": PRESET_FILES.values(),
    }  # fmt: skip
    return render(request, "programmes/rule_set_form.html", context, status=status)


@require_POST
@access.signed_in
def rule_set_approve(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Approve a version that somebody else proposed."""
    approvable = rules.rule_sets_approvable_by(request.user)
    return _step(request, uuid, approvable, services.approve_rule_set, _("The rules are approved."))


@require_POST
@access.signed_in
def rule_set_withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take back a proposal."""
    managed = rules.rule_sets_managed_by(request.user)
    return _step(
        request, uuid, managed, services.withdraw_rule_set, _("The proposal is withdrawn.")
    )


def _step(
    request: SignedInRequest, uuid: UUID, may: Q, service: Callable[..., Any], done: str
) -> HttpResponse:
    found = access.get(RuleSet.objects.select_related("programme"), may, uuid=uuid)
    try:
        service(rule_set=found, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("programmes:rule_set_list", uuid=found.programme.uuid)
