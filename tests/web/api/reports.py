"""The operations of the top room."""

from tests.web.api import Call, like

# The table's report is a draft; a published one is everybody's.
CALLS: dict[str, Call] = {
    "reports.extract_list": like("reports:extract_list"),
    "reports.extract_create": like("reports:extract_create"),
    "reports.extract_detail": like("reports:extract_detail"),
    "reports.extract_decide": like("reports:extract_decide"),
    "reports.extract_file": like("reports:extract_file"),
    "reports.extract_end": like("reports:extract_end"),
    "reports.report_list": like("reports:report_list"),
    "reports.report_create": like("reports:report_create"),
    "reports.report_detail": like("reports:report_detail", public=True),
    "reports.report_json": like("reports:report_json", public=True),
    "reports.report_pdf": like("reports:report_pdf", public=True),
    "reports.report_xlsx": like("reports:report_xlsx", public=True),
    "reports.report_publish": like("reports:report_publish"),
    "reports.number_detail": like("reports:number_detail", public=True),
    "reports.number_rows": like("reports:number_rows"),
    "reports.number_row_file": like("reports:number_row_file"),
    "reports.difference_list": like("reports:difference_list"),
    "reports.dashboard_list": like("reports:dashboard_list"),
    "reports.dashboard": like("reports:dashboard"),
    "reports.check_report": like("reports:check_report", files={"file": b"{}"}),
}
