"""Getting back in when phone and recovery codes are lost: one asks, another decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import ResetForm
from bitgoeul.apps.alliance.models import SecondFactorReset, SignedInRequest, User
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused


@require_safe
@access.signed_in
def reset_list(request: SignedInRequest) -> HttpResponse:
    """Show the requests that wait and those that were decided."""
    access.require(rules.can_read_second_factor_resets(request.user))
    resets = list(queries.second_factor_resets())
    journal.record_reading(
        by=request.user,
        at=clock.now(),
        of=[reset.person.uuid for reset in resets],
        what="alliance.reset_list",
        purpose=_("Keeping accounts and roles"),
        origin=access.origin_of(request),
    )
    rows = [(r, rules.can_decide_second_factor_reset(request.user, r)) for r in resets]
    return render(request, "alliance/reset_list.html", {"rows": rows})


@require_POST
@access.signed_in
@access.confirmed
def reset_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask that a person's second step be removed."""
    person = access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)
    access.require(rules.can_ask_second_factor_reset(request.user, person))
    form = ResetForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how you recognised the person."))
        return redirect("alliance:person_detail", uuid=uuid)
    try:
        services.ask_second_factor_reset(
            person=person, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request waits for a second person. The owner is told."))
    return redirect("alliance:person_detail", uuid=uuid)


@require_POST
@access.signed_in
@access.confirmed
def reset_decide(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Grant or refuse it, as somebody other than who asked."""
    access.require(rules.can_read_second_factor_resets(request.user))
    reset = access.get(SecondFactorReset.objects.all(), access.EVERYBODY, uuid=uuid)
    granted = request.POST.get("granted") == "yes"
    try:
        services.decide_second_factor_reset(
            reset=reset, granted=granted, by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your decision has been recorded. The owner is told."))
    return redirect("alliance:reset_list")
