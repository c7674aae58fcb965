"""Entries: one's team's, and all of a contest for those who run it."""

from collections.abc import Iterator
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.forms import EntryFilter
from bitgoeul.apps.contests.models import Entry
from bitgoeul.apps.contests.queries.entries import Seen, entries_listed, entry_page, scored_rows
from bitgoeul.apps.contests.views.replies import managed
from bitgoeul.apps.contests.views.teams import PURPOSE, note
from bitgoeul.apps.labs.queries import faults
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.pages import page_of


@require_safe
@access.signed_in
def entry_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show what became of an entry: the score one may see, or what is to be corrected."""
    entry = entry_for(request, uuid)
    context = entry_page(entry, request.user, at=clock.now())
    note(request, [entry.person], what="entry", about=entry.uuid)
    context["faults"] = faults.phrased(entry.submission.faults) if entry.submission else []
    return render(request, "contests/entry_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def entry_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out what was handed in."""
    entry = entry_for(request, uuid)
    access.require(entry.submission is not None and bool(entry.submission.file))
    assert entry.submission is not None
    if rules.is_in_team(request.user, entry.team):
        note(request, [entry.person], what="entry", about=entry.uuid)
    else:
        journal.note_download(
            request, [entry.person.uuid], what="contests.entry", purpose=str(PURPOSE), about=uuid
        )
    file = entry.submission.file.open("rb")
    answer = FileResponse(file, as_attachment=True, filename=entry.submission.name)
    answer["Content-Type"] = "application/octet-stream"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def entry_list(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """List a contest's entries for those who run it; the reading is recorded."""
    contest = managed(request, uuid)
    filters = EntryFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = entries_listed(contest, name=asked.get("q", ""), state=asked.get("state", ""))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        rows = scored_rows(list(found), request.user, at=clock.now())
        people = {row.entry.person.uuid for row in rows}
        journal.note_download(
            request, people, what="contests.entries", purpose=str(PURPOSE), about=uuid
        )
        return exports.table_response(form, "entries", _header(), _lines(rows))
    page = page_of(found, request.GET.get("page"))
    rows = scored_rows(list(page), request.user, at=clock.now())
    note(request, [row.entry.person for row in rows], what="entries", about=uuid)
    context = {
        "contest": contest, "page": page, "rows": rows, "filters": filters, "runs": True,
        "phases": contest.phases.all(),
    }  # fmt: skip
    return render(request, "contests/entry_list.html", context)


def _header() -> list[str]:
    return [
        _("Team"), _("Task"), _("Handed in by"), _("Handed in"), _("State"), _("Verdict"),
        _("Public"), _("Private"), _("Chosen"), _("Data from elsewhere"), _("SHA-256"),
    ]  # fmt: skip


def _lines(rows: list[Seen]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        entry = row.entry
        digest = entry.submission.sha256 if entry.submission else ""
        yield (
            entry.team.name, str(entry.task), str(entry.person), entry.received_at,
            entry.get_state_display(), entry.get_verdict_display(), row.public, row.private,
            _("yes") if entry.final else "", entry.external_data, digest,
        )  # fmt: skip


def entry_for(request: HttpRequest, uuid: UUID) -> Entry:
    """Return an entry that one may see."""
    rows = Entry.objects.select_related(
        "team__contest__owner", "team__contest__agreement", "task__lab", "phase__contest",
        "person", "submission__lab",
    )  # fmt: skip
    return access.get(rows, rules.entries_visible_to(request.user), uuid=uuid)
