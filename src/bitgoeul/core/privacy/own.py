"""What the tables of privacy itself keep about people."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part
from bitgoeul.core.privacy.models import Certificate, ErasureItem, ErasureRequest

DECLARED = {
    ErasureRequest: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="wish", fields=("wish",), with_records=True),),
        actors=("decided_by",),
        plain=("state", "asked_at", "decided_at", "ended_at"),
    ),
    ErasureItem: Declaration(
        kind=Kind.PERSONAL,
        person="request__person",
        parts=(Part(key="item", erase=Erase.LINK),),
        plain=(
            "table", "part", "rows", "keep_until", "rule", "decision", "reason", "erased_at",
        ),
    ),
    Certificate: Declaration(
        kind=Kind.PSEUDONYMOUS, export=False, why=_("It counts rows and names nobody.")
    ),
}  # fmt: skip
