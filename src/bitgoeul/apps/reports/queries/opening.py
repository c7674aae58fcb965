"""A number opened: each row behind it, with the page that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from bitgoeul.apps.reports.enums import Part, ReportState
from bitgoeul.apps.reports.models import Report, SnapshotRow
from bitgoeul.apps.reports.queries.document import all_rows, digest_of, scope_of
from bitgoeul.core.indicators import Evidence, Indicator, Value, collect, shared
from bitgoeul.core.journal.services import plain, salts_of


@dataclass(frozen=True)
class RowPage:
    """Where a kind of row is shown: the page, whose uuid it takes, what its name is made of."""

    page: str
    path: str = "uuid"
    near: tuple[str, ...] = ()


PAGES = {
    "alliance.user": RowPage("alliance:person_detail"),
    "careers.placement": RowPage("careers:placement_detail", near=("person", "organisation")),
    "careers.retentioncheck": RowPage(
        "careers:placement_detail",
        "placement.uuid",
        ("placement__person", "placement__organisation"),
    ),
    "careers.vacancy": RowPage("careers:vacancy_detail"),
    "labs.participant": RowPage("labs:lab_detail", "lab.uuid", ("lab", "person")),
    "labs.submission": RowPage("labs:submission_detail", near=("lab", "person")),
    "programmes.application": RowPage("programmes:application_detail", near=("person",)),
    "programmes.cohort": RowPage("programmes:cohort_detail", near=("programme",)),
    "programmes.enrolment": RowPage("programmes:enrolment_detail", near=("person", "track")),
    "programmes.track": RowPage("programmes:cohort_detail", "cohort.uuid", ("cohort",)),
}
"""The page of each kind of row; the room above resolves what rooms below store as kind and uuid."""


@dataclass(frozen=True, kw_only=True)
class OpenedRow:
    """A row behind a number: what it is, the page that shows it, and whose it is."""

    part: Part
    kind: str
    uuid: UUID
    label: str
    address: str
    state: dict[str, Any]
    subject: UUID | None
    gone: bool
    changed: bool


@dataclass(frozen=True, kw_only=True)
class RowToRecompute:
    """What a partner needs to compute a row's digest: its state and its salt."""

    part: Part
    kind: str
    uuid: UUID
    subject: UUID | None
    state: Mapping[str, Any]
    salt: str
    digest: str


def rows_behind(
    report: Report, key: str, *, part: str = ""
) -> list[tuple[Part, Evidence | SnapshotRow]]:
    """Return the rows behind a number: those that were frozen, or those of a draft as they stand.

    An unknown key has no rows.
    """
    behind: list[tuple[Part, Evidence | SnapshotRow]] = []
    if report.state == ReportState.PUBLISHED:
        frozen = report.snapshot.rows.filter(indicator_key=key).order_by("part", "id")
        behind = [(Part(row.part), row) for row in frozen]
    elif (indicator := collect().get(key)) is not None:
        value = _value_of(report, indicator)
        behind = [(name, row) for name, rows in parts_of(value).items() for row in rows]
    return [each for each in behind if not part or each[0] == part]


def _value_of(report: Report, indicator: Indicator) -> Value:
    scope, day = scope_of(report), report.as_of
    return shared(
        "reports.value", indicator.key, scope, day, load=lambda: indicator.compute(scope, day)
    )


def rows_to_recompute(report: Report, key: str) -> list[RowToRecompute]:
    """Return every row of a number as it stands now, with what its digest is made of."""
    indicator = collect().get(key)
    if indicator is None:
        return []
    value = _value_of(report, indicator)
    salts = salts_of({row.uuid for row in all_rows(value)})
    return [
        RowToRecompute(
            part=part,
            kind=f"{key}:{row.kind}",
            uuid=row.uuid,
            subject=row.subject,
            state=plain(row.state),
            salt=salts[row.uuid],
            digest=digest_of(key, row, salts),
        )
        for part, rows in parts_of(value).items()
        for row in rows
    ]


def parts_of(value: Value) -> dict[Part, tuple[Evidence, ...]]:
    """Return the rows of a number by part."""
    return {
        Part.NUMERATOR: value.numerator,
        Part.DENOMINATOR: value.denominator,
        Part.EXCLUDED: value.excluded,
    }


def opened_rows(
    report: Report, key: str, rows: Sequence[tuple[Part, Evidence | SnapshotRow]]
) -> list[OpenedRow]:
    """Resolve rows to what they are and how they stand now, one query per kind.

    A frozen row whose digest is no longer that of the row as it stands is marked as changed.
    """
    keys = [(part, row.kind, _uuid(row), row) for part, row in rows]
    found = objects_behind({(kind, uuid) for _, kind, uuid, _ in keys})
    standing = {(row.part, row.uuid): row for row in rows_to_recompute(report, key)}
    opened = []
    for part, kind, uuid, row in keys:
        thing = found.get((kind, uuid))
        now = standing.get((part, uuid))
        opened.append(
            OpenedRow(
                part=part,
                kind=kind,
                uuid=uuid,
                label=str(thing) if thing is not None else str(uuid),
                address=page_of(kind, thing) if thing is not None else "",
                state=dict(now.state) if now is not None else {},
                subject=row.subject if isinstance(row, Evidence) else row.subject_uuid,
                gone=thing is None,
                changed=isinstance(row, SnapshotRow) and (now is None or now.digest != row.digest),
            )
        )
    return opened


def _uuid(row: Evidence | SnapshotRow) -> UUID:
    return row.uuid if isinstance(row, Evidence) else row.row_uuid


def objects_behind(wanted: set[tuple[str, UUID]]) -> dict[tuple[str, UUID], Model]:
    """Load rows of any kind, one query per kind; what is gone is left out."""
    found: dict[tuple[str, UUID], Model] = {}
    for kind in {kind for kind, _ in wanted}:
        model = apps.get_model(kind)
        uuids = [uuid for each, uuid in wanted if each == kind]
        rows = model._default_manager.filter(uuid__in=uuids)
        if near := PAGES[kind].near if kind in PAGES else ():
            rows = rows.select_related(*near)
        found.update({(kind, row.uuid): row for row in rows})
    return found


def page_of(kind: str, thing: Model) -> str:
    """Return the address of the page that shows a row, or nothing."""
    if kind not in PAGES:
        return ""
    known = PAGES[kind]
    return reverse(known.page, kwargs={"uuid": attrgetter(known.path)(thing)})
