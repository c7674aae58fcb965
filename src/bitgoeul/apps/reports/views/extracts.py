"""Extracts for research: asking, deciding, fetching, ending."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.reports import rules, services
from bitgoeul.apps.reports.forms import ExtractDecisionForm, ExtractForm
from bitgoeul.apps.reports.models import Extract
from bitgoeul.apps.reports.queries.extract import columns_of, has_withdrawn, people_in
from bitgoeul.core import access, clock, journal
from bitgoeul.core.disclosure import public_threshold
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_safe
@access.signed_in
def extract_list(request: HttpRequest) -> HttpResponse:
    """List one's own extracts, or those that one decides of."""
    access.require(rules.can_see_extracts(request.user))
    visible = Extract.objects.filter(rules.extracts_visible_to(request.user)).distinct()
    page = page_of(visible.select_related("asked_by"), request.GET.get("page"), per_page=20)
    note_askers(request, [each.asked_by.uuid for each in page])
    today = clock.today()
    rows = [(each, each.is_over(on=today)) for each in page]
    may_ask = rules.can_ask_for_extracts(request.user)
    context = {"page": page, "rows": rows, "may_ask": may_ask}
    return render(request, "reports/extract_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def extract_create(request: HttpRequest) -> HttpResponse:
    """Ask for an extract."""
    access.require(rules.can_ask_for_extracts(request.user))
    form = ExtractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            extract = services.ask_for_extract(
                **form.cleaned_data, by=access.account(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your request has been taken in."))
            return redirect("reports:extract_detail", uuid=extract.uuid)
    status = 422 if form.errors else 200
    context = {"form": form, "threshold": public_threshold()}
    return render(request, "reports/extract_create.html", context, status=status)


@require_safe
@access.signed_in
def extract_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a request and what became of it; with the decision to whoever makes it."""
    extract = load_extract(request, uuid)
    note_askers(request, people_named(extract))
    return _detail(request, extract, ExtractDecisionForm())


@require_POST
@access.signed_in
def extract_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Allow an extract or refuse it."""
    extract = load_extract(request, uuid)
    access.require(rules.can_decide_extract(request.user, extract))
    form = ExtractDecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, extract, form, status=422)
    allow, note = form.cleaned_data["decision"] == "allow", form.cleaned_data["note"]
    try:
        services.decide_extract(
            extract=extract, allow=allow, note=note, by=access.account(request), at=clock.now()
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _detail(request, extract, form, status=422)
    messages.success(request, _("The decision has been saved."))
    return redirect("reports:extract_detail", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def extract_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Hand the file to whoever asked for it, with a reason."""
    try:
        return handed_out(request, uuid)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("reports:extract_detail", uuid=uuid)


@require_POST
@access.signed_in
def extract_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an extract before its day."""
    extract = load_extract(request, uuid)
    try:
        services.end_extract(extract=extract, by=access.account(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It has ended; file and key are being destroyed."))
    return redirect("reports:extract_detail", uuid=uuid)


def load_extract(request: HttpRequest, uuid: UUID) -> Extract:
    """Load an extract that this person may see."""
    near = Extract.objects.select_related("asked_by", "decided_by")
    return access.get(near, rules.extracts_visible_to(request.user), uuid=uuid)


def handed_out(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out the file; of everyone in it that is recorded.

    Raises
    ------
    Refused
        When somebody in it has withdrawn: it is made again without them first.
    """
    extract = load_extract(request, uuid)
    ready = extract.is_ready(on=clock.today())
    access.require(rules.can_fetch_extract(request.user, extract) and ready)
    if has_withdrawn(extract):
        services.renew_extract(extract=extract, by=access.account(request), at=clock.now())
        raise Refused(_("Somebody in it has withdrawn: it is being made again without them."))
    purpose = _("Extract for research")
    people = people_in(extract)
    journal.note_download(request, people, what="reports.extract_file", purpose=purpose, about=uuid)
    return FileResponse(
        extract.file.open("rb"),
        content_type="application/zip",
        as_attachment=True,
        filename=f"bitgoeul-extract-{str(uuid)[:8]}.zip",
    )


def people_named(extract: Extract) -> list[UUID]:
    """Who is named on the page of an extract."""
    return [each.uuid for each in (extract.asked_by, extract.decided_by) if each is not None]


def note_askers(request: HttpRequest, people: list[UUID]) -> None:
    """Note that it was read who asks for extracts."""
    journal.note_page(
        request, people, what="reports.extract_list", purpose=_("Deciding of extracts for research")
    )


def _detail(
    request: HttpRequest, extract: Extract, form: ExtractDecisionForm, *, status: int = 200
) -> HttpResponse:
    may_decide = rules.can_decide_extract(request.user, extract)
    may_fetch = rules.can_fetch_extract(request.user, extract)
    today = clock.today()
    over = extract.is_over(on=today)
    context: dict[str, Any] = {
        "over": over,
        "extract": extract,
        "columns": columns_of(extract),
        "programmes": extract.programmes.all(),
        "form": form if may_decide and extract.state == "asked" else None,
        "may_fetch": may_fetch and extract.is_ready(on=today),
        "may_end": (may_fetch or may_decide) and extract.expires_on and not over,
    }
    return render(request, "reports/extract_detail.html", context, status=status)
