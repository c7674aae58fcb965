"""The room's tables."""

from bitgoeul.apps.reports.models.extract import Extract
from bitgoeul.apps.reports.models.report import Report, Snapshot, SnapshotRow

__all__ = ["Extract", "Report", "Snapshot", "SnapshotRow"]
