"""How often a team may still hand in: counted for the team, by the Korean date.

What we failed to score is not counted: the attempt is given back.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from bitgoeul.apps.contests.enums import EntryState
from bitgoeul.apps.contests.models import Entry, Phase, Team
from bitgoeul.core import formats
from bitgoeul.core.clock import SEOUL


def counted(phase: Phase, teams: Iterable[Team]) -> QuerySet[Entry]:
    """Return the entries that are held against the limits of a phase."""
    rows = Entry.objects.filter(phase=phase, team__in=list(teams))
    return rows.exclude(state=EntryState.FAILED)


def left_today(phase: Phase, team: Team, *, at: dt.datetime) -> int:
    """Return how many entries a team has left on the Korean date of a moment."""
    day = at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    used = counted(phase, [team]).filter(
        received_at__gte=day, received_at__lt=day + dt.timedelta(days=1)
    )
    return max(phase.daily_limit - used.count(), 0)


def left_altogether(phase: Phase, team: Team) -> int | None:
    """Return how many entries a team has left in a phase; None where nothing limits them."""
    if phase.total_limit is None:
        return None
    return max(phase.total_limit - counted(phase, [team]).count(), 0)


def days_so_far(phase: Phase, *, at: dt.datetime) -> int:
    """Return how many Korean dates a phase has touched until a moment; 0 before it opens."""
    if at < phase.opens_at:
        return 0
    until = min(at, phase.closes_at)
    return (formats.local_date(until) - formats.local_date(phase.opens_at)).days + 1


def merge_fits(phase: Phase, teams: Iterable[Team], *, at: dt.datetime) -> bool:
    """Tell whether teams together handed in no more than one team could have until now."""
    together = counted(phase, teams).count()
    within_days = together <= phase.daily_limit * days_so_far(phase, at=at)
    return within_days and (phase.total_limit is None or together <= phase.total_limit)
