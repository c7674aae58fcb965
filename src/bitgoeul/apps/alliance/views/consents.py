"""The consent register: texts, who consented to which version, and one's own history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import ConsentFilter, ConsentTextForm
from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused


@require_safe
@access.signed_in
def consent_register(request: SignedInRequest) -> HttpResponse:
    """Show who consented to which version when and through what, with counts by purpose."""
    access.require(rules.can_read_consents(request.user))
    filters = ConsentFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.consents_listed(
        name=asked.get("q", ""), purpose=asked.get("purpose", ""), state=asked.get("state", "")
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    journal.record_reading(
        by=request.user,
        at=clock.now(),
        of=[consent.person.uuid for consent in page],
        what="alliance.consent_register",
        purpose=_("Keeping the consent register"),
        origin=access.origin_of(request),
    )
    counts = queries.consent_counts(on=clock.today())
    context = {"page": page, "filters": filters, "counts": counts}
    return render(request, "alliance/consent_register.html", context)


@require_safe
@access.signed_in
def consent_text_list(request: SignedInRequest) -> HttpResponse:
    """Show every version of every text."""
    access.require(rules.can_publish_consent_text(request.user))
    context = {"texts": queries.consent_texts_listed(), "today": clock.today()}
    return render(request, "alliance/consent_text_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@access.confirmed
def consent_text_create(request: SignedInRequest) -> HttpResponse:
    """Write the next version; it starts from the newest one of the purpose asked for."""
    access.require(rules.can_publish_consent_text(request.user))
    form = ConsentTextForm(request.POST or None, initial=_newest(request.GET.get("purpose", "")))
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_consent_text(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The text has been published."))
            return redirect("alliance:consent_text_list")
    status = 422 if form.errors else 200
    return render(request, "alliance/consent_text_form.html", {"form": form}, status=status)


@require_safe
@access.signed_in
def consent_history(request: SignedInRequest) -> HttpResponse:
    """Show a person everything they ever consented to and took back."""
    context = {"consents": queries.consent_history(request.user)}
    return render(request, "alliance/consent_history.html", context)


def _newest(purpose: str) -> dict[str, object]:
    newest = queries.consent_texts_listed().filter(purpose=purpose).first()
    today = {"published_on": clock.today(), "asks_again": True}
    if newest is None:
        return today
    fields = ("purpose", "text_ko", "text_en", "required")
    return {name: getattr(newest, name) for name in fields} | today
