"""Writing and publishing a report."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.apps.reports.models import Report, Snapshot, SnapshotRow
from bitgoeul.apps.reports.queries.document import (
    all_rows,
    build_document,
    digest_of,
    numbers_of,
)
from bitgoeul.apps.reports.queries.opening import parts_of
from bitgoeul.apps.reports.services.notices import tell_published
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.indicators import Indicator, Value
from bitgoeul.core.journal.services import salts_of
from bitgoeul.engines import evidence


@transaction.atomic
def create_report(
    *,
    agreement: Agreement,
    cohort: Cohort | None,
    title_ko: str,
    title_en: str,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
) -> Report:
    """Begin a report; its numbers are computed live until it is published."""
    if not rules.can_manage_reports_of(by, agreement):
        raise Refused(_("Only officers of the city or the university write reports."))
    report = Report(
        agreement=agreement,
        cohort=cohort,
        title_ko=title_ko,
        title_en=title_en,
        as_of=as_of,
        created_at=at,
        created_by=by,
    )
    _checked(report)
    journal.record(event="report.created", by=by, at=at, on=report, after=_state(report))
    return report


@transaction.atomic
def update_report(
    *, report: Report, title_ko: str, title_en: str, as_of: dt.date, by: User, at: dt.datetime
) -> Report:
    """Change the words or the day of a draft."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    _require_draft(report, by)
    before = _state(report)
    report.title_ko, report.title_en, report.as_of = title_ko, title_en, as_of
    _checked(report)
    journal.record(
        event="report.updated", by=by, at=at, on=report, before=before, after=_state(report)
    )
    return report


@transaction.atomic
def publish_report(*, report: Report, by: User, at: dt.datetime) -> Snapshot:
    """Freeze a report: seal the journal, compute, withhold small cells, digest, keep the rows.

    Raises
    ------
    Refused
        When it is published already, its day lies ahead, or its own check fails.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    _require_draft(report, by)
    if report.as_of > timezone.localdate(at):
        raise Refused(_("The day of the report has not come yet."))
    journal.seal(at=at)
    numbers = numbers_of(report)
    document = build_document(report, numbers, journal_head=journal.head())
    verdict = evidence.verify_report(document)
    if not verdict.ok:
        raise Refused(_("The report does not pass its own check: %(why)s") % {"why": verdict.code})
    snapshot = Snapshot.objects.create(
        report=report,
        document=document,
        digest=document["digest"],
        journal_head=document["journal_head"],
        published_at=at,
        published_by=by,
    )
    _keep_rows(snapshot, numbers)
    report.state = ReportState.PUBLISHED
    report.save(update_fields=["state"])
    journal.record(
        event="report.published",
        by=by,
        at=at,
        on=report,
        after=_state(report),
        details={"digest": snapshot.digest, "journal_head": snapshot.journal_head},
    )
    tell_published(report, at=at)
    return snapshot


def _keep_rows(snapshot: Snapshot, numbers: list[tuple[Indicator, Value]]) -> None:
    salts = salts_of({row.uuid for _each, value in numbers for row in all_rows(value)})
    kept = [
        SnapshotRow(
            snapshot=snapshot,
            indicator_key=indicator.key,
            part=part,
            kind=row.kind,
            row_uuid=row.uuid,
            subject_uuid=row.subject,
            digest=digest_of(indicator.key, row, salts),
        )
        for indicator, value in numbers
        for part, rows in parts_of(value).items()
        for row in rows
    ]
    SnapshotRow.objects.bulk_create(kept, batch_size=1000)


def _require_draft(report: Report, by: User) -> None:
    if not rules.can_manage_report(by, report):
        raise Refused(_("Only officers of the city or the university write reports."))
    if report.state != ReportState.DRAFT:
        raise Refused(_("This report is published and can no longer change."))


def _checked(report: Report) -> None:
    try:
        report.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    report.save()


def _state(report: Report) -> dict[str, object]:
    return {
        "title_ko": report.title_ko,
        "title_en": report.title_en,
        "as_of": report.as_of,
        "state": report.state,
        "cohort": report.cohort.uuid if report.cohort else None,
    }
