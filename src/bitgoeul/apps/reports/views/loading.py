"""Loading a report with the right to see it, and the document that this person may see."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.queries.document import (
    build_document,
    numbers_of,
    without_evidence,
)
from bitgoeul.apps.reports.queries.kept import kept
from bitgoeul.core import access, journal
from bitgoeul.core.disclosure import public_threshold


def load(request: HttpRequest, uuid: UUID) -> Report:
    """Load a report that this person may see."""
    near = Report.objects.select_related("agreement", "cohort__programme", "snapshot")
    return access.get(near, rules.reports_visible_to(request.user), uuid=uuid)


def document_for(report: Report, user: rules.Person) -> dict[str, Any]:
    """Return what was published, or the draft: with small cells only for those who manage it."""
    if report.state == ReportState.PUBLISHED:
        return dict(report.snapshot.document)
    return build_document(
        report,
        numbers_of(report),
        journal_head=journal.head(),
        protect=not rules.can_manage_report(user, report),
    )


def reading_for(
    report: Report, user: rules.Person, *, at: dt.datetime
) -> tuple[dict[str, Any], dt.datetime | None]:
    """Return the same to be read, without the rows' digests, and when a draft was computed."""
    if report.state == ReportState.PUBLISHED:
        return dict(report.snapshot.document), None
    manages = rules.can_manage_report(user, report)
    draft = kept(
        "draft",
        report.uuid,
        report.as_of,
        1 if manages else public_threshold(),
        at=at,
        compute=lambda: without_evidence(document_for(report, user)),
    )
    return draft.value, draft.at
