"""A number: its definition for anyone, its rows for those who may see the people."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.queries import opened_rows
from bitgoeul.apps.reports.queries.differences import kept_differences, opened_differences
from bitgoeul.apps.reports.queries.opening import rows_behind, rows_to_recompute
from bitgoeul.apps.reports.queries.reading import Number, read
from bitgoeul.apps.reports.views.loading import load, reading_for
from bitgoeul.core import access, clock, journal
from bitgoeul.core.exports import csv_response
from bitgoeul.core.indicators import together
from bitgoeul.core.pages import page_of


@require_safe
def number_detail(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """Say what a number is: definition, window, parts, who was left out."""
    report = load(request, uuid)
    document, computed_at = reading_for(report, request.user, at=clock.now())
    reading = read(document)
    context = {
        "report": report,
        "number": _number(reading.numbers, key),
        "computed_at": computed_at,
        "tables": [table for table in reading.tables if table.key == key],
        "withheld": any(each.startswith(f"{key}.") for each in reading.withheld),
        "threshold": reading.threshold,
        "may_open": rules.can_manage_report(request.user, report),
    }
    return render(request, "reports/number_detail.html", context)


@access.signed_in
@require_safe
def number_rows(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """Open a number down to its rows, each with the page that shows it."""
    report = manageable(request, uuid)
    part = request.GET.get("part", "")
    with together():
        behind = rows_behind(report, key, part=part)
        page = page_of(behind, request.GET.get("page"))
        rows = opened_rows(report, key, list(page.object_list))
    document, _computed_at = reading_for(report, request.user, at=clock.now())
    note_rows(request, report, key, [row.subject for row in rows], file=False)
    context = {
        "report": report,
        "number": _number(read(document).numbers, key),
        "page": page,
        "rows": rows,
        "part": part,
    }
    return render(request, "reports/number_rows.html", context)


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def number_row_file(request: HttpRequest, uuid: UUID, key: str) -> HttpResponseBase:
    """Hand a partner every row with state, salt and digest, to compute the number again."""
    report = manageable(request, uuid)
    rows = rows_to_recompute(report, key)
    note_rows(request, report, key, [row.subject for row in rows], file=True)
    header = ["indicator", "part", "kind", "uuid", "state", "salt", "digest"]
    lines = [
        [key, row.part, row.kind, str(row.uuid), _compact(row.state), row.salt, row.digest]
        for row in rows
    ]
    return csv_response(lines, header=header, name=f"rows-{key}.csv")


@access.signed_in
@require_safe
def difference_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show which rows are no longer as they were when the report was published."""
    report = manageable(request, uuid)
    if report.state != ReportState.PUBLISHED:
        raise Http404
    compared = kept_differences(report.snapshot, at=clock.now())
    found = compared.value
    page = page_of(found, request.GET.get("page"))
    subjects = [each.subject for each in page.object_list]
    note_rows(request, report, "differences", subjects, file=False)
    rows = opened_differences(list(page.object_list))
    context = {
        "report": report,
        "page": page,
        "rows": rows,
        "total": len(found),
        "computed_at": compared.at,
    }
    return render(request, "reports/difference_list.html", context)


def _compact(state: Mapping[str, Any]) -> str:
    return json.dumps(dict(state), ensure_ascii=False)


def manageable(request: HttpRequest, uuid: UUID) -> Report:
    """Load a report whose rows a person may see."""
    near = Report.objects.select_related("agreement", "cohort__programme", "snapshot")
    return access.get(near, rules.manageable_reports(request.user), uuid=uuid)


def _number(numbers: list[Number], key: str) -> Number:
    for number in numbers:
        if number.key == key:
            return number
    raise Http404


def note_rows(
    request: HttpRequest, report: Report, key: str, subjects: list[UUID | None], *, file: bool
) -> None:
    """Record whose rows a page shows, or a file holds."""
    note = journal.note_download if file else journal.note_page
    note(
        request,
        [subject for subject in subjects if subject is not None],
        what=f"reports.rows {key}",
        purpose=_("Checking a report"),
        about=report.uuid,
    )
