"""What changed since a report was published: shown, never silently taken over."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bitgoeul.apps.reports.enums import Part
from bitgoeul.apps.reports.models import Snapshot, SnapshotRow
from bitgoeul.apps.reports.queries.document import all_rows, digest_of, numbers_of
from bitgoeul.apps.reports.queries.kept import Kept, kept
from bitgoeul.apps.reports.queries.opening import objects_behind, page_of, parts_of
from bitgoeul.core.indicators import collect
from bitgoeul.core.journal.services import salts_of

What = Literal["changed", "gone", "new"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A row that no longer is as it was when the number was published."""

    indicator_key: str
    part: Part
    kind: str
    uuid: UUID
    subject: UUID | None
    what: What


@dataclass(frozen=True, kw_only=True)
class OpenedDifference:
    """A difference as one reads it: of which number, which row, and where that is shown."""

    difference: Difference
    title: str
    label: str
    address: str


def differences_of(snapshot: Snapshot) -> list[Difference]:
    """Compute the numbers again, as of the report's day, and compare row by row."""
    return list(_compare(snapshot))


def kept_differences(snapshot: Snapshot, *, at: dt.datetime) -> Kept[list[Difference]]:
    """Return the differences as they were found last, while that holds."""
    return kept(
        "differences", snapshot.report.uuid, at=at, compute=lambda: differences_of(snapshot)
    )


def _compare(snapshot: Snapshot) -> Iterator[Difference]:
    numbers = numbers_of(snapshot.report)
    salts = salts_of({row.uuid for _, value in numbers for row in all_rows(value)})
    published: dict[tuple[str, str, UUID], SnapshotRow] = {
        (row.indicator_key, row.part, row.row_uuid): row for row in snapshot.rows.all()
    }
    for indicator, value in numbers:
        for part, rows in parts_of(value).items():
            for row in rows:
                before = published.pop((indicator.key, part, row.uuid), None)
                if before is not None and before.digest == digest_of(indicator.key, row, salts):
                    continue
                yield Difference(
                    indicator_key=indicator.key,
                    part=part,
                    kind=row.kind,
                    uuid=row.uuid,
                    subject=row.subject,
                    what="new" if before is None else "changed",
                )
    for (key, part_name, uuid), lost in published.items():
        yield Difference(
            indicator_key=key,
            part=Part(part_name),
            kind=lost.kind,
            uuid=uuid,
            subject=lost.subject_uuid,
            what="gone",
        )


def opened_differences(differences: Sequence[Difference]) -> list[OpenedDifference]:
    """Resolve differences to what they are about, one query per kind."""
    found = objects_behind({(each.kind, each.uuid) for each in differences})
    known = collect()
    opened = []
    for each in differences:
        thing = found.get((each.kind, each.uuid))
        indicator = known.get(each.indicator_key)
        opened.append(
            OpenedDifference(
                difference=each,
                title=str(indicator.title) if indicator else each.indicator_key,
                label=str(thing) if thing is not None else str(each.uuid),
                address=page_of(each.kind, thing) if thing is not None else "",
            )
        )
    return opened
