"""How far a round is, who still has to rate, and what the public may know of its result."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import people_having_withdrawn
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.models import Application, MatchingRound, Profile, Vacancy
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.core.disclosure import is_small, protect_parts, public_threshold
from bitgoeul.core.jobs import Job


@dataclass(frozen=True)
class Progress:
    """Counts of a round while it collects."""

    vacancies: int
    seats: int
    graduates: int
    ranked: int
    choices: int
    rated: int

    @property
    def unrated(self) -> int:
        """Choices that no employer has looked at yet."""
        return self.choices - self.rated


@dataclass(frozen=True)
class Pool:
    """Seats of a vacancy with the rating of the last one admitted, where that may be shown."""

    vacancy: Vacancy | None
    number: str
    is_reserve: bool
    seats: int
    filled: int | None
    cutoff: str | None
    is_small: bool


def rounds_listed(visible: Q) -> QuerySet[MatchingRound]:
    """Return rounds, the latest first, with how many vacancies they have."""
    return (
        MatchingRound.objects.filter(visible)
        .select_related("cohort__programme")
        .defer("inputs", "outcome", "certificate")
        .annotate(vacancy_count=Count("vacancies", distinct=True))
        .order_by("-closes_at", "pk")
    )


def progress_of(matching_round: MatchingRound) -> Progress:
    """Count who has ranked and rated."""
    vacancies = matching_round.vacancies.aggregate(count=Count("pk"), seats=Sum("seats"))
    choices = matching_round.applications.aggregate(
        people=Count("person", distinct=True), rows=Count("pk"), rated=Count("rated_at")
    )
    graduates = Enrolment.objects.filter(
        cohort=matching_round.cohort_id, state=EnrolmentState.COMPLETED
    )
    return Progress(
        vacancies=vacancies["count"],
        seats=vacancies["seats"] or 0,
        graduates=graduates.count(),
        ranked=choices["people"],
        choices=choices["rows"],
        rated=choices["rated"],
    )


def vacancies_to_rate(matching_round: MatchingRound, user: User) -> QuerySet[Vacancy]:
    """Return a person's vacancies in a round, with how many applied and how many are rated."""
    gone = people_having_withdrawn(Purpose.EMPLOYER_SHARING).values("pk")
    of_round = Q(applications__round=matching_round) & ~Q(applications__person__in=gone)
    found = Vacancy.objects.filter(rounds=matching_round).select_related("organisation")
    if not rules.can_run_round(user, matching_round):
        found = found.filter(rules.vacancies_editable_by(user))
    return found.annotate(
        applied=Count("applications", filter=of_round, distinct=True),
        rated=Count(
            "applications",
            filter=of_round & Q(applications__rated_at__isnull=False),
            distinct=True,
        ),
    ).order_by("organisation__name_ko", "number")


def applications_to_rate(
    matching_round: MatchingRound, vacancy: Vacancy, user: User
) -> QuerySet[Application]:
    """Return who applied to a vacancy, by name, and whether their profile is shown.

    How high they rank the vacancy is theirs alone to know. Whoever took back that employers may
    see them is not among them any more.
    """
    gone = people_having_withdrawn(Purpose.EMPLOYER_SHARING)
    shown = Profile.objects.filter(rules.profiles_visible_to(user), person=OuterRef("person"))
    return (
        Application.objects.filter(round=matching_round, vacancy=vacancy)
        .exclude(person__in=gone.values("pk"))
        .annotate(profile_shown=Exists(shown))
        .select_related("person__profile", "round", "vacancy")
        .order_by("person__full_name", "pk")
    )


def ranking_of(matching_round: MatchingRound, person: User) -> list[Vacancy]:
    """Return a graduate's list, the most wanted first."""
    rows = Application.objects.filter(round=matching_round, person=person)
    return [row.vacancy for row in rows.select_related("vacancy__organisation").order_by("rank")]


def match_job_key(matching_round: MatchingRound) -> str:
    """Return the key under which the match of a round runs only once at a time."""
    return f"careers.match:{matching_round.uuid}"


def match_job_of(matching_round: MatchingRound) -> Job | None:
    """Return the last job that matches, or matched, a round."""
    return Job.objects.filter(dedupe=match_job_key(matching_round)).order_by("-pk").first()


def pools_of(matching_round: MatchingRound, *, whole: bool) -> list[Pool]:
    """Return the seat pools of a matched round; small ones without numbers unless `whole`."""
    vacancies = {row.number: row for row in matching_round.vacancies.select_related("organisation")}
    return [_pool(row, vacancies, whole=whole) for row in _pools(matching_round)]


def _pools(matching_round: MatchingRound) -> list[dict[str, Any]]:
    rows = matching_round.certificate.get("pools", [])
    return [row for row in rows if row["seats"] or row["filled"]]


def _pool(row: dict[str, Any], vacancies: dict[str, Vacancy], *, whole: bool) -> Pool:
    # A cutoff of few people could be put to a name by whoever knows them.
    small = row["filled"] < public_threshold()
    shown = whole or not small
    return Pool(
        vacancy=vacancies.get(row["position"]),
        number=row["position"],
        is_reserve=row["pool"] != "open",
        seats=row["seats"],
        filled=row["filled"] if shown else None,
        cutoff=row["cutoff"]["score"] if shown and row["cutoff"] else None,
        is_small=small,
    )


def totals_of(matching_round: MatchingRound, *, whole: bool) -> dict[str, int | None]:
    """Return how many were matched; to the public nothing that would tell of a few people."""
    summary = matching_round.outcome.get("summary", {})
    names = ("applicants", "seats", "matched", "unmatched")
    shown: dict[str, int | None] = {name: summary.get(name) for name in names}
    if whole or not summary:
        return shown
    pools = _pools(matching_round)
    filled = protect_parts([row["filled"] for row in pools], most=[row["seats"] for row in pools])
    parts = protect_parts([summary["matched"], summary["unmatched"]])
    if filled.total is None or parts.total is None or None in parts.counts:
        # Applicants less the unmatched are the matched: neither is told without the other.
        shown["matched"] = shown["unmatched"] = None
    if is_small(summary["applicants"]):
        shown["applicants"] = None
    return shown


def offers_by_state(matching_round: MatchingRound) -> dict[str, int]:
    """Return counts of the offers of a round by state."""
    return dict(
        matching_round.offers.values_list("state").annotate(count=Count("pk")).order_by("state")
    )
