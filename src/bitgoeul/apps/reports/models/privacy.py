"""What this room keeps about people: accounts that acted, and rows by number only."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reports.models.report import Report, Snapshot, SnapshotRow
from bitgoeul.core.privacy.declarations import Declaration, Kind

_BY_NUMBER = _("Published numbers stay verifiable; the rows behind them stand by number only.")

DECLARED = {
    Report: Declaration(kind=Kind.NONE, actors=("created_by",), export=False),
    Snapshot: Declaration(
        kind=Kind.PSEUDONYMOUS, actors=("published_by",), export=False, why=_BY_NUMBER
    ),
    SnapshotRow: Declaration(kind=Kind.PSEUDONYMOUS, export=False, why=_BY_NUMBER),
}
