"""The room's operations for programs: reports, numbers, rows, dashboards, checking."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from bitgoeul.apps.alliance.models import Agreement
from bitgoeul.apps.reports import rules, services, views
from bitgoeul.apps.reports.enums import ExtractState, ReportState
from bitgoeul.apps.reports.forms import (
    REPORT_DOOR,
    CheckForm,
    ExtractDecisionForm,
    ExtractForm,
    ReportForm,
)
from bitgoeul.apps.reports.models import Extract, Report
from bitgoeul.apps.reports.queries.checking import check
from bitgoeul.apps.reports.queries.dashboard import ShownPromise, dashboard_of
from bitgoeul.apps.reports.queries.differences import kept_differences
from bitgoeul.apps.reports.queries.opening import opened_rows, rows_behind
from bitgoeul.apps.reports.queries.reading import read
from bitgoeul.apps.reports.views import extracts as pages
from bitgoeul.apps.reports.views import loading, numbers
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, JSON, PDF, XLSX, ZIP, Request, Room, require_files
from bitgoeul.core.api.rows import At, Made, Row, listed, one, sliced
from bitgoeul.core.indicators import together

room = Room("reports", title=_("Outcomes"))
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9_.]+$")]


class ReportRow(Row):
    """A report in a list."""

    uuid: UUID
    agreement: Annotated[UUID, At("agreement__uuid")]
    cohort: Annotated[UUID | None, At("cohort__uuid")]
    title_ko: str
    title_en: str
    as_of: dt.date
    state: str


class DashboardRow(Row):
    """An agreement with a dashboard."""

    uuid: UUID
    title_ko: str
    title_en: str


class NumberOut(Row):
    """A number: what it is, and its value as far as it may be shown."""

    key: str
    title: str
    definition: str
    exclusions: str
    window: str
    shown: str
    exact: str
    numerator: str
    denominator: str
    excluded: str
    suppressed: bool
    countable: bool
    unit: str


class OpenedOut(Row):
    """A row behind a number: what it is, how it stands, whether it changed since."""

    part: str
    kind: str
    uuid: UUID
    label: str
    state: dict[str, Any]
    subject: UUID | None
    gone: bool
    changed: bool


class DifferenceOut(Row):
    """A row that is no longer as it was published."""

    what: str
    indicator_key: str
    part: str
    kind: str
    uuid: UUID


class PromiseOut(Row):
    """A promise beside the number that measures it."""

    commitment: UUID
    title: str
    indicator: str
    definition: str
    target: str
    shown: str
    window: str
    percent: int | None
    withheld: bool


class DashboardOut(Row):
    """An agreement's promises on a day."""

    as_of: dt.date
    computed_at: dt.datetime
    promises: list[PromiseOut]


class VerdictOut(Row):
    """Whether a file agrees with itself, and which published report it is."""

    ok: bool
    code: str
    where: str
    report: UUID | None


def _plain(row: Any, kind: type[Row]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in kind.model_fields}


@room.lists("/reports", ReportRow, public=True)
def report_list(request: Request) -> Any:
    """List published reports, and drafts to partners."""
    found = Report.objects.filter(rules.reports_visible_to(request.user))
    return listed(request, found, ReportRow)


