"""What the page of a contest shows, to anybody."""

import datetime as dt
from typing import Any

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.contests.enums import ContestState
from bitgoeul.apps.contests.models import Contest, Phase
from bitgoeul.apps.contests.queries.listings import newest_terms


def current_phase(phases: list[Phase], *, at: dt.datetime) -> Phase | None:
    """Return the phase that runs at a moment, if one does."""
    return next((phase for phase in phases if phase.opens_at <= at <= phase.closes_at), None)


def registration_open(contest: Contest, *, at: dt.datetime) -> bool:
    """Tell whether teams can register at a moment."""
    takes = contest.state in (ContestState.PUBLISHED, ContestState.RUNNING)
    return takes and contest.registration_opens_at <= at <= contest.registration_closes_at


def contest_page(contest: Contest, user: Any, *, at: dt.datetime) -> dict[str, Any]:
    """Return what the page of a contest shows."""
    phases = list(contest.phases.prefetch_related("tasks__lab"))
    return {
        "contest": contest,
        "phases": phases,
        "current": current_phase(phases, at=at),
        "terms": newest_terms(contest),
        "registers": registration_open(contest, at=at),
        "regions": [Region(code).label for code in contest.regions],
    }
