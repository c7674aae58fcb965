"""Shared documents: one rule says who reads them, on every page and for every download."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import (
    CommitteeReasonForm,
    DocumentFilter,
    DocumentForm,
    VersionForm,
    paper_of,
)
from bitgoeul.apps.alliance.models import DocumentVersion, SharedDocument, SignedInRequest
from bitgoeul.apps.alliance.views.actions import as_download
from bitgoeul.apps.alliance.views.committee_tables import (
    document_header,
    document_row,
    documents_table,
)
from bitgoeul.apps.alliance.views.committees import address, committee_for, crumbs_of, note
from bitgoeul.apps.alliance.views.decisions import asked_of
from bitgoeul.apps.alliance.views.replies import done, form_page, reason_of
from bitgoeul.core import access, clock, exports, journal, uploads
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def document_list(request: HttpRequest) -> HttpResponseBase:
    """List what one may read; `form` asks for the same as CSV or XLSX."""
    filters = DocumentFilter(request.GET)
    asked = asked_of(filters)
    visible = rules.documents_visible_to(request.user)
    found = queries.documents_listed(
        visible, text=asked.get("q", ""), access=asked.get("access", "")
    )
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        rows = map(document_row, found)
        return exports.table_response(form, "documents", document_header(), rows)
    page = page_of(found, request.GET.get("page"))
    mine = queries.committees().filter(rules.committees_visible_to(request.user)).distinct()
    own = [each for each in mine if rules.can_share_document(request.user, each)]
    context = {"page": page, "table": documents_table(page), "filters": filters, "committees": own}
    return render(request, "alliance/document_list.html", context)


def document_for(request: HttpRequest, uuid: UUID) -> SharedDocument:
    """Load a document that the person may read."""
    return access.get(queries.documents(), rules.documents_visible_to(request.user), uuid=uuid)


@require_safe
def document_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a document with its versions; who uploaded them stands there for members."""
    document, user = document_for(request, uuid), request.user
    inside = rules.can_view_committee(user, document.committee)
    if user.is_authenticated and inside:
        people = queries.people_of(document.versions.all(), "uploaded_by")
        note(request, people, what="alliance.document", about=uuid)  # type: ignore[arg-type]  # signed in
    context = {
        "document": document,
        "committee": document.committee,
        "inside": inside,
        "may_change": rules.can_change_document(user, document),
        "version_form": VersionForm(),
        "reason_form": CommitteeReasonForm(),
    }
    return render(request, "alliance/document_detail.html", context)


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def document_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Share a document."""
    committee = committee_for(request, uuid)
    access.require(rules.can_share_document(request.user, committee))
    start = {"item": request.GET.get("item", "")}
    form = DocumentForm(
        request.POST or None, request.FILES or None, committee=committee, initial=start
    )
    return form_page(
        request,
        form,
        lambda: services.share_document(
            committee=committee, **form.facts(), by=request.user, at=clock.now()
        ),
        title=_("Share a document"),
        said=_("The document has been shared."),
        to=lambda made: reverse("alliance:document_detail", kwargs={"uuid": made.uuid}),
        crumbs=crumbs_of(committee),
        cancel=address(committee),
    )


def _changeable(request: SignedInRequest, uuid: UUID) -> SharedDocument:
    document = document_for(request, uuid)
    access.require(rules.can_change_document(request.user, document))
    return document


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def version_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a version."""
    document = _changeable(request, uuid)
    form = VersionForm(request.POST or None, request.FILES or None)
    here = reverse("alliance:document_detail", kwargs={"uuid": uuid})

    def add() -> DocumentVersion:
        paper = paper_of(form.cleaned_data["file"])
        facts = {"note": form.cleaned_data["note"], "by": request.user, "at": clock.now()}
        return services.add_document_version(document=document, paper=paper, **facts)  # type: ignore[arg-type]  # the form demands the file

    return form_page(
        request,
        form,
        add,
        title=_("Add a version"),
        said=_("The version has been added."),
        to=lambda _version: here,
        crumbs=[*crumbs_of(document.committee), (document.title, here)],
        cancel=here,
    )


@require_POST
@access.signed_in
def document_withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a document: nobody reads it any more."""
    document, reason = _changeable(request, uuid), reason_of(CommitteeReasonForm(request.POST))
    to = "alliance:document_list" if reason.strip() else "alliance:document_detail"
    where = {} if reason.strip() else {"uuid": uuid}
    return done(
        request,
        lambda: services.withdraw_document(
            document=document, reason=reason, by=request.user, at=clock.now()
        ),
        said=_("The document has been withdrawn. Nobody can read it any more."),
        to=reverse(to, kwargs=where),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document_file(request: HttpRequest, uuid: UUID, number: int) -> HttpResponseBase:
    """Hand out a version; one with personal data asks for the reason, and it is recorded."""
    document = document_for(request, uuid)
    version = next((each for each in document.versions.all() if each.number == number), None)
    access.require(version is not None)
    assert version is not None
    if document.personal:
        purpose = _("Work of the steering committee")
        journal.note_download(
            request, [], what="alliance.document_file", purpose=purpose, about=uuid, unnamed=1
        )
    return as_download(version.file.open("rb"), version.name)
