"""Whose data the rows of a file are: the accounts that their addresses name, and the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bitgoeul.core import journal

from .kinds import all_kinds
from .models import Import, StagedRow

_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_CHUNK = 500


def note_rows(
    request: HttpRequest,
    imported: Import,
    rows: Iterable[StagedRow],
    *,
    what: str,
    file: bool = False,
) -> None:
    """Record that rows of a file about people are shown, or handed out as a file."""
    kind = next((kind for kind in all_kinds() if kind.key == imported.kind), None)
    if kind is not None and not kind.personal:
        return
    people, unnamed = _people_in(rows)
    note = journal.note_download if file else journal.note_page
    note(
        request,
        people,
        what=what,
        purpose=_("Taking a file in"),
        about=imported.uuid,
        unnamed=unnamed,
    )


def note_uploaders(request: HttpRequest, imports: Iterable[Import]) -> None:
    """Record that a list of imports names who brought the files in."""
    people = {imported.uploaded_by.uuid for imported in imports if imported.uploaded_by}
    journal.note_page(request, people, what="imports.list", purpose=_("Taking a file in"))


def _people_in(rows: Iterable[StagedRow]) -> tuple[set[UUID], int]:
    """Return the accounts whose addresses stand in the rows, and how many rows name none."""
    addresses: list[str] = []
    unnamed = 0
    for row in rows:
        found = [m.lower() for cell in row.raw for m in _ADDRESS.findall(str(cell))]
        addresses += found[:1]
        unnamed += not found and any(row.raw)
    wanted = sorted(set(addresses))
    known: dict[str, UUID] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = get_user_model().objects.filter(email__in=wanted[start : start + _CHUNK])
        known.update(some.values_list("email", "uuid"))
    return set(known.values()), unnamed + len(set(wanted) - known.keys())
