"""The importer for programs: upload, look, confirm, undo, by the steps of the pages."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, given
from bitgoeul.core.api.documents import answer_refusals
from bitgoeul.core.api.rooms import XLSX, Request, Room, require_files
from bitgoeul.core.api.rows import At, Row, listed, one, whole
from bitgoeul.core.api.values import Short

from . import queries, rules, services, storage, views
from .enums import BAD, ImportState
from .errors import FileRefused, ImportRefused, phrase
from .kinds import Kind, all_kinds, get_kind
from .models import Import
from .noting import note_rows, note_uploaders

room = Room("imports", title=_("Imports"))
answer_refusals(ImportRefused, "refused")
answer_refusals(FileRefused, "invalid")


class ColumnOut(Row):
    """A column that a kind of file may have."""

    key: str
    label: str


class KindOut(Row):
    """A kind of file that one may import."""

    key: str
    title: str
    needs_target: bool
    columns: list[ColumnOut]


class ImportRow(Row):
    """An import in a list."""

    uuid: UUID
    kind: str
    target: Annotated[UUID | None, At("target_uuid")]
    state: ImportState
    file_name: str
    rows: int
    new: int
    changed: int
    same: int
    errors: int
    duplicates: int
    left_out: int
    uploaded_by: Annotated[UUID | None, At("uploaded_by__uuid")]
    uploaded_at: dt.datetime
    confirmed_at: dt.datetime | None
    job: Annotated[UUID | None, At("job_uuid")]


class ImportOut(ImportRow):
    """An import, with the reason when its file cannot be read or written."""

    refusal: Annotated[dict[str, Any] | None, At("refusal")]
    message: Annotated[str, At("")]


class StagedRowOut(Row):
    """A line of the file."""

    line: int
    state: str
    raw: list[Any]
    errors: list[Any]


class ReceiptError(Row):
    """What is wrong in a line."""

    row: int
    column: str
    value: str
    message: str


class ReceiptOut(Row):
    """Counts and errors, as the command prints them."""

    rows: int
    new: int
    changed: int
    same: int
    errors: list[ReceiptError]
    absent: int
    left_out: int
    state: str
    import_: str


class UploadIn(Body):
    """Where the file goes, if its kind needs that: an identifier, or a name the kind knows."""

    target: Short = ""


class ConfirmIn(Body):
    """Whether rows with errors are left out."""

    leave_out_errors: bool = False


class Taken(Row):
    """An import and where it stands."""

    uuid: UUID
    state: ImportState


@room.lists("/kinds", KindOut)
def kind_list(request: Request) -> Any:
    """List what one may import, with the columns."""
    language = get_language() or "en"
    return whole(
        [
            {
                "key": kind.key,
                "title": str(kind.title),
                "needs_target": kind.target is not None,
                "columns": [
                    {"key": column.key, "label": label}
                    for label, column in kind.labelled_columns(language)
                ],
            }
            for kind in _open_kinds(request)
        ]
    )


room.hands_out("/kinds/{slug:kind}/template.xlsx", views.template, XLSX, name="template")


@room.lists("/files", ImportRow)
def import_list(request: Request) -> Any:
    """List imports, the newest first."""
    _open_kinds(request)
    found = Import.objects.filter(rules.imports_visible_to(request.user))
    page = listed(request, found, ImportRow, newest_first=True)
    uploaders = [row["uploaded_by"] for row in page["items"] if row["uploaded_by"]]
    named = [SimpleNamespace(uploaded_by=SimpleNamespace(uuid=uuid)) for uuid in uploaders]
    note_uploaders(request, named)  # type: ignore[arg-type]  # all that is read of them
    return page


@room.writes(
    "/kinds/{slug:kind}/files",
    Taken,
    status=202,
    body=UploadIn,
    files=("file",),
    most_bytes=storage.DOOR.most_bytes,
)
def upload(request: Request, kind: Short) -> Taken:
    """Upload a file; it is read at once or soon: ask again until its state is not `staging`."""
    chosen = _kind(kind)
    target = _target(chosen, given(request).target)
    access.require(chosen.can(request.user, target))
    require_files(request)
    file: Any = request.FILES["file"]
    by, at = request.user, clock.now()
    imported = services.upload_file(
        kind=chosen, target=target, name=file.name or "file", content=file.chunks(), by=by, at=at
    )

    def stage() -> None:
        services.request_staging(imported=imported, by=by, at=at)

    # After the commit: reading may take long, and nobody else could write meanwhile.
    transaction.on_commit(stage)
    return Taken(uuid=imported.uuid, state=ImportState(imported.state))


@room.reads("/files/{uuid:uuid}", ImportOut)
def import_detail(request: Request, uuid: UUID) -> Any:
    """Read where an import stands, and why when it was refused."""
    visible = rules.imports_visible_to(request.user)
    found = one(Import.objects.all(), visible, ImportOut, uuid=uuid)
    return found | {"message": phrase(found["refusal"]) if found["refusal"] else ""}


@room.lists("/files/{uuid:uuid}/rows", StagedRowOut)
def row_list(request: Request, uuid: UUID) -> Any:
    """List the lines of a file with what is wrong; the reading is recorded."""
    imported = _import(request, uuid)
    page = listed(request, queries.staged_rows(imported), StagedRowOut)
    shown = [SimpleNamespace(raw=row["raw"]) for row in page["items"]]
    note_rows(request, imported, shown, what="imports.detail")  # type: ignore[arg-type]  # raw is all that is read
    return page


@room.reads("/files/{uuid:uuid}/receipt", None)
def receipt(request: Request, uuid: UUID) -> Any:
    """Read counts and every error in words, as the command prints them."""
    imported = _import(request, uuid)
    note_rows(request, imported, imported.staged_rows.filter(state__in=BAD), what="imports.detail")
    return services.receipt_of(imported).as_json()


room.hands_out("/files/{uuid:uuid}/errors.xlsx", views.errors, XLSX, name="error_file")


@room.writes("/files/{uuid:uuid}/confirmation", Taken, body=ConfirmIn)
def confirm(request: Request, uuid: UUID) -> Taken:
    """Write the staged rows, all of them or none."""
    imported = _changeable(request, uuid)
    leave_out: bool = given(request).leave_out_errors
    services.request_confirmation(
        imported=imported, by=request.user, at=clock.now(), leave_out_errors=leave_out
    )
    return _taken(imported)


@room.writes("/files/{uuid:uuid}/reading", Taken)
def restage(request: Request, uuid: UUID) -> Taken:
    """Read the kept file again, against today's data."""
    imported = _changeable(request, uuid)
    services.request_staging(imported=imported, by=request.user, at=clock.now())
    return _taken(imported)


