"""What the page of a contest shows, to anybody."""

import datetime as dt
from typing import Any

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.contests.enums import ContestState
from bitgoeul.apps.contests.models import Contest, Phase, Team
from bitgoeul.apps.contests.queries.eligibility import team_of
from bitgoeul.apps.contests.queries.listings import newest_terms


def current_phase(phases: list[Phase], *, at: dt.datetime) -> Phase | None:
    """Return the phase that runs at a moment, if one does."""
    return next((phase for phase in phases if phase.opens_at <= at <= phase.closes_at), None)


def registration_open(contest: Contest, *, at: dt.datetime) -> bool:
    """Tell whether teams can register at a moment."""
    takes = contest.state in (ContestState.PUBLISHED, ContestState.RUNNING)
    return takes and contest.registration_opens_at <= at <= contest.registration_closes_at


def is_in_phase(team: Team, phase: Phase) -> bool:
    """Tell whether a team may hand in to a phase: the first, or one that it was let into."""
    if phase.number == 1:
        return True
    before = Phase.objects.filter(contest=phase.contest_id, number=phase.number - 1).first()
    if before is None:
        return True
    if before.advances == 0:
        return is_in_phase(team, before)
    return phase.teams.filter(pk=team.pk).exists()


def contest_page(contest: Contest, user: Any, *, at: dt.datetime) -> dict[str, Any]:
    """Return what the page of a contest shows."""
    phases = list(contest.phases.prefetch_related("tasks__lab"))
    team = team_of(contest, user) if user.is_authenticated else None
    return {
        "team": team,
        "contest": contest,
        "phases": phases,
        "current": current_phase(phases, at=at),
        "terms": newest_terms(contest),
        "registers": registration_open(contest, at=at),
        "regions": [Region(code).label for code in contest.regions],
    }
