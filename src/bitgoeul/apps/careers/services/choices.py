"""What goes into a round: rankings by graduates, ratings by employers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import people_having_withdrawn
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import RoundState
from bitgoeul.apps.careers.models import Application, MatchingRound, Vacancy
from bitgoeul.apps.careers.services.steps import allow
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

LOWEST_RATING, HIGHEST_RATING = Decimal(0), Decimal(100)
_ASIDE = 10_000
"""Added to old ranks while new ones are written: two rows may never share a rank."""


def rank_vacancies(
    *,
    matching_round: MatchingRound,
    person: User,
    vacancies: Sequence[Vacancy],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Replace a graduate's list; the first vacancy is the most wanted."""
    if len({vacancy.pk for vacancy in vacancies}) < len(vacancies):
        raise Refused(_("A vacancy can stand in the list only once."), code="repeated")
    ranked = {vacancy: rank for rank, vacancy in enumerate(vacancies, start=1)}
    write_rankings(matching_round=matching_round, lists={person: ranked}, by=by, at=at)


def write_rankings(
    *,
    matching_round: MatchingRound,
    lists: Mapping[User, Mapping[Vacancy, int]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Replace the lists of several graduates, vacancy to rank; ratings of kept choices stay."""
    people = {person.pk: person for person in lists}
    only_self = by is not None and set(people) == {by.pk}
    allow(by is None or only_self or rules.can_run_round(by, matching_round))
    with transaction.atomic():
        current = _collecting(matching_round, at=at, by=by)
        _refuse_strangers(current, people)
        _refuse_withdrawn(people)
        _refuse_foreign_vacancies(current, lists)
        _replace(current, lists)
        journal.record(
            event="round.ranked",
            by=by,
            at=at,
            on=current,
            after={
                str(person.uuid): {vacancy.number: rank for vacancy, rank in wanted.items()}
                for person, wanted in lists.items()
            },
            details={"people": len(lists), "choices": sum(map(len, lists.values()))},
        )


def rate_application(
    *, application: Application, rating: Decimal | None, by: User | None, at: dt.datetime
) -> None:
    """Rate one person from 0 to 100; None says that the employer does not accept them."""
    rate_applications(matching_round=application.round, ratings={application: rating}, by=by, at=at)


def rate_applications(
    *,
    matching_round: MatchingRound,
    ratings: Mapping[Application, Decimal | None],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Rate several people at vacancies of a round."""
    with transaction.atomic():
        current = _collecting(matching_round, at=at, by=by)
        _refuse_foreign_ratings(current, list(ratings), by=by)
        for application, rating in ratings.items():
            if rating is not None and not LOWEST_RATING <= rating <= HIGHEST_RATING:
                raise Refused(_("A rating is between 0 and 100."), code="rating_range")
            application.rating = rating
            application.rated_at = at
        Application.objects.bulk_update(ratings, ("rating", "rated_at"), batch_size=300)
        journal.record(
            event="round.rated",
            by=by,
            at=at,
            on=current,
            after={str(row.uuid): rating for row, rating in ratings.items()},
            details={
                "applications": len(ratings),
                "not_acceptable": sum(rating is None for rating in ratings.values()),
            },
        )


def restore_ratings(
    *,
    matching_round: MatchingRound,
    ratings: Mapping[Application, tuple[Decimal | None, dt.datetime | None]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Give applications back the ratings, and the moments of rating, that an import replaced."""
    with transaction.atomic():
        current = _collecting(matching_round, at=at, by=by)
        _refuse_foreign_ratings(current, list(ratings), by=by)
        for application, (rating, rated_at) in ratings.items():
            application.rating, application.rated_at = rating, rated_at
        Application.objects.bulk_update(ratings, ("rating", "rated_at"), batch_size=300)
        journal.record(
            event="round.ratings_restored",
            by=by,
            at=at,
            on=current,
            after={str(row.uuid): rating for row, (rating, _at) in ratings.items()},
            details={"applications": len(ratings)},
        )


def _collecting(
    matching_round: MatchingRound, *, at: dt.datetime, by: User | None
) -> MatchingRound:
    """Lock the round's row; an office may still key in what came on paper before the deadline."""
    current = MatchingRound.objects.select_for_update().get(pk=matching_round.pk)
    if current.state != RoundState.COLLECTING:
        raise Refused(_("This round does not take ratings and rankings now."), code="wrong_state")
    if by is not None and at > current.closes_at and not rules.can_run_round(by, current):
        raise Refused(_("The deadline of this round has passed."), code="too_late")
    return current


def _refuse_strangers(current: MatchingRound, people: Mapping[int, User]) -> None:
    completed = set(
        Enrolment.objects.filter(
            cohort=current.cohort_id, state=EnrolmentState.COMPLETED
        ).values_list("person", flat=True)
    )
    if people.keys() - completed:
        raise Refused(_("Only those who completed the cohort take part."), code="not_completed")


def _refuse_withdrawn(people: Mapping[int, User]) -> None:
    gone = people_having_withdrawn(Purpose.EMPLOYER_SHARING).filter(pk__in=people).first()
    if gone is not None:
        text = _("%(name)s has taken back that employers may see the profile.")
        raise Refused(text % {"name": gone}, code="withdrawn")


def _refuse_foreign_vacancies(
    current: MatchingRound, lists: Mapping[User, Mapping[Vacancy, int]]
) -> None:
    known = set(current.vacancies.values_list("pk", flat=True))
    for wanted in lists.values():
        if {vacancy.pk for vacancy in wanted} - known:
            raise Refused(_("This vacancy does not take part in the round."), code="unknown")
        ranks = list(wanted.values())
        if len(set(ranks)) < len(ranks) or any(not 1 <= rank < _ASIDE for rank in ranks):
            raise Refused(_("Every vacancy needs a rank of its own, from 1."), code="bad_rank")


def _refuse_foreign_ratings(
    current: MatchingRound, applications: Sequence[Application], *, by: User | None
) -> None:
    if any(application.round_id != current.pk for application in applications):
        raise Refused(_("This application belongs to another round."), code="unknown")
    if by is None or rules.can_run_round(by, current):
        return
    own = set(rules.employers_of(by).values_list("pk", flat=True))
    allow(all(application.vacancy.organisation_id in own for application in applications))


def _replace(current: MatchingRound, lists: Mapping[User, Mapping[Vacancy, int]]) -> None:
    rows = Application.objects.filter(round=current, person__in=list(lists))
    rows.update(rank=F("rank") + _ASIDE)
    existing = {(row.person_id, row.vacancy_id): row for row in rows}
    fresh: list[Application] = []
    kept: list[Application] = []
    for person, wanted in lists.items():
        for vacancy, rank in wanted.items():
            found = existing.pop((person.pk, vacancy.pk), None)
            if found is None:
                fresh.append(Application(round=current, person=person, vacancy=vacancy, rank=rank))
            else:
                found.rank = rank
                kept.append(found)
    # Deleted before the others get their ranks, so that no rank is taken.
    Application.objects.filter(pk__in=[row.pk for row in existing.values()]).delete()
    Application.objects.bulk_update(kept, ("rank",), batch_size=300)
    Application.objects.bulk_create(fresh, batch_size=300)
