"""Preparing a matching round: make, open, lock, close."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import OfferState, ReserveMode, Rounding, RoundState, VacancyState
from bitgoeul.apps.careers.models import MatchingRound, Vacancy
from bitgoeul.apps.careers.services.steps import allow, checked, next_state
from bitgoeul.apps.careers.workflow import ROUND_STEPS
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def create_round(
    *,
    cohort: Cohort,
    vacancies: Iterable[Vacancy],
    name_ko: str,
    closes_at: dt.datetime,
    offers_expire_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    name_en: str = "",
    reserve_mode: str = ReserveMode.SOFT,
    reserve_rounding: str = Rounding.NEAREST,
    reserve_min_seats: int = 0,
    reserve_floor: Decimal | None = None,
    reserve_extra_cap: Decimal | None = None,
) -> MatchingRound:
    """Prepare a round; the lottery's seed is drawn now and only its hash is shown."""
    allow(by is None or rules.can_run_cohort(by, cohort))
    seed = secrets.token_hex(16)
    made = MatchingRound(
        cohort=cohort,
        name_ko=name_ko,
        name_en=name_en,
        closes_at=closes_at,
        offers_expire_at=offers_expire_at,
        reserve_mode=reserve_mode,
        reserve_rounding=reserve_rounding,
        reserve_min_seats=reserve_min_seats,
        reserve_floor=reserve_floor,
        reserve_extra_cap=reserve_extra_cap,
        lottery_seed=seed,
        lottery_seed_hash=hashlib.sha256(seed.encode()).hexdigest(),
        pseudonym_key=secrets.token_hex(32),
    )
    chosen = list(vacancies)
    with transaction.atomic():
        _refuse_unopened(chosen)
        checked(made)
        made.save()
        made.vacancies.set(chosen)
        journal.record(event="round.created", by=by, at=at, on=made, details=_terms(made, chosen))
    return made


def update_round(
    *,
    matching_round: MatchingRound,
    vacancies: Iterable[Vacancy],
    by: User | None,
    at: dt.datetime,
    **terms: object,
) -> MatchingRound:
    """Change a round that has not opened yet; `terms` are the fields that `create_round` takes."""
    allow(by is None or rules.can_run_round(by, matching_round))
    chosen = list(vacancies)
    with transaction.atomic():
        current = MatchingRound.objects.select_for_update().get(pk=matching_round.pk)
        if current.state != RoundState.DRAFT:
            raise Refused(_("Only a draft can be changed."), code="wrong_state")
        _refuse_unopened(chosen)
        for name, value in terms.items():
            setattr(current, name, value)
        checked(current)
        current.save()
        current.vacancies.set(chosen)
        journal.record(
            event="round.updated", by=by, at=at, on=current, details=_terms(current, chosen)
        )
    return current


def open_round(*, matching_round: MatchingRound, by: User | None, at: dt.datetime) -> MatchingRound:
    """Let graduates rank and employers rate."""
    with transaction.atomic():
        current = moved(matching_round=matching_round, action="open", by=by)
        if not current.vacancies.exists():
            raise Refused(_("A round needs at least one vacancy."), code="no_vacancies")
        if at >= current.closes_at:
            raise Refused(_("The deadline of this round has already passed."), code="too_late")
        _keep(current, event="round.opened", by=by, at=at)
    return current


def lock_round(*, matching_round: MatchingRound, by: User | None, at: dt.datetime) -> MatchingRound:
    """End ratings and rankings; from here on the inputs stand."""
    with transaction.atomic():
        current = moved(matching_round=matching_round, action="lock", by=by)
        if not current.applications.exists():
            raise Refused(_("Nobody has ranked a vacancy yet."), code="empty")
        # A locked round can only be matched: one in which that is impossible must stay open.
        if not current.applications.filter(rating__isnull=False).exists():
            raise Refused(_("No employer has rated anyone yet."), code="empty")
        _keep(current, event="round.locked", by=by, at=at)
    return current


def close_round(
    *, matching_round: MatchingRound, by: User | None, at: dt.datetime
) -> MatchingRound:
    """End a round whose offers all have an answer."""
    with transaction.atomic():
        current = moved(matching_round=matching_round, action="close", by=by)
        if current.offers.filter(state=OfferState.MADE).exists():
            raise Refused(_("Some offers are still waiting for an answer."), code="waiting")
        _keep(current, event="round.closed", by=by, at=at)
    return current


def moved(*, matching_round: MatchingRound, action: str, by: User | None) -> MatchingRound:
    """Lock the round's row and give it the state that an action leads to, not yet saved."""
    current = MatchingRound.objects.select_for_update().get(pk=matching_round.pk)
    current.state = next_state(ROUND_STEPS, obj=current, state=current.state, action=action, by=by)
    return current


def _keep(current: MatchingRound, *, event: str, by: User | None, at: dt.datetime) -> None:
    current.save(update_fields=["state"])
    journal.record(event=event, by=by, at=at, on=current, after={"state": current.state})


def _refuse_unopened(vacancies: list[Vacancy]) -> None:
    if any(vacancy.state != VacancyState.OPEN for vacancy in vacancies):
        raise Refused(_("Only open vacancies can take part in a round."), code="vacancy_not_open")


def _terms(made: MatchingRound, vacancies: list[Vacancy]) -> dict[str, object]:
    return {
        "cohort": str(made.cohort.uuid),
        "vacancies": sorted(vacancy.number for vacancy in vacancies),
        "closes_at": made.closes_at.isoformat(),
        "offers_expire_at": made.offers_expire_at.isoformat(),
        "lottery_seed_hash": made.lottery_seed_hash,
        "reserve_mode": made.reserve_mode,
        "reserve_rounding": made.reserve_rounding,
        "reserve_min_seats": made.reserve_min_seats,
        "reserve_floor": None if made.reserve_floor is None else str(made.reserve_floor),
        "reserve_extra_cap": (
            None if made.reserve_extra_cap is None else str(made.reserve_extra_cap)
        ),
    }
