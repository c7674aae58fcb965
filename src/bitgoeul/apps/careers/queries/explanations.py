"""Why a graduate got this seat, or none: the engine's answer in the room's words."""

from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Application, MatchingRound, Vacancy
from bitgoeul.apps.careers.queries import bundles
from bitgoeul.engines import matching


@dataclass(frozen=True)
class PoolReason:
    """One seat pool of a wanted vacancy: where its bar was, and how far away the person stood.

    `others_first` says that local talents filled the pool and the person is none, so that the
    cutoff was no matter of ratings.
    """

    is_reserve: bool
    cutoff: str | None
    places_behind: int
    lottery_decided: bool
    below_floor: bool
    others_first: bool = False


@dataclass(frozen=True)
class ChoiceReason:
    """Why a wanted vacancy was not reached; without pools the employer did not accept."""

    rank: int
    vacancy: Vacancy
    rating: str | None
    pools: tuple[PoolReason, ...] = ()
    moved_by_quota: bool = False


@dataclass(frozen=True)
class Explanation:
    """A graduate's outcome: the vacancy, why not a better one, and what else was free."""

    pseudonym: str
    lottery: str
    vacancy: Vacancy | None
    rank: int | None
    through_reserve: bool
    reasons: tuple[ChoiceReason, ...]
    not_listed: tuple[tuple[Vacancy, int], ...]
    took_part: bool


def explanation_of(matching_round: MatchingRound, person: User) -> Explanation:
    """Explain a published result to one graduate."""
    rows = list(
        Application.objects.filter(round=matching_round, person=person)
        .select_related("vacancy__organisation")
        .order_by("rank")
    )
    name = bundles.pseudonym(matching_round, person.uuid)
    why: dict[str, Any] | None = None
    if name in matching_round.inputs["people"]:
        problem, result = bundles.replay(matching_round)
        why = matching.explain(problem, result, name)
    by_number = {row.vacancy.number: row for row in rows}
    got = by_number[why["outcome"]["position"]] if why and why["outcome"] else None
    above = {row["position"]: row for row in why["choices"]} if why else {}
    return Explanation(
        pseudonym=name,
        lottery=bundles.lottery_of(matching_round, person.uuid),
        vacancy=got.vacancy if got else None,
        rank=got.rank if got else None,
        through_reserve=bool(why and why["outcome"] and why["outcome"]["pool"] != "open"),
        reasons=tuple(
            _reason(row, above.get(row.vacancy.number))
            for row in rows
            if got is None or row.rank < got.rank
        ),
        not_listed=_not_listed(matching_round, why) if got is None else (),
        took_part=bool(rows),
    )


def _reason(row: Application, found: dict[str, Any] | None) -> ChoiceReason:
    if found is None:
        return ChoiceReason(rank=row.rank, vacancy=row.vacancy, rating=None)
    return ChoiceReason(
        rank=row.rank,
        vacancy=row.vacancy,
        rating=found["key"]["score"],
        pools=tuple(_pool_reason(pool) for pool in found["pools"]),
        moved_by_quota=bool(found["quotas"]),
    )


def _pool_reason(pool: dict[str, Any]) -> PoolReason:
    cutoff = pool["cutoff"] or {}
    return PoolReason(
        is_reserve=pool["pool"] != "open",
        cutoff=cutoff.get("score"),
        others_first=bool(cutoff.get("member")) and not pool["key"].get("member"),
        places_behind=pool["places_behind"],
        lottery_decided=pool["lottery_decided"],
        below_floor=pool["below_floor"],
    )


def _not_listed(
    matching_round: MatchingRound, why: dict[str, Any] | None
) -> tuple[tuple[Vacancy, int], ...]:
    free = {row["position"]: row["free"] for row in why["not_listed"]} if why else {}
    vacancies = matching_round.vacancies.select_related("organisation").filter(number__in=free)
    return tuple((vacancy, free[vacancy.number]) for vacancy in vacancies)
