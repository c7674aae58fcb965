"""Jobs that began, with the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.enums import OfferState
from bitgoeul.apps.careers.imports.targets import cohort_named
from bitgoeul.apps.careers.imports.who import (
    ORGANISATION_COLUMNS,
    PERSON_COLUMNS,
    Organisations,
    People,
    person_key,
)
from bitgoeul.apps.careers.imports.words import EVIDENCE_KINDS, PLACEMENT_KINDS
from bitgoeul.apps.careers.models import Offer, Placement, Vacancy
from bitgoeul.apps.careers.services.placements import facts
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

COLUMNS = (
    *PERSON_COLUMNS,
    *ORGANISATION_COLUMNS,
    Column(
        "vacancy",
        labels=("채용번호", "공고번호", "vacancy number", "vacancy"),
        clean=clean.text(max=20),
        required=False,
    ),
    Column(
        "kind",
        labels=("구분", "취업구분", "kind"),
        clean=clean.choice(PLACEMENT_KINDS),
        required=False,
        default="employment",
        example="취업",
    ),
    Column(
        "started_on",
        labels=("입사일", "취업일", "창업일", "start date", "started_on"),
        clean=clean.date(),
        example="2025-02-03",
    ),
    Column(
        "evidence_kind",
        labels=("증빙", "증빙종류", "evidence", "evidence kind", "evidence_kind"),
        clean=clean.choice(EVIDENCE_KINDS),
        required=False,
        default="",
        example="고용보험",
    ),
    Column(
        "evidence_on",
        labels=("증빙일", "증빙확인일", "evidence date", "evidence_on"),
        clean=clean.date(),
        required=False,
    ),
    Column(
        "ended_on",
        labels=("퇴사일", "종료일", "end date", "ended_on"),
        clean=clean.date(),
        required=False,
    ),
)
FIELDS = ("kind", "evidence_kind", "evidence_on", "ended_on")


class Context:
    """What rows are compared with."""

    def __init__(self, *, target: Cohort) -> None:
        self.people = People(target)
        self.organisations = Organisations()
        self.vacancies = {row.number: row for row in Vacancy.objects.all()}
        people = [person.pk for person in self.people.by_email.values()]
        rows = Placement.objects.filter(person__in=people)
        rows = rows.select_related("person", "organisation", "vacancy")
        self.placements = {
            (row.person_id, row.organisation_id, row.started_on): row for row in rows
        }
        accepted = Offer.objects.filter(
            person__in=people, state=OfferState.ACCEPTED, placement__isnull=True
        )
        self.offers = {(row.person_id, row.vacancy_id): row for row in accepted}

    def vacancy(self, row: Row) -> Vacancy | None:
        """Return the vacancy that a row names, if any.

        Raises
        ------
        CellError
            When there is none of that number, or it is another organisation's.
        """
        if not row["vacancy"]:
            return None
        found = self.vacancies.get(row["vacancy"])
        if found is None or found.organisation_id != self.organisations.find(row).pk:
            raise CellError(
                "unknown_vacancy",
                _("This organisation has no vacancy “%(found)s”."),
                column="vacancy",
                found=row["vacancy"],
            )
        return found


def _prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    return Context(target=target)


def _match(row: Row, context: Context) -> Placement | None:
    person, organisation = context.people.find(row), context.organisations.find(row)
    context.vacancy(row)
    return context.placements.get((person.pk, organisation.pk, row["started_on"]))


def _check(row: Row, context: Context) -> Iterable[CellError]:
    if bool(row["evidence_kind"]) != (row["evidence_on"] is not None):
        yield CellError(
            "half_evidence",
            _("Evidence needs both its kind and its date."),
            column="evidence_on" if row["evidence_kind"] else "evidence_kind",
        )
    if row["ended_on"] is not None and row["ended_on"] < row["started_on"]:
        yield CellError(
            "dates_reversed",
            _("The last day at work is before the first one."),
            column="ended_on",
        )


def _values(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in FIELDS if name in row.given}


def _compare(existing: Placement, row: Row) -> bool:
    if any(getattr(existing, name) != value for name, value in _values(row).items()):
        return True
    number = existing.vacancy.number if existing.vacancy else None
    return "vacancy" in row.given and number != (row["vacancy"] or None)


def _snapshot(existing: Placement) -> dict[str, Any]:
    number = existing.vacancy.number if existing.vacancy else None
    return {"vacancy": number, **{name: getattr(existing, name) for name in FIELDS}}


def _apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    created, changed, written = [], [], []
    before = {row.existing.pk: facts(row.existing) for row in rows if row.existing}
    for row in rows:
        placement = row.existing
        if placement is None:
            placement = Placement(
                person=context.people.find(row),
                organisation=context.organisations.find(row),
                started_on=row["started_on"],
            )
            created.append(placement)
        else:
            changed.append(placement)
        if "vacancy" in row.given:
            placement.vacancy = context.vacancy(row)
        if placement.vacancy and row.existing is None:
            placement.offer = context.offers.pop((placement.person_id, placement.vacancy.pk), None)
        for name, value in _values(row).items():
            setattr(placement, name, value)
        written.append(placement.uuid)
    services.write_placements(created=created, changed=changed, by=by, at=at, before=before)
    return written


def _undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    known = Placement.objects.select_related("person", "organisation", "vacancy")
    was = dict(changed)
    numbers = [old["vacancy"] for old in was.values() if old["vacancy"]]
    vacancies = {row.number: row for row in Vacancy.objects.filter(number__in=numbers)}
    rows = list(known.filter(uuid__in=was))
    before = {row.pk: facts(row) for row in rows}
    for placement in rows:
        old = was[placement.uuid]
        placement.vacancy = vacancies.get(old["vacancy"])
        for name in FIELDS:
            setattr(placement, name, old[name])
    services.write_placements(created=[], changed=rows, by=by, at=at, before=before)
    fresh = list(known.filter(uuid__in=created))
    services.withdraw_placements(placements=fresh, by=by, at=at)


def can_import_outcomes(user: User, target: Cohort | None) -> bool:
    """Whoever runs the cohort keeps its outcomes."""
    return rules.is_office(user) if target is None else rules.can_run_cohort(user, target)


PLACEMENTS = Kind(
    key="placements",
    title=_("Placements"),
    help=_("Jobs and own companies that people of a cohort began, with the evidence."),
    columns=COLUMNS,
    target="programmes.Cohort",
    targets=rules.cohorts_run_by,
    target_lookup=cohort_named,
    can=can_import_outcomes,
    prepare=_prepare,
    match=_match,
    check=_check,
    compare=_compare,
    snapshot=_snapshot,
    apply=_apply,
    undo=_undo,
    identity=lambda row: (
        person_key(row),
        row["business_number"] or row["organisation"],
        row["started_on"],
    ),
)
