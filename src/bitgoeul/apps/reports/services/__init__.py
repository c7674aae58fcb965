"""Writes of the top room."""

from bitgoeul.apps.reports.services.extract import (
    ask_for_extract,
    decide_extract,
    end_extract,
    make_extract,
    renew_extract,
)
from bitgoeul.apps.reports.services.report import create_report, publish_report, update_report

__all__ = [
    "ask_for_extract",
    "create_report",
    "decide_extract",
    "end_extract",
    "make_extract",
    "publish_report",
    "renew_extract",
    "update_report",
]
