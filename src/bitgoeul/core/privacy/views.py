"""What is kept about me, asking to be forgotten, deciding of it, and the proof."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.core import access, clock, jobs, journal
from bitgoeul.core.errors import Refused

from . import files, queries, rules, services, tasks
from .erasing import kept_about
from .forms import DecisionForm, WishForm
from .models import Certificate, ErasureRequest


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show a person what is kept about them and until when; take their request in."""
    person = access.account(request)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_erasure(
                person=person, wish=form.cleaned_data["wish"], by=person, at=clock.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your request has been taken in."))
        return redirect("privacy:mine")
    kept = kept_about(person)
    context = {
        "kept": [each for each in kept if not each.stays],
        "links": [each for each in kept if each.stays],
        "requests": list(person.erasure_requests.prefetch_related("items")),
        "waiting": person.erasure_requests.filter(state__in=("open", "decided")).exists(),
        "form": form,
        "today": clock.today(),
    }
    return render(request, "privacy/mine.html", context, status=422 if form.errors else 200)


@require_safe
@access.signed_in
def my_file(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is kept about the person who asks."""
    content = files.zip_of(access.account(request), as_of=clock.now())
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@access.signed_in
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take one's request back."""
    person = access.account(request)
    found = person.erasure_requests.filter(state=ErasureRequest.State.OPEN).first()
    try:
        if found is None:
            raise Refused(_("No request of yours is waiting."))
        services.withdraw_request(request=found, by=person, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your request has been taken back."))
    return redirect("privacy:mine")


@require_safe
@access.signed_in
def request_list(request: HttpRequest) -> HttpResponse:
    """List requests, the waiting ones in the order of asking."""
    access.require(rules.can_decide_erasures(request.user))
    waiting = request.GET.get("state", "open") != "all"
    found = queries.requests_listed(open_only=waiting)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    people = [each.person.uuid for each in page]
    journal.note_page(request, people, what="privacy.request_list", purpose=_purpose())
    return render(request, "privacy/request_list.html", {"page": page, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def request_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a request with what the law keeps and why; take the decision of every part."""
    access.require(rules.can_decide_erasures(request.user))
    rows = ErasureRequest.objects.select_related("person", "decided_by")
    found = access.get(rows, rules.requests_visible_to(request.user), uuid=uuid)
    journal.note_page(
        request, [found.person.uuid], what="privacy.request", purpose=_purpose(), about=uuid
    )
    today = clock.today()
    items = services.items_of(found)
    data = request.POST if request.method == "POST" else None
    forms = [
        DecisionForm(data, item=item, held=bool(item.keep_until and item.keep_until >= today))
        for item, _kept in items
    ]
    # Every form is looked at, so that all faults show at once.
    valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(valid) and _decide(request, found, forms):
        return redirect("privacy:request_detail", uuid=uuid)
    context = {
        "erasure": found,
        "rows": list(zip(items, forms, strict=True)),
        "open": found.state == ErasureRequest.State.OPEN,
        "certificates": queries.certificates_of(found.uuid),
        "today": today,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "privacy/request_detail.html", context, status=status)


def _decide(request: HttpRequest, found: ErasureRequest, forms: list[DecisionForm]) -> bool:
    person, at = access.account(request), clock.now()
    decisions = dict(form.decided() for form in forms)
    try:
        services.decide_request(request=found, decisions=decisions, by=person, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    jobs.enqueue(tasks.erase_what_is_due, by=person, dedupe="privacy.erase")
    messages.success(request, _("It is decided; what may go now is being erased."))
    return True


@require_safe
def proof(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what became of a request, without a name: for whoever holds its number."""
    found = ErasureRequest.objects.filter(uuid=uuid).prefetch_related("items").first()
    if found is None:
        raise Http404
    context = {"erasure": found, "certificates": queries.certificates_of(uuid)}
    return render(request, "privacy/proof.html", context)


@require_safe
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out a certificate, for `bitgoeul verify certificate`; it names nobody."""
    found = Certificate.objects.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    answer = JsonResponse(queries.proof_of(found), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="certificate-{uuid}.json"'
    return answer


def _purpose() -> str:
    return _("Deciding of requests for erasure")
