"""What an instructor sees of a lab as a whole, and the catalogue of open labs for everybody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.forms import CatalogueFilter
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def open_list(request: HttpRequest) -> HttpResponse:
    """List the labs that any citizen may do: no account to read, one to hand in."""
    filters = CatalogueFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.open_labs(
        at=clock.now(),
        name=asked.get("q", ""),
        kind=asked.get("kind", ""),
        skill=asked.get("skill", ""),
    )
    page = page_of(found, request.GET.get("page"))
    user = request.user
    best = queries.best_scores_of_person(user, page) if user.is_authenticated else {}
    context = {"page": page, "filters": filters, "best": best}
    return render(request, "labs/open_list.html", context)


@require_safe
@access.signed_in
def error_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show which checks many do not pass, and what they are told."""
    lab = _staffed(request, uuid)
    context = {"lab": lab, "troubles": queries.common_errors(lab)}
    return render(request, "labs/error_list.html", context)


@require_safe
@access.signed_in
def change_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show what the newest grading changed; earlier marks are kept."""
    lab = _staffed(request, uuid)
    changes = queries.regrade_changes(lab)
    page = page_of(changes, request.GET.get("page"))
    people = [change.person.uuid for change in page]
    purpose = _("Teaching and marking")
    journal.note_page(request, people, what="labs.change_list", purpose=purpose, about=lab.uuid)
    lost = sum(change.lost for change in changes)
    context = {"lab": lab, "page": page, "lost": lost}
    return render(request, "labs/change_list.html", context)


@require_safe
@access.signed_in
def similarity(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show which submissions resemble each other, as the last comparison found it."""
    lab = _staffed(request, uuid)
    report = lab.similarity_reports.first()
    pairs = queries.pairs_shown(report) if report else []
    people = [one.person.uuid for pair in pairs for one in (pair.first, pair.second)]
    purpose = _("Teaching and marking")
    journal.note_page(request, people, what="labs.similarity", purpose=purpose, about=lab.uuid)
    may_compare = lab.kind in services.COMPARED
    context = {"lab": lab, "report": report, "pairs": pairs, "may_compare": may_compare}
    return render(request, "labs/similarity.html", context)


@require_POST
@access.signed_in
def similarity_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Have everybody's newest submission compared with all others."""
    lab = _staffed(request, uuid)
    try:
        services.ask_comparison(lab=lab, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The submissions are being compared. Look again in a moment."))
    return redirect("labs:similarity", uuid=uuid)


def _staffed(request: SignedInRequest, uuid: UUID) -> Lab:
    rows = Lab.objects.select_related("owner")
    lab = access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_view_submissions(request.user, lab))
    return lab
