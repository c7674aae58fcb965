"""The journal's pages: that it stands, what happened to an object, and who read whose data."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.core import access, clock, exports, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve
from bitgoeul.core.pages import page_of

from . import downloads, overviews, queries, reviewing, rules
from .forms import ReviewForm
from .models import Entry

_ROWS_AT_MOST = 50_000


@require_safe
@access.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show the head of the chain, the newest seals and the newest entries."""
    access.require(rules.can_read_journal(request.user))
    state = overviews.state()
    entries = Entry.objects.order_by("-id")
    page = page_of(entries, request.GET.get("page"), known=state.entries)
    actors = {entry.actor_uuid for entry in page if entry.actor_uuid}
    downloads.note_page(request, actors, what="journal.home", purpose=_("Reading the journal"))
    context = {
        "state": state,
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
    page = page_of(found, request.GET.get("page"))
    access.require(bool(page.object_list))
    actors = {entry.actor_uuid for entry in page if entry.actor_uuid}
    purpose = _("Reading the journal")
    downloads.note_page(request, actors, what="journal.history", purpose=purpose, about=uuid)
    context = {"uuid": uuid, "page": page, "entries": overviews.named(list(page))}
    return render(request, "journal/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def readings(request: HttpRequest) -> HttpResponseBase:
    """Show, month by month, who read how many people's data; also as CSV and XLSX."""
    access.require(rules.can_read_readings(request.user))
    month = _month(request.GET.get("month", ""))
    form = request.GET.get("form", "")
    if form not in {"csv", "xlsx"}:
        return _review_page(request, month)
    rows = overviews.readings_in(month)
    people = {row.account for row in rows}
    downloads.note_download(request, people, what="journal.readings", purpose=_purpose())
    header = [_("Who"), _("What"), _("Times"), _("Rows of people"), _("Different people")]
    table = [(r.reader, r.what, r.readings, r.subjects, r.people) for r in rows]
    return _table(form, table, header, f"readings-{month:%Y-%m}")


def _review_page(
    request: HttpRequest, month: dt.date, form: ReviewForm | None = None
) -> HttpResponse:
    tallies = overviews.tallies_in(month)
    rows = overviews.readings_in(month, tallies=tallies)
    names = {row.account: row.reader for row in rows}
    flagged = reviewing.flagged_accounts(month, tallies=tallies, names=names)
    downloads.note_page(request, set(names), what="journal.readings", purpose=_purpose())
    review = reviewing.review_of(month)
    context = {
        "month": month,
        "months": overviews.months_with_readings(),
        "rows": rows,
        "flagged": flagged,
        "review": review,
        "reviewer": overviews.names_of([review.reviewer_uuid]) if review else {},
        "form": form or ReviewForm(flagged=bool(flagged)),
        "may_sign": review is None and overviews.bounds(month)[1] <= clock.now(),
    }
    status = 422 if form is not None else 200
    return render(request, "journal/readings.html", context, status=status)


@require_POST
@access.signed_in
def sign_off(request: HttpRequest, month: str) -> HttpResponse:
    """Sign a month's readings off, with an answer to what stands out."""
    access.require(rules.can_read_readings(request.user))
    chosen = _month(month)
    form = ReviewForm(request.POST, flagged=bool(reviewing.flags_of(chosen)))
    if form.is_valid():
        try:
            reviewing.sign_month_off(
                month=chosen, note=form.cleaned_data["note"], by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The month is signed off."))
            return redirect(f"{reverse('journal:readings')}?month={chosen:%Y-%m}")
    return _review_page(request, chosen, form)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def reading_list(request: HttpRequest) -> HttpResponseBase:
    """Show who read a file or an object, a person's data, or what an account read."""
    access.require(rules.can_read_readings(request.user))
    asked = {name: request.GET.get(name, "").strip() for name in ("about", "of", "by")}
    found = overviews.readings_found(
        about=_uuid(asked["about"]), of=_accounts(asked["of"]), by=_accounts(asked["by"])
    )
    form = request.GET.get("form", "")
    if form in {"csv", "xlsx"}:
        rows = overviews.named_readings(list(found[:_ROWS_AT_MOST]))
        accounts = {row.reading.actor_uuid for row in rows}
        downloads.note_download(request, accounts, what="journal.reading_list", purpose=_purpose())
        header = [_("When"), _("Who"), _("From where"), _("What"), _("Action"), _("What for"),
                  _("Reason"), _("Different people"), _("Seal")]  # fmt: skip
        return _table(form, [_line(row) for row in rows], header, "readings")
    page = page_of(found, request.GET.get("page"))
    readers = {reading.actor_uuid for reading in page}
    downloads.note_page(request, readers, what="journal.reading_list", purpose=_purpose())
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {"page": page, "rows": overviews.named_readings(list(page)), "query": query}
    return render(request, "journal/reading_list.html", {**context, **asked})


def _purpose() -> str:
    return _("Looking through who read whose data")


def _line(row: overviews.NamedReading) -> tuple[object, ...]:
    reading = row.reading
    return (
        reading.at,
        row.reader,
        reading.origin,
        reading.what,
        reading.get_action_display(),
        reading.purpose,
        reading.reason,
        reading.subjects,
        row.sealed_in,
    )


def _table(
    form: str, rows: Sequence[Sequence[object]], header: Sequence[str], name: str
) -> HttpResponseBase:
    write = exports.csv_response if form == "csv" else exports.xlsx_response
    return write(rows, header, f"{name}.{form}")


def _accounts(text: str) -> list[UUID] | None:
    return overviews.accounts_called(text) if text else None


def _uuid(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        raise Http404 from None


def _month(text: str) -> dt.date:
    if not text:
        return clock.today().replace(day=1)
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
