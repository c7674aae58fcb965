"""What the importer keeps about people: what was typed, for some days."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.imports.models import Import, StagedRow, WrittenRow
from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part

_SOON = _("What was typed into a file is erased some days after the import ended.")


def _typed(*fields: str) -> tuple[Part, ...]:
    return (Part(key="typed", fields=fields, erase=Erase.BATCH, by="imports.erase"),)


DECLARED = {
    Import: Declaration(
        kind=Kind.NONE,
        actors=("uploaded_by", "confirmed_by"),
        plain=("file_name",),
        export=False,
    ),
    StagedRow: Declaration(
        kind=Kind.PERSONAL,
        parts=_typed("raw", "cleaned", "errors"),
        plain=("line", "state"),
        export=False,
        why=_SOON,
    ),
    WrittenRow: Declaration(
        kind=Kind.PERSONAL,
        parts=_typed("before"),
        plain=("line", "created"),
        export=False,
        why=_SOON,
    ),
}
