"""The journal's pages: that it stands, what happened to an object, and who read whose data."""

import datetime as dt
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.core import access, clock, exports, jobs
from bitgoeul.core.jobs.registry import resolve

from . import overviews, queries, rules
from .models import Entry


@require_safe
@access.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show the head of the chain, the newest seals and the newest entries."""
    access.require(rules.can_read_journal(request.user))
    page = Paginator(Entry.objects.order_by("-id"), 50).get_page(request.GET.get("page"))
    context = {
        "state": overviews.state(),
        "page": page,
        "entries": overviews.named(list(page)),
        "may_read_history": rules.can_read_history(request.user),
        "may_read_readings": rules.can_read_readings(request.user),
    }
    return render(request, "journal/home.html", context)


@require_POST
@access.signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """Have the whole chain recomputed in the background."""
    access.require(rules.can_read_journal(request.user))
    # One verification at a time and person: a second click shows the first one's progress.
    person: jobs.services.Person = request.user  # type: ignore[assignment]  # signed in
    job = jobs.enqueue(
        resolve(overviews.VERIFY_TASK),
        by=person,
        dedupe=f"journal.verify:{person.uuid}",
        at=clock.now(),
    )
    return redirect("jobs:progress", uuid=job.uuid)


@require_safe
@access.signed_in
def history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what happened to one object; an object without entries answers like a hidden one."""
    access.require(rules.can_read_history(request.user))
    found = queries.entries_about(uuid)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    access.require(bool(page.object_list))
    context = {"uuid": uuid, "page": page, "entries": overviews.named(list(page))}
    return render(request, "journal/history.html", context)


@require_safe
@access.signed_in
def readings(request: HttpRequest) -> HttpResponseBase:
    """Show, month by month, who read how many people's data; also as CSV and XLSX."""
    access.require(rules.can_read_readings(request.user))
    month = _month(request.GET.get("month", ""))
    rows = overviews.readings_in(month)
    form = request.GET.get("form", "")
    if form in {"csv", "xlsx"}:
        header = [_("Who"), _("What"), _("Times"), _("Rows of people"), _("Different people")]
        table = [(r.reader, r.what, r.readings, r.subjects, r.people) for r in rows]
        name = f"readings-{month:%Y-%m}.{form}"
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write(table, header, name)
    context = {"month": month, "months": overviews.months_with_readings(), "rows": rows}
    return render(request, "journal/readings.html", context)


def _month(text: str) -> dt.date:
    if not text:
        return clock.today().replace(day=1)
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
