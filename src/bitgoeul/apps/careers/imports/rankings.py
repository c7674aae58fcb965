"""Rankings by graduates, one line per choice."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.imports.targets import round_named, rounds_to_run
from bitgoeul.apps.careers.imports.who import PERSON_COLUMNS, People, person_key
from bitgoeul.apps.careers.models import Application, MatchingRound, Vacancy
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean

VACANCY_COLUMN = Column(
    "vacancy",
    labels=("채용번호", "공고번호", "vacancy number", "vacancy"),
    clean=clean.text(max=20),
    example="V-2024-001",
)
Lists = dict[User, dict[Vacancy, int]]


class Choices:
    """People, vacancies and applications of a round, shared by rankings and ratings."""

    def __init__(self, *, target: MatchingRound) -> None:
        self.round = target
        self.people = People(target.cohort, states=(EnrolmentState.COMPLETED,))
        self.vacancies = {row.number: row for row in target.vacancies.all()}
        rows = target.applications.select_related("person", "vacancy", "round__cohort")
        self.applications = {(row.person_id, row.vacancy_id): row for row in rows}

    def vacancy(self, row: Row) -> Vacancy:
        """Return the vacancy of a row.

        Raises
        ------
        CellError
            When the round has none of that number.
        """
        found = self.vacancies.get(row["vacancy"])
        if found is None:
            raise CellError(
                "unknown_vacancy",
                _("The vacancy “%(found)s” does not take part in this round."),
                column="vacancy",
                found=row["vacancy"],
            )
        return found


class Context(Choices):
    """Also knows which ranks would be given twice once the file is written."""

    def __init__(self, *, target: MatchingRound, rows: Iterable[Row]) -> None:
        super().__init__(target=target)
        self.lists: dict[int, dict[int, int]] = defaultdict(dict)
        for (person_id, vacancy_id), application in self.applications.items():
            self.lists[person_id][vacancy_id] = application.rank
        for row in rows:
            try:
                person, vacancy = self.people.find(row), self.vacancy(row)
            except CellError:
                continue  # The row says so itself, in `match`.
            self.lists[person.pk][vacancy.pk] = row["rank"]
        self.taken = {who: Counter(ranks.values()) for who, ranks in self.lists.items()}


def _prepare(*, target: MatchingRound, rows: Sequence[Row], by: User | None) -> Context:
    return Context(target=target, rows=rows)


def _match(row: Row, context: Context) -> Application | None:
    person, vacancy = context.people.find(row), context.vacancy(row)
    if context.taken[person.pk][row["rank"]] > 1:
        raise CellError(
            "rank_taken",
            _("This person gives rank %(rank)s to two vacancies."),
            column="rank",
            rank=row["rank"],
        )
    return context.applications.get((person.pk, vacancy.pk))


def _apply(
    *,
    target: MatchingRound,
    rows: Sequence[Row],
    by: User | None,
    at: dt.datetime,
    context: Context,
) -> list[UUID]:
    lists = _lists_of(context, {context.people.find(row) for row in rows})
    for row in rows:
        lists[context.people.find(row)][context.vacancy(row)] = row["rank"]
    services.write_rankings(matching_round=target, lists=lists, by=by, at=at)
    uuids = {
        (person, vacancy): uuid
        for person, vacancy, uuid in target.applications.values_list("person", "vacancy", "uuid")
    }
    return [uuids[context.people.find(row).pk, context.vacancy(row).pk] for row in rows]


def _lists_of(context: Choices, people: set[User]) -> Lists:
    lists: Lists = {person: {} for person in people}
    for application in context.applications.values():
        if application.person in lists:
            lists[application.person][application.vacancy] = application.rank
    return lists


def _undo(
    *,
    target: MatchingRound,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    context = Choices(target=target)
    rows = {row.uuid: row for row in context.applications.values()}
    if set(created) - rows.keys():
        raise UndoRefused("undo_missing")
    if any(rows[uuid].rated_at for uuid in created):
        raise UndoRefused("undo_blocked", what=str(_("ratings by employers")))
    touched = [rows[uuid] for uuid in (*created, *dict(changed)) if uuid in rows]
    lists = _lists_of(context, {row.person for row in touched})
    for uuid in created:
        del lists[rows[uuid].person][rows[uuid].vacancy]
    for uuid, before in changed:
        if uuid in rows:
            lists[rows[uuid].person][rows[uuid].vacancy] = before["rank"]
    services.write_rankings(matching_round=target, lists=lists, by=by, at=at)


def _can(user: User, target: MatchingRound | None) -> bool:
    return rules.is_office(user) if target is None else rules.can_run_round(user, target)


RANKINGS = Kind(
    key="rankings",
    title=_("Rankings by graduates"),
    help=_("One line per choice; rank 1 is the most wanted vacancy."),
    columns=(
        *PERSON_COLUMNS,
        VACANCY_COLUMN,
        Column(
            "rank",
            labels=("희망순위", "지망", "순위", "rank"),
            clean=clean.integer(min=1, max=999, unit="지망"),
            example="1",
        ),
    ),
    target="careers.MatchingRound",
    targets=rounds_to_run,
    target_lookup=round_named,
    can=_can,
    prepare=_prepare,
    match=_match,
    compare=lambda existing, row: existing.rank != row["rank"],
    snapshot=lambda existing: {"rank": existing.rank},
    apply=_apply,
    undo=_undo,
    identity=lambda row: (person_key(row), row["vacancy"]),
)
