"""The report as files: JSON to be checked, PDF and XLSX to be read."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.queries.paper import pdf_of
from bitgoeul.apps.reports.queries.reading import read
from bitgoeul.apps.reports.queries.sheets import xlsx_of
from bitgoeul.apps.reports.views.loading import document_for, load, reading_for
from bitgoeul.core import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def report_json(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the document that `bitgoeul verify report` checks."""
    report = load(request, uuid)
    response = JsonResponse(
        document_for(report, request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    return _named(response, report, "json")


@require_safe
def report_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the report on paper."""
    report = load(request, uuid)
    page = settings.BITGOEUL.public_url + reverse("reports:report_detail", kwargs={"uuid": uuid})
    document, _computed_at = reading_for(report, request.user, at=clock.now())
    pdf = pdf_of(read(document), address=page)
    return _named(HttpResponse(pdf, content_type="application/pdf"), report, "pdf")


@require_safe
def report_xlsx(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the report as sheets."""
    report = load(request, uuid)
    document, _computed_at = reading_for(report, request.user, at=clock.now())
    sheets = xlsx_of(read(document))
    return _named(HttpResponse(sheets, content_type=XLSX), report, "xlsx")


def _named(response: HttpResponse, report: Report, ending: str) -> HttpResponse:
    name = f"bitgoeul-report-{report.as_of:%Y%m%d}-{str(report.uuid)[:8]}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
