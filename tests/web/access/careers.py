"""Who may reach the pages of careers.

In the world Dasom (graduate) was offered a seat by the recruiter's organisation and works there;
a stranger in the same seat was hired by another employer. The round is still collecting.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.web.access import (
    ALL_OFFICERS,
    EVERYONE,
    NOBODY,
    OFFICERS,
    SIGNED_IN,
    Kwargs,
    Route,
    action,
    fixed,
    page,
)
from tests.world import World

RECRUITER = frozenset({"recruiter"})
GRADUATE = frozenset({"graduate"})
EMPLOYERS = RECRUITER | {"officer_company"}
FORM = {"form": "csv"}
COLLECTING = fixed(uuid=lambda w: w.round.uuid)


def csv(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """Export addresses: asked once per role."""
    return FORM if ownership == "other" else None


def row_of(kind: str) -> Kwargs:
    """A row about Dasom at the recruiter's own organisation, and one about a stranger elsewhere."""

    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        mine = {"graduate": "own", "recruiter": "own"}
        if ownership == "own" and role in mine:
            return {"uuid": getattr(world, kind)["graduate"].uuid}
        if ownership == "other":
            return {"uuid": getattr(world, kind)["stranger"].uuid}
        return None

    return kwargs


def check_of(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The check of such a placement."""
    found = row_of("placements")(world, role, ownership)
    if found is None:
        return None
    whose = "graduate" if ownership == "own" else "stranger"
    return {"uuid": world.placements[whose].checks.get().uuid}


def profile_of(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """Dasom's own profile, and the stranger's; nobody agreed that employers see them."""
    if ownership == "own" and role == "graduate":
        return {"uuid": world.people["graduate"].profile.uuid}
    return {"uuid": world.people["stranger"].profile.uuid} if ownership == "other" else None


def vacancy_of(draft: bool = False) -> Kwargs:
    """The recruiter's own vacancy, and another employer's."""

    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        if ownership == "own" and role == "recruiter":
            return {"uuid": world.vacancy.uuid}
        return {"uuid": world.other_vacancy.uuid} if ownership == "other" else None

    return kwargs


def rated(**more: Any) -> Kwargs:
    """A vacancy in the round: the recruiter's own, or another's."""

    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        own = ownership == "own" and role == "recruiter"
        if not own and ownership != "other":
            return None
        vacancy = world.vacancy if own else world.other_vacancy
        return {"uuid": world.round.uuid, "vacancy_uuid": vacancy.uuid, **more}

    return kwargs


def step(name: str) -> Kwargs:
    """An action on the round."""
    return fixed(uuid=lambda w: w.round.uuid, action=lambda w: name)


def owned(
    own: frozenset[str],
    other: frozenset[str],
    kwargs: Callable[..., Any],
    *,
    make: Callable[..., Route] = page,
    **more: Any,
) -> Route:
    """A route whose answer depends on whose row it is."""
    route = make(NOBODY, kwargs, **more)
    allowed = {"own": own, "same": NOBODY, "other": other}
    return Route(**{**route.__dict__, "allowed": allowed})


ROUTES: dict[str, Route] = {
    "careers:vacancy_list": page(EVERYONE),
    "careers:vacancy_export": page(EVERYONE, csv),
    "careers:vacancies_own": page(EMPLOYERS),
    "careers:vacancy_create": page(EMPLOYERS),
    "careers:vacancy_detail": owned(RECRUITER, EVERYONE, vacancy_of()),
    "careers:vacancy_edit": owned(RECRUITER, NOBODY, vacancy_of()),
    "careers:vacancy_open": owned(
        RECRUITER, NOBODY, vacancy_of(), make=action, ok=frozenset({302})
    ),
    "careers:vacancy_close": owned(
        RECRUITER, NOBODY, vacancy_of(), make=action, ok=frozenset({302})
    ),
    "careers:gap": page(OFFICERS | {"instructor"}),
    "careers:gap_export": page(OFFICERS | {"instructor"}, csv),
    "careers:profile_edit": page(SIGNED_IN),
    "careers:profile_detail": owned(GRADUATE, OFFICERS, profile_of),
    "careers:round_list": page(EVERYONE),
    "careers:round_create": page(OFFICERS),
    "careers:round_detail": page(OFFICERS | RECRUITER | GRADUATE, COLLECTING),
    "careers:round_edit": page(NOBODY, COLLECTING),  # it is open already
    "careers:round_step": action(OFFICERS, step("lock"), ok=frozenset({302})),
    "careers:round_bundle": page(NOBODY, COLLECTING),  # nothing is matched yet
    "careers:rank": page(GRADUATE, COLLECTING),
    "careers:result": page(NOBODY, COLLECTING),  # nothing is published yet
    "careers:rating_list": page(OFFICERS | RECRUITER, COLLECTING),
    "careers:rate": owned(RECRUITER, OFFICERS, rated()),
    "careers:rating_export": owned(RECRUITER, OFFICERS, rated(form="csv")),
    "careers:offer_list": page(SIGNED_IN),
    "careers:offer_export": page(SIGNED_IN, csv),
    "careers:offer_accept": owned(
        GRADUATE, NOBODY, row_of("offers"), make=action, ok=frozenset({302})
    ),
    "careers:offer_decline": owned(
        GRADUATE, NOBODY, row_of("offers"), make=action, ok=frozenset({302})
    ),
    "careers:offer_start": owned(NOBODY, NOBODY, row_of("offers")),  # nobody has accepted yet
    "careers:placement_list": page(SIGNED_IN),
    "careers:placement_export": page(SIGNED_IN, csv),
    "careers:placement_create": page(OFFICERS),
    "careers:placement_detail": owned(GRADUATE | RECRUITER, OFFICERS, row_of("placements")),
    "careers:placement_evidence": owned(
        RECRUITER, OFFICERS, row_of("placements"), make=action, ok=frozenset({302})
    ),
    "careers:placement_end": owned(
        RECRUITER, OFFICERS, row_of("placements"), make=action, ok=frozenset({302})
    ),
    "careers:check_list": page(SIGNED_IN),
    "careers:check_export": page(SIGNED_IN, csv),
    "careers:check_answer": owned(
        GRADUATE | RECRUITER, OFFICERS, check_of, make=action, ok=frozenset({302})
    ),
    "careers:exclusion_list": page(SIGNED_IN),
    "careers:exclusion_create": page(OFFICERS),
}

assert ALL_OFFICERS > OFFICERS, "the company's officer sees no graduate of the cohort"
