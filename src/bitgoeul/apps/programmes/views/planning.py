"""Setting up: a programme, the approval of its rules, its cohorts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import CohortForm, ProgrammeForm
from bitgoeul.apps.programmes.models import Programme
from bitgoeul.apps.programmes.queries.listings import approved_rule_set, rule_set_in_force
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def programme_create(request: SignedInRequest) -> HttpResponse:
    """Set up a programme and propose its first rules."""
    access.require(rules.can_create_any_programme(request.user))
    form = ProgrammeForm(request.POST or None, organisers=rules.organisers_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_programme(**form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is set up. Its rules wait for approval."))
            return redirect("programmes:programme_detail", uuid=made.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/programme_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def cohort_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Plan a cohort under the rules that are valid on its first day."""
    programme = access.get(
        Programme.objects.all(), rules.programmes_managed_by(request.user), uuid=uuid
    )
    if approved_rule_set(programme) is None:
        messages.error(request, _("A cohort needs an approved rule set of its programme."))
        return redirect("programmes:programme_detail", uuid=uuid)
    form = CohortForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        made = _planned(request, programme, form)
        if made is not None:
            return made
    context = {"form": form, "programme": programme, "presets": services.PRESETS.values()}
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/cohort_form.html", context, status=status)


def _planned(
    request: SignedInRequest, programme: Programme, form: CohortForm
) -> HttpResponse | None:
    starts_on = form.cleaned_data["starts_on"]
    rule_set = rule_set_in_force(programme, on=starts_on)
    if rule_set is None:
        form.add_error("starts_on", _("No approved version of the rules is valid on this day."))
        return None
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    try:
        made = services.create_cohort(programme=programme, rule_set=rule_set, **facts)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The cohort is planned. Applications can be opened here."))
    return redirect("programmes:cohort_detail", uuid=made.uuid)
