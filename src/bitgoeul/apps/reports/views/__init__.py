"""Pages of the top room."""

from bitgoeul.apps.reports.views.checking import check_report
from bitgoeul.apps.reports.views.dashboard import dashboard, dashboard_list
from bitgoeul.apps.reports.views.extracts import (
    extract_create,
    extract_decide,
    extract_detail,
    extract_end,
    extract_file,
    extract_list,
)
from bitgoeul.apps.reports.views.files import report_json, report_pdf, report_xlsx
from bitgoeul.apps.reports.views.numbers import (
    difference_list,
    number_detail,
    number_row_file,
    number_rows,
)
from bitgoeul.apps.reports.views.report import (
    report_create,
    report_detail,
    report_list,
    report_publish,
)

__all__ = [
    "check_report",
    "dashboard",
    "dashboard_list",
    "difference_list",
    "extract_create",
    "extract_decide",
    "extract_detail",
    "extract_end",
    "extract_file",
    "extract_list",
    "number_detail",
    "number_row_file",
    "number_rows",
    "report_create",
    "report_detail",
    "report_json",
    "report_list",
    "report_pdf",
    "report_publish",
    "report_xlsx",
]
