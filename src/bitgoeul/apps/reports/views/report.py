"""Lists, the report itself, writing and publishing one."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.reports import rules, services
from bitgoeul.apps.reports.forms import ReportForm
from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.queries.reading import read
from bitgoeul.apps.reports.views.loading import load, reading_for
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_safe
def report_list(request: HttpRequest) -> HttpResponseBase:
    """Show published reports to anyone, and drafts to the partners; also as CSV and XLSX."""
    visible = Report.objects.filter(rules.reports_visible_to(request.user)).distinct()
    reports = visible.select_related("agreement", "cohort__programme", "snapshot")
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Report"), _("Agreement"), _("As of"), _("State")]
        rows = ((r.title, str(r.agreement), r.as_of, r.get_state_display()) for r in reports)
        return exports.table_response(form, "reports", header, rows)
    page = page_of(reports, request.GET.get("page"), per_page=20)
    context = {"page": page, "may_write": rules.may_write_reports(request.user)}
    return render(request, "reports/report_list.html", context)


@require_safe
def report_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a published report as it was frozen, or a draft as the rows stand now."""
    report = load(request, uuid)
    document, computed_at = reading_for(report, request.user, at=clock.now())
    context = {
        "report": report,
        "reading": read(document),
        "computed_at": computed_at,
        "may_manage": rules.can_manage_report(request.user, report),
        "address": settings.BITGOEUL.public_url + request.path,
    }
    return render(request, "reports/report_detail.html", context)


@access.signed_in
@require_http_methods(["GET", "POST"])
def report_create(request: HttpRequest) -> HttpResponse:
    """Begin a report."""
    access.require(rules.may_write_reports(request.user))
    form = ReportForm(request.POST or None, person=access.account(request))
    if request.method == "POST" and form.is_valid():
        try:
            report = services.create_report(
                **form.cleaned_data, by=access.account(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("reports:report_detail", uuid=report.uuid)
    status = 422 if form.errors else 200
    return render(request, "reports/report_create.html", {"form": form}, status=status)


@access.signed_in
@require_POST
def report_publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Freeze a draft."""
    report = access.get(Report.objects.all(), rules.manageable_reports(request.user), uuid=uuid)
    try:
        services.publish_report(report=report, by=access.account(request), at=clock.now())
        messages.success(request, _("The report is published and frozen."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("reports:report_detail", uuid=uuid)
