"""Ratings by employers, one line per person and vacancy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.imports.rankings import VACANCY_COLUMN, Choices
from bitgoeul.apps.careers.imports.targets import round_named, rounds_to_rate, rounds_to_run
from bitgoeul.apps.careers.imports.who import PERSON_COLUMNS, person_key
from bitgoeul.apps.careers.imports.words import NOT_ACCEPTABLE
from bitgoeul.apps.careers.models import Application, MatchingRound
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

_score = clean.score(min=0, max=100, places=2)


def _rating(cell: Any) -> Decimal | None:
    """A rating from 0 to 100, or None for somebody whom the employer does not accept."""
    if clean.plain(cell).casefold() in NOT_ACCEPTABLE:
        return None
    return _score(cell)


class Context(Choices):
    """Also knows whose vacancies the person may rate."""

    def __init__(self, *, target: MatchingRound, by: User | None) -> None:
        super().__init__(target=target)
        self.own: set[int] | None = None
        if by is not None and not rules.can_run_round(by, target):
            self.own = set(rules.employers_of(by).values_list("pk", flat=True))


def _prepare(*, target: MatchingRound, rows: Sequence[Row], by: User | None) -> Context:
    return Context(target=target, by=by)


def _match(row: Row, context: Context) -> Application:
    vacancy, person = context.vacancy(row), context.people.find(row)
    if context.own is not None and vacancy.organisation_id not in context.own:
        raise CellError(
            "other_organisation",
            _("You may rate for your own organisation only."),
            column="vacancy",
        )
    found = context.applications.get((person.pk, vacancy.pk))
    if found is None:
        raise CellError(
            "not_ranked",
            _("This person has not ranked the vacancy “%(found)s”."),
            column="vacancy",
            found=row["vacancy"],
        )
    return found


def _compare(existing: Application, row: Row) -> bool:
    return existing.rated_at is None or existing.rating != row["rating"]


def _apply(
    *,
    target: MatchingRound,
    rows: Sequence[Row],
    by: User | None,
    at: dt.datetime,
    context: Context,
) -> list[UUID]:
    ratings = {row.existing: row["rating"] for row in rows}
    services.rate_applications(matching_round=target, ratings=ratings, by=by, at=at)
    return [row.existing.uuid for row in rows]


def _undo(
    *,
    target: MatchingRound,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    before = dict(changed)
    rows = target.applications.select_related("vacancy").filter(uuid__in=before)
    ratings = {row: (before[row.uuid]["rating"], before[row.uuid]["rated_at"]) for row in rows}
    services.restore_ratings(matching_round=target, ratings=ratings, by=by, at=at)


def _can(user: User, target: MatchingRound | None) -> bool:
    if target is None:
        return rules.is_employer(user) or rules.is_office(user)
    return rules.can_run_round(user, target) or rules.can_rate_in_round(user, target)


RATINGS = Kind(
    key="ratings",
    title=_("Ratings by employers"),
    help=_("One line per person and vacancy: 0 to 100, higher is better, or “not acceptable”."),
    columns=(
        VACANCY_COLUMN,
        *PERSON_COLUMNS,
        Column(
            "rating",
            labels=("평가점수", "점수", "평점", "rating"),
            clean=_rating,
            help=_("0 to 100, or “not acceptable”."),
            example="87.5",
        ),
    ),
    target="careers.MatchingRound",
    targets=rounds_to_rate,
    target_lookup=round_named,
    can=_can,
    # One employer's ratings are not another's to read.
    oversees=lambda user, target: (
        rules.is_office(user) if target is None else rules.can_run_round(user, target)
    ),
    overseen=rounds_to_run,
    prepare=_prepare,
    match=_match,
    compare=_compare,
    snapshot=lambda existing: {"rating": existing.rating, "rated_at": existing.rated_at},
    apply=_apply,
    undo=_undo,
    identity=lambda row: (person_key(row), row["vacancy"]),
)