@room.writes("/files/{uuid:uuid}/undoing", Taken)
def undo(request: Request, uuid: UUID) -> Taken:
    """Take back what an import wrote."""
    imported = _changeable(request, uuid)
    services.undo_import(imported=imported, by=request.user, at=clock.now())
    return _taken(imported)


@room.writes("/files/{uuid:uuid}", Taken, method="DELETE")
def discard(request: Request, uuid: UUID) -> Taken:
    """Throw an unconfirmed import away."""
    imported = _changeable(request, uuid)
    services.cancel_import(imported=imported, by=request.user, at=clock.now())
    return _taken(imported)


def _open_kinds(request: Request) -> list[Kind]:
    kinds = rules.kinds_open_to(request.user)
    visible = rules.imports_visible_to(request.user)
    access.require(bool(kinds) or Import.objects.filter(visible).exists())
    return kinds


def _kind(key: str) -> Kind:
    try:
        return get_kind(key)
    except ImportRefused:
        raise Http404 from None


def _target(kind: Kind, text: str) -> Any:
    if kind.target is None:
        return None
    try:
        return kind.find_target(text)
    except ImportRefused:
        if not text:
            raise
        raise Http404 from None


def _import(request: Request, uuid: UUID) -> Import:
    return access.get(Import.objects.all(), rules.imports_visible_to(request.user), uuid=uuid)


def _changeable(request: Request, uuid: UUID) -> Import:
    imported = _import(request, uuid)
    try:
        kind: Kind | None = next((kind for kind in all_kinds() if kind.key == imported.kind), None)
        allowed = kind is not None and rules.can_change_import(
            request.user, imported, kind=kind, target=services.target_of(imported, kind)
        )
    except ImportRefused:
        allowed = False
    access.require(allowed)
    return imported


def _taken(imported: Import) -> Taken:
    imported.refresh_from_db()
    return Taken(uuid=imported.uuid, state=ImportState(imported.state))
