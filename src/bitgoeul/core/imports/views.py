"""Pages of the importer: list, upload, preview, confirm, undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bitgoeul.core import access, clock, exports, uploads
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.rules import can_read_readings
from bitgoeul.core.pages import page_of

from . import queries, rules, services, storage, workbooks
from .enums import BAD, UNWRITTEN
from .errors import FileRefused, ImportRefused, phrase
from .forms import ConfirmForm, UploadForm
from .kinds import Kind, all_kinds, get_kind
from .models import Import
from .noting import note_rows, note_uploaders

PER_PAGE = 50


def _kind(key: str) -> Kind:
    try:
        return get_kind(key)
    except ImportRefused:
        raise Http404 from None


def _import(request: HttpRequest, uuid: UUID) -> Import:
    rows = Import.objects.select_related("uploaded_by", "confirmed_by")
    return access.get(rows, rules.imports_visible_to(request.user), uuid=uuid)


def _changeable(request: HttpRequest, uuid: UUID) -> Import:
    """An import that this person may also confirm, undo or discard."""
    imported = _import(request, uuid)
    access.require(_may_change(request, imported))
    return imported


def _may_change(request: HttpRequest, imported: Import) -> bool:
    try:
        kind = get_kind(imported.kind)
        target = services.target_of(imported, kind)
    except ImportRefused:
        return False
    return rules.can_change_import(request.user, imported, kind=kind, target=target)


@require_GET
@access.signed_in
def import_list(request: HttpRequest) -> HttpResponseBase:
    """Imports made so far, and what can be imported."""
    kinds = rules.kinds_open_to(request.user)
    visible = rules.imports_visible_to(request.user)
    access.require(bool(kinds) or Import.objects.filter(visible).exists())
    imports = Import.objects.filter(visible).select_related("uploaded_by")
    titles = {kind.key: kind.title for kind in all_kinds()}
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        return exports.table_response(form, "imports", _list_header(), _lines(imports, titles))
    page = page_of(imports, request.GET.get("page"), per_page=PER_PAGE)
    note_uploaders(request, page)
    rows = [(imported, titles.get(imported.kind, imported.kind)) for imported in page]
    direct = [kind for kind in kinds if kind.target is None or kind.targets is not None]
    context = {"page": page, "rows": rows, "kinds": direct}
    return render(request, "imports/import_list.html", context)


def _list_header() -> list[str]:
    return [_("File"), _("What"), _("Into"), _("Rows"), _("State"), _("Uploaded")]


def _lines(imports: QuerySet[Import], titles: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in imports:
        title = str(titles.get(one.kind, one.kind))
        state = one.get_state_display()
        yield one.file_name, title, one.target_title, one.rows, state, one.uploaded_at


@uploads.body_up_to(storage.DOOR.most_bytes)
@access.signed_in
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Upload a file and stage its rows."""
    chosen = _kind(kind)
    target = _named_target(request, chosen)
    access.require(chosen.can(request.user, target))
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        kind=chosen,
        user=request.user,
        target=target,
    )
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data.get("target", target)
        access.require(chosen.can(request.user, into))
        imported = _take_in(request, chosen, into, form)
        if imported:
            return redirect("imports:detail", uuid=imported.uuid)
    status = 422 if request.method == "POST" else 200
    columns = chosen.labelled_columns(get_language() or "en")
    context = {"kind": chosen, "target": target, "form": form, "columns": columns}
    return render(request, "imports/upload.html", context, status=status)


def _named_target(request: HttpRequest, kind: Kind) -> Any:
    """What `?target=` names; a kind that needs a target offers a choice instead, if it can."""
    text = request.GET.get("target", "")
    if kind.target is None or (not text and kind.targets is not None):
        return None
    try:
        return kind.find_target(text)
    except ImportRefused:
        raise Http404 from None


def _take_in(request: HttpRequest, kind: Kind, target: Any, form: UploadForm) -> Import | None:
    file = form.cleaned_data["file"]
    at = clock.now()
    try:
        imported = services.upload_file(
            kind=kind,
            target=target,
            name=file.name,
            content=file.chunks(),
            by=request.user,
            at=at,
        )
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return None
    return services.request_staging(imported=imported, by=request.user, at=at)


@require_GET
@access.signed_in
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A workbook to fill in."""
    return workbooks.template_workbook(_kind(kind))


@require_GET
@access.signed_in
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The preview before, the receipt after confirmation."""
    imported = _import(request, uuid)
    return _show(request, imported, ConfirmForm(bad=imported.bad))


def _show(
    request: HttpRequest, imported: Import, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    kind = next((kind for kind in all_kinds() if kind.key == imported.kind), None)
    state = request.GET.get("state", "")
    found = queries.staged_rows(imported, state)
    page = page_of(found, request.GET.get("page"), per_page=PER_PAGE)
    rows = queries.present(imported, kind, page, language=get_language() or "en")
    note_rows(request, imported, page, what="imports.detail")
    context = {
        "imported": imported,
        "kind": kind,
        "title": kind.title if kind else imported.kind,
        "refusal": phrase(imported.refusal) if imported.refusal else "",
        "job": Job.objects.filter(uuid=imported.job_uuid).first() if imported.job_uuid else None,
        "tabs": queries.tabs_of(imported),
        "state": state,
        "page": page,
        "rows": rows,
        "any_message": any(row.messages for row in rows),
        "unused": queries.unused_headings(imported),
        "form": form,
        "may_change": _may_change(request, imported),
        "may_see_readers": can_read_readings(request.user),
        "has_file": imported.state in UNWRITTEN and storage.path_of(imported.uuid).exists(),
        "can_undo": kind is not None and kind.undo is not None,
    }
    return render(request, "imports/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.signed_in
def errors(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A workbook of only the rows to correct."""
    imported = _import(request, uuid)
    access.require(imported.erased_at is None)
    bad = imported.staged_rows.filter(state__in=BAD)
    access.require(bad.exists())
    note_rows(request, imported, bad, what="imports.errors", file=True)
    return workbooks.errors_workbook(imported)


@require_POST
@access.signed_in
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write the staged rows."""
    imported = _changeable(request, uuid)
    form = ConfirmForm(request.POST, bad=imported.bad)
    if not form.is_valid():
        return _show(request, imported, form, status=422)
    try:
        services.request_confirmation(
            imported=imported,
            by=request.user,
            at=clock.now(),
            leave_out_errors=bool(form.cleaned_data.get("leave_out")),
        )
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:detail", uuid=uuid)


@require_POST
@access.signed_in
def restage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read the kept file again, against today's data."""
    imported = _changeable(request, uuid)
    try:
        services.request_staging(imported=imported, by=request.user, at=clock.now())
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:detail", uuid=uuid)


@require_POST
@access.signed_in
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back what an import wrote."""
    imported = _changeable(request, uuid)
    try:
        services.undo_import(imported=imported, by=request.user, at=clock.now())
        messages.success(request, _("The import has been undone."))
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:detail", uuid=uuid)


@require_POST
@access.signed_in
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw an unconfirmed import away."""
    imported = _changeable(request, uuid)
    try:
        services.cancel_import(imported=imported, by=request.user, at=clock.now())
        messages.success(request, _("The import has been discarded; nothing was written."))
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:detail", uuid=uuid)
