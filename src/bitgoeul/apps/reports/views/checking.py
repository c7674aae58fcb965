"""Anyone may bring a report file and have it checked; nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bitgoeul.apps.reports.forms import REPORT_DOOR, CheckForm
from bitgoeul.apps.reports.queries.checking import check
from bitgoeul.core import uploads


@uploads.body_up_to(REPORT_DOOR.most_bytes)
@require_http_methods(["GET", "POST"])
def check_report(request: HttpRequest) -> HttpResponse:
    """Say whether a file is a report as it was published here."""
    form = CheckForm(request.POST or None, request.FILES or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = check(form.cleaned_data["file"])
    status = 422 if form.errors else 200
    context = {"form": form, "verdict": verdict}
    return render(request, "reports/check_report.html", context, status=status)
