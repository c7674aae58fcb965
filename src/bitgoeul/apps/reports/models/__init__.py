"""The room's tables."""

from bitgoeul.apps.reports.models.report import Report, Snapshot, SnapshotRow

__all__ = ["Report", "Snapshot", "SnapshotRow"]
