"""Answers to retention checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.enums import CheckSource, CheckState
from bitgoeul.apps.careers.imports.targets import cohort_named
from bitgoeul.apps.careers.imports.who import (
    ORGANISATION_COLUMNS,
    PERSON_COLUMNS,
    Organisations,
    People,
    person_key,
)
from bitgoeul.apps.careers.imports.words import CHECK_STATES
from bitgoeul.apps.careers.models import RetentionCheck
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

COLUMNS = (
    *PERSON_COLUMNS,
    *ORGANISATION_COLUMNS,
    Column(
        "started_on",
        labels=("입사일", "취업일", "창업일", "start date", "started_on"),
        clean=clean.date(),
    ),
    Column(
        "months",
        labels=("경과개월", "점검시점", "개월", "months"),
        clean=clean.integer(min=1, max=120, unit="개월"),
        example="3",
    ),
    Column(
        "state",
        labels=("재직여부", "상태", "state"),
        clean=clean.choice(CHECK_STATES),
        example="재직",
    ),
    Column(
        "answered_on",
        labels=("확인일", "응답일", "answered on", "answered_on"),
        clean=clean.date(),
    ),
)


class Context:
    """What rows are compared with, and whose placements the person may answer for."""

    def __init__(self, *, target: Cohort, by: User | None) -> None:
        self.people = People(target)
        self.organisations = Organisations()
        people = [person.pk for person in self.people.by_email.values()]
        rows = RetentionCheck.objects.filter(placement__person__in=people)
        self.checks = {
            (
                row.placement.person_id,
                row.placement.organisation_id,
                row.placement.started_on,
                row.months,
            ): row
            for row in rows.select_related("placement")
        }
        self.own: set[int] | None = None
        if by is not None and not rules.can_run_cohort(by, target):
            self.own = set(rules.employers_of(by).values_list("pk", flat=True))


def _prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    return Context(target=target, by=by)


def _match(row: Row, context: Context) -> RetentionCheck:
    organisation = context.organisations.find(row)
    if context.own is not None and organisation.pk not in context.own:
        raise CellError(
            "other_organisation",
            _("You may answer for your own organisation only."),
            column="organisation",
        )
    person = context.people.find(row)
    found = context.checks.get((person.pk, organisation.pk, row["started_on"], row["months"]))
    if found is None:
        raise CellError(
            "no_such_check",
            _("No job began on that day there, or none is checked after %(months)s months."),
            column="started_on",
            months=row["months"],
        )
    return found


def _check(row: Row, context: Context) -> Iterable[CellError]:
    if row["state"] == CheckState.KEPT and row["answered_on"] < row.existing.due_on:
        yield CellError(
            "too_early",
            _("The day this check asks about is %(due)s, later than the answer."),
            column="answered_on",
            due=row.existing.due_on.isoformat(),
        )


def _compare(existing: RetentionCheck, row: Row) -> bool:
    return existing.state != row["state"] or existing.answered_on != row["answered_on"]


def _snapshot(existing: RetentionCheck) -> dict[str, Any]:
    return {
        "state": existing.state,
        "answered_on": existing.answered_on,
        "source": existing.source,
    }


def _apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    answers = {
        row.existing: services.Answer(
            state=row["state"], answered_on=row["answered_on"], source=CheckSource.IMPORT
        )
        for row in rows
    }
    services.write_answers(answers=answers, by=by, at=at)
    return [row.existing.uuid for row in rows]


def _undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    before = dict(changed)
    states = {
        row: services.Answer(**before[row.uuid]) if before[row.uuid]["answered_on"] else None
        for row in RetentionCheck.objects.filter(uuid__in=before)
    }
    services.reset_checks(states=states, by=by, at=at)


def _can(user: User, target: Cohort | None) -> bool:
    if target is None:
        return rules.is_office(user) or rules.is_employer(user)
    return rules.can_follow_up_cohort(user, target)


RETENTION = Kind(
    key="retention",
    title=_("Retention checks"),
    help=_("Whether people of a cohort are still in the jobs that they began."),
    columns=COLUMNS,
    target="programmes.Cohort",
    targets=rules.cohorts_followed_up_by,
    target_lookup=cohort_named,
    can=_can,
    # Employers answer for their own people; the file of a whole cohort is the office's to see.
    oversees=lambda user, target: (
        rules.is_office(user) if target is None else rules.can_run_cohort(user, target)
    ),
    overseen=rules.cohorts_run_by,
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
        row["months"],
    ),
)
