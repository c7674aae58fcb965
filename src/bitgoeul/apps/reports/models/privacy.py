"""What this room keeps about people: accounts that acted, and rows by number only."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reports.models.extract import Extract
from bitgoeul.apps.reports.models.report import Report, Snapshot, SnapshotRow
from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part, Retention

_BY_NUMBER = _("Published numbers stay verifiable; the rows behind them stand by number only.")

_UNTIL = Retention(
    key="extract",
    title=_("Extracts for research: until the day that was set when they were allowed"),
    days=0,
    source=_("The decision of the officer who allowed it"),
)

DECLARED = {
    Extract: Declaration(
        kind=Kind.PERSONAL,
        person="asked_by",
        parts=(
            Part(key="request", erase=Erase.LINK),
            Part(
                key="file",
                title=_("the file and the key of its pseudonyms"),
                fields=("file", "key"),
                keep=_UNTIL,
                after=("expires_on",),
            ),
        ),
        actors=("decided_by",),
        plain=(
            "title",
            "purpose",
            "ethics",
            "columns",
            "starts_on",
            "ends_on",
            "days",
            "asked_at",
            "state",
            "decided_at",
            "note",
            "made_at",
            "expires_on",
            "digest",
            "rows",
            "told",
        ),
        export=False,
        why=_("What somebody asked for in their work stands on its page; the rows are not theirs."),
    ),
    Report: Declaration(kind=Kind.NONE, actors=("created_by",), export=False),
    Snapshot: Declaration(
        kind=Kind.PSEUDONYMOUS, actors=("published_by",), export=False, why=_BY_NUMBER
    ),
    SnapshotRow: Declaration(kind=Kind.PSEUDONYMOUS, export=False, why=_BY_NUMBER),
}
