"""What a person may name on the command line to import into."""

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
