"""A file from disk to the data in one call, by the steps of the pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.kinds import Kind, get_kind
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.receipts import Receipt

from .ending import cancel_import
from .reading import stage_import, upload_file
from .steps import receipt_of
from .writing import RowsRefused, confirm_import


def import_file(
    *,
    kind: str,
    path: Path | str,
    target: Any,
    by: Any,
    at: dt.datetime,
    leave_out_errors: bool = False,
    dry_run: bool = False,
) -> Receipt:
    """Upload, stage and confirm a file on disk in one call, by the steps of the pages.

    With `dry_run` the receipt says what would happen and nothing is kept.

    Raises
    ------
    FileRefused
        When the file cannot be read as such a table.
    RowsRefused
        When rows have errors and are not to be left out; its `receipt` names them.
    """
    imported = _upload(get_kind(kind), Path(path), target=target, by=by, at=at)
    stage_import(imported=imported, by=by, at=at)
    if imported.refusal:
        refusal = imported.refusal
        raise FileRefused(refusal["code"], refusal["message"], **refusal["params"])
    receipt = receipt_of(imported)
    if dry_run or (imported.bad and not leave_out_errors):
        cancel_import(imported=imported, by=by, at=at)
        if not dry_run:
            raise RowsRefused(receipt)
        return receipt
    return confirm_import(imported=imported, by=by, at=at, leave_out_errors=leave_out_errors)


def _upload(kind: Kind, path: Path, *, target: Any, by: Any, at: dt.datetime) -> Import:
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(1 << 20), b"")
        return upload_file(kind=kind, target=target, name=path.name, content=pieces, by=by, at=at)
