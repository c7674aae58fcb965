"""What a person may name on the command line to import into."""

from django.db.models import QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import RoundState
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.programmes.models import Cohort


def cohort_named(text: str) -> Cohort | None:
    """Find a cohort by its programme's key and its number: `academy-4` or `academy/4`."""
    key, separator, number = text.replace("/", "-").rpartition("-")
    if not separator or not number.isdecimal():
        return None
    return Cohort.objects.filter(programme__key=key, number=int(number)).first()


def round_named(text: str) -> MatchingRound | None:
    """Find a round by its name, when only one has it."""
    found = MatchingRound.objects.filter(name_ko=text) | MatchingRound.objects.filter(name_en=text)
    rows = list(found.distinct()[:2])
    return rows[0] if len(rows) == 1 else None


def rounds_to_run(user: User) -> QuerySet[MatchingRound]:
    """The collecting rounds of the cohorts that one runs."""
    return MatchingRound.objects.filter(rules.rounds_run_by(user), state=RoundState.COLLECTING)


def rounds_to_rate(user: User) -> QuerySet[MatchingRound]:
    """The collecting rounds that one runs or hires in."""
    mine = rules.rounds_run_by(user) | rules.rounds_rated_in_by(user)
    return MatchingRound.objects.filter(mine, state=RoundState.COLLECTING)
