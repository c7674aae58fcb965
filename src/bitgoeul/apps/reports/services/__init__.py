"""Writes of the top room."""

from bitgoeul.apps.reports.services.report import create_report, publish_report, update_report

__all__ = ["create_report", "publish_report", "update_report"]
