"""A person's own page: their data, their roles, their consents, and who read about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.forms import PersonForm
from bitgoeul.apps.alliance.models import ConsentText, SignedInRequest
from bitgoeul.core import access, clock, personal_data
from bitgoeul.core.errors import Refused


@require_safe
@access.signed_in
def me(request: SignedInRequest) -> HttpResponse:
    """Show a person everything that this room keeps about them."""
    context = {
        "seats": rules.seats_of(request.user),
        "memberships": queries.memberships_of(request.user),
        "may_read_consents": rules.can_read_consents(request.user),
        "purposes": queries.purposes_of(request.user, on=clock.today()),
        "accesses": queries.accesses_to(request.user),
        "may_decide_erasures": rules.can_decide_erasures(request.user),
    }
    return render(request, "alliance/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def me_edit(request: SignedInRequest) -> HttpResponse:
    """Change one's own data."""
    form = PersonForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_person(
                person=request.user, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("alliance:me")
    status = 422 if form.errors else 200
    return render(request, "alliance/me_edit.html", {"form": form}, status=status)


@require_POST
@access.signed_in
def consent_give(request: SignedInRequest) -> HttpResponse:
    """Consent to the text that was shown (by its uuid, so no other version can slip in)."""
    standing = queries.purposes_of(request.user, on=clock.today())
    shown = {str(row.text.uuid): row.text for row in standing}
    text = shown.get(request.POST.get("text", ""))
    if text is None:
        messages.error(request, _("The text has changed meanwhile. Please read the new one."))
        return redirect("alliance:me")
    services.give_consents(person=request.user, texts=[text], by=request.user, at=clock.now())
    messages.success(request, _("Your consent has been recorded."))
    return redirect("alliance:me")


@require_POST
@access.signed_in
def consent_withdraw(request: SignedInRequest) -> HttpResponse:
    """Withdraw consent to a purpose."""
    purpose = request.POST.get("purpose", "")
    try:
        services.withdraw_consent(
            person=request.user, purpose=purpose, by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your consent has been withdrawn. It takes effect at once."))
    return redirect("alliance:me")


@require_safe
@access.signed_in
@access.confirmed
def my_data(request: SignedInRequest) -> HttpResponse:
    """Hand out everything that is kept about the person who asks, as one JSON file."""
    answer = JsonResponse(
        {"as_of": clock.now(), "rooms": personal_data.collect(request.user)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@require_safe
def consent_text(request: HttpRequest, purpose: str, version: int) -> HttpResponse:
    """Show one published version of a text, so that what was agreed to can be read again."""
    published = ConsentText.objects.filter(published_on__lte=clock.today())
    text = get_object_or_404(published, purpose=purpose, version=version)
    context = {"text": text, "effect": Purpose(text.purpose).label}
    return render(request, "alliance/consent_text.html", context)