@room.writes("/reports", Made, status=201, body=ReportForm)
def report_create(request: Request) -> Any:
    """Begin a report."""
    access.require(rules.may_write_reports(request.user))
    form = bind(request, ReportForm, person=request.user)
    made = services.create_report(**form.cleaned_data, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.reads("/reports/{uuid:uuid}", None, public=True)
def report_detail(request: Request, uuid: UUID) -> Any:
    """Read a report's document: as it was frozen, or a draft as the rows stand now."""
    return loading.document_for(loading.load(request, uuid), request.user)


for _name, _view, _media in (
    ("json", views.report_json, JSON),
    ("pdf", views.report_pdf, PDF),
    ("xlsx", views.report_xlsx, XLSX),
):
    _path = "/reports/{uuid:uuid}/report." + _name
    room.hands_out(_path, _view, _media, name=f"report_{_name}", public=True)


@room.writes("/reports/{uuid:uuid}/publication", Made)
def report_publish(request: Request, uuid: UUID) -> Any:
    """Freeze a draft."""
    report = access.get(Report.objects.all(), rules.manageable_reports(request.user), uuid=uuid)
    services.publish_report(report=report, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.reads("/reports/{uuid:uuid}/numbers/{key}", NumberOut, public=True)
def number_detail(request: Request, uuid: UUID, key: Key) -> Any:
    """Read what a number is: definition, window, value, who was left out."""
    report = loading.load(request, uuid)
    document, _computed_at = loading.reading_for(report, request.user, at=clock.now())
    number = next((each for each in read(document).numbers if each.key == key), None)
    access.require(number is not None)
    return {name: getattr(number, name) for name in NumberOut.model_fields}


@room.lists("/reports/{uuid:uuid}/numbers/{key}/rows", OpenedOut)
def number_rows(request: Request, uuid: UUID, key: Key) -> Any:
    """List the rows behind a number; the reading is recorded."""
    report = numbers.manageable(request, uuid)
    document, _computed_at = loading.reading_for(report, request.user, at=clock.now())
    access.require(any(each.key == key for each in read(document).numbers))
    with together():
        page = sliced(request, rows_behind(report, key))
        rows = opened_rows(report, key, page["items"])
    numbers.note_rows(request, report, key, [row.subject for row in rows], file=False)
    return page | {"items": [_plain(row, OpenedOut) for row in rows]}


room.hands_out(
    "/reports/{uuid:uuid}/numbers/{key}/rows.csv",
    views.number_row_file,
    CSV,
    name="number_row_file",
)


@room.lists("/reports/{uuid:uuid}/differences", DifferenceOut)
def difference_list(request: Request, uuid: UUID) -> Any:
    """List which rows are no longer as they were at publication; the reading is recorded."""
    report = numbers.manageable(request, uuid)
    access.require(report.state == ReportState.PUBLISHED)
    page = sliced(request, kept_differences(report.snapshot, at=clock.now()).value)
    rows = page["items"]
    subjects = [row.subject for row in rows]
    numbers.note_rows(request, report, "differences", subjects, file=False)
    return page | {"items": [_plain(row, DifferenceOut) for row in rows]}


@room.lists("/dashboards", DashboardRow)
def dashboard_list(request: Request) -> Any:
    """List the agreements whose dashboard one sees."""
    access.require(rules.is_officer(request.user))
    found = Agreement.objects.filter(rules.agreements_shown_to(request.user))
    return listed(request, found, DashboardRow)


@room.reads("/dashboards/{uuid:uuid}", DashboardOut)
def dashboard(request: Request, uuid: UUID) -> Any:
    """Read an agreement's promises against what the rows say today."""
    visible = rules.agreements_shown_to(request.user)
    agreement = access.get(Agreement.objects.all(), visible, uuid=uuid)
    protect = not rules.can_manage_reports_of(request.user, agreement)
    found = dashboard_of(agreement, at=clock.now(), protect=protect)
    said = {"as_of": clock.today(), "computed_at": found.computed_at}
    return said | {"promises": [_promise(each) for each in found.promises]}


def _promise(each: ShownPromise) -> dict[str, Any]:
    said = {"commitment": each.commitment.uuid, "indicator": each.commitment.indicator_key}
    return {name: getattr(each, name) for name in PromiseOut.model_fields.keys() - said} | said


@room.writes(
    "/checks",
    VerdictOut,
    body=CheckForm,
    files=("file",),
    most_bytes=REPORT_DOOR.most_bytes,
    public=True,
)
def check_report(request: Request) -> Any:
    """Say whether a file is a report as it was published here; nothing of it is kept."""
    require_files(request)
    found = check(bind(request, CheckForm).cleaned_data["file"])
    said = {"report": found.snapshot.report.uuid if found.snapshot else None}
    return {"ok": found.ok, "code": found.code, "where": found.where} | said


class ExtractRow(Row):
    """An extract in a list."""

    uuid: UUID
    title: str
    state: ExtractState
    asked_by: Annotated[UUID, At("asked_by__uuid")]
    asked_at: dt.datetime
    expires_on: dt.date | None


class ExtractOut(ExtractRow):
    """An extract: what it is for, what was decided, and how coarsely its columns are told."""

    purpose: str
    ethics: str
    columns: list[str]
    starts_on: dt.date
    ends_on: dt.date
    days: int
    decided_by: Annotated[UUID | None, At("decided_by__uuid")]
    decided_at: dt.datetime | None
    note: str
    rows: int
    digest: str
    told: dict[str, str]
    programmes: Annotated[list[UUID], At("")]


@room.lists("/extracts", ExtractRow)
def extract_list(request: Request) -> Any:
    """List one's own extracts, or those that one decides of."""
    access.require(rules.can_see_extracts(request.user))
    visible = Extract.objects.filter(rules.extracts_visible_to(request.user)).distinct()
    page = listed(request, visible, ExtractRow, newest_first=True)
    pages.note_askers(request, [row["asked_by"] for row in page["items"]])
    return page


@room.writes("/extracts", Made, status=201, body=ExtractForm)
def extract_create(request: Request) -> Any:
    """Ask for an extract."""
    access.require(rules.can_ask_for_extracts(request.user))
    facts = bind(request, ExtractForm).cleaned_data
    return {"uuid": services.ask_for_extract(**facts, by=request.user, at=clock.now()).uuid}


@room.reads("/extracts/{uuid:uuid}", ExtractOut)
def extract_detail(request: Request, uuid: UUID) -> Any:
    """Read a request and what became of it."""
    extract = pages.load_extract(request, uuid)
    pages.note_askers(request, pages.people_named(extract))
    row = one(Extract.objects.all(), access.EVERYBODY, ExtractOut, uuid=uuid)
    return row | {"programmes": list(extract.programmes.values_list("uuid", flat=True))}


@room.writes("/extracts/{uuid:uuid}/decision", Made, body=ExtractDecisionForm)
def extract_decide(request: Request, uuid: UUID) -> Any:
    """Allow an extract or refuse it; never one's own."""
    extract = pages.load_extract(request, uuid)
    access.require(rules.can_decide_extract(request.user, extract))
    facts = bind(request, ExtractDecisionForm).cleaned_data
    allow, by = facts["decision"] == "allow", request.user
    services.decide_extract(extract=extract, allow=allow, note=facts["note"], by=by, at=clock.now())
    return {"uuid": uuid}


room.hands_out("/extracts/{uuid:uuid}/data.zip", pages.handed_out, ZIP, name="extract_file")


@room.writes("/extracts/{uuid:uuid}/end", Made)
def extract_end(request: Request, uuid: UUID) -> Any:
    """End an extract before its day."""
    extract = pages.load_extract(request, uuid)
    services.end_extract(extract=extract, by=request.user, at=clock.now())
    return {"uuid": uuid}
