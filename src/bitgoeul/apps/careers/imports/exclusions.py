"""People who do not count in the employment rate, with the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.imports.placements import can_import_outcomes
from bitgoeul.apps.careers.imports.targets import cohort_named
from bitgoeul.apps.careers.imports.who import PERSON_COLUMNS, People, person_key
from bitgoeul.apps.careers.imports.words import EXCLUSION_REASONS
from bitgoeul.apps.careers.models import OutcomeExclusion
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.core.imports import Column, Kind, Row, clean

COLUMNS = (
    *PERSON_COLUMNS,
    Column(
        "reason",
        labels=("제외사유", "사유", "reason"),
        clean=clean.choice(EXCLUSION_REASONS),
        example="진학",
    ),
    Column(
        "evidence_on",
        labels=("증빙일", "증빙확인일", "evidence date", "evidence_on"),
        clean=clean.date(),
    ),
    Column(
        "evidence_note",
        labels=("증빙", "증빙내용", "evidence", "evidence_note"),
        clean=clean.text(max=200),
        required=False,
        default="",
    ),
)
FIELDS = ("reason", "evidence_on", "evidence_note")


class Context:
    """What rows are compared with."""

    def __init__(self, *, target: Cohort) -> None:
        self.people = People(
            target, states=(EnrolmentState.COMPLETED, EnrolmentState.EMPLOYED_EARLY)
        )
        rows = OutcomeExclusion.objects.filter(cohort=target).select_related("person", "cohort")
        self.exclusions = {row.person_id: row for row in rows}


def _prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    return Context(target=target)


def _match(row: Row, context: Context) -> OutcomeExclusion | None:
    return context.exclusions.get(context.people.find(row).pk)


def _compare(existing: OutcomeExclusion, row: Row) -> bool:
    return any(getattr(existing, name) != row[name] for name in FIELDS if name in row.given)


def _snapshot(existing: OutcomeExclusion) -> dict[str, Any]:
    return {name: getattr(existing, name) for name in FIELDS}


def _apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    created, changed, written = [], [], []
    for row in rows:
        exclusion = row.existing
        if exclusion is None:
            exclusion = OutcomeExclusion(person=context.people.find(row), cohort=target)
            created.append(exclusion)
        else:
            changed.append(exclusion)
        for name in FIELDS:
            if name in row.given:
                setattr(exclusion, name, row[name])
        written.append(exclusion.uuid)
    services.write_exclusions(cohort=target, created=created, changed=changed, by=by, at=at)
    return written


def _undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    before = dict(changed)
    rows = list(OutcomeExclusion.objects.filter(uuid__in=before))
    for exclusion in rows:
        for name, value in before[exclusion.uuid].items():
            setattr(exclusion, name, value)
    services.write_exclusions(cohort=target, created=[], changed=rows, by=by, at=at)
    fresh = list(OutcomeExclusion.objects.filter(uuid__in=created))
    services.withdraw_exclusions(exclusions=fresh, by=by, at=at)


EXCLUSIONS = Kind(
    key="exclusions",
    title=_("Exclusions from the employment rate"),
    help=_("Who does not count, and why; the reasons are sensitive and seen by the office only."),
    columns=COLUMNS,
    target="programmes.Cohort",
    targets=rules.cohorts_run_by,
    target_lookup=cohort_named,
    can=can_import_outcomes,
    prepare=_prepare,
    match=_match,
    compare=_compare,
    snapshot=_snapshot,
    apply=_apply,
    undo=_undo,
    identity=person_key,
)
