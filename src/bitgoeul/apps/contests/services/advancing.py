"""When a phase has ended its best teams go on; whoever is tied at the cut goes, too."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.enums import ContestState, EntryState
from bitgoeul.apps.contests.models import Phase, Team
from bitgoeul.apps.contests.queries.boards import standing
from bitgoeul.apps.contests.services.notices import tell_team
from bitgoeul.apps.contests.services.phases import locked_phase
from bitgoeul.core import journal, notices
from bitgoeul.core.errors import Refused


def advance_phase(*, phase: Phase, by: User | None, at: dt.datetime) -> list[Team]:
    """Let the best teams of a phase into the next; returns them, the best first.

    Raises
    ------
    Refused
        Before the phase has ended, while entries wait, without a next phase, or a second time.
    """
    with transaction.atomic():
        row = locked_phase(phase, by)
        following = row.contest.phases.filter(number=row.number + 1).first()
        _check(row, following, at=at)
        assert following is not None
        chosen = goes_on(standing(row), row.advances)
        teams = sorted(Team.objects.filter(pk__in=chosen), key=lambda team: chosen.index(team.pk))
        following.teams.set(teams)
        row.advanced_at = at
        row.save(update_fields=["advanced_at"])
        details = {"teams": [str(team.uuid) for team in teams], "to": str(following.uuid)}
        journal.record(event="phase.advanced", by=by, at=at, on=row, details=details)
        for team in teams:
            tell_team(
                "contests.advanced", team, at=at,
                phase=notices.in_both(lambda _language: following.title),
            )  # fmt: skip
    return teams


def advance_due_phases(*, at: dt.datetime) -> int:
    """Let the best teams of every phase that has ended go on; returns how many phases."""
    due = Phase.objects.filter(
        contest__state=ContestState.RUNNING, advances__gt=0, advanced_at=None, closes_at__lt=at
    ).select_related("contest")
    done = 0
    for phase in due:
        try:
            advance_phase(phase=phase, by=None, at=at)
        except Refused:
            # Entries still wait, or there is no next phase yet: the next run looks again.
            continue
        done += 1
    return done


def goes_on(order: list[tuple[int, float]], most: int) -> list[int]:
    """Return who goes on: the best `most`, and whoever stands exactly as the last of them."""
    if most <= 0 or len(order) <= most:
        return [team for team, _sum in order]
    cut = order[most - 1][1]
    return [team for team, total in order if total <= cut]


def _check(phase: Phase, following: Phase | None, *, at: dt.datetime) -> None:
    if following is None:
        raise Refused(_("There is no next phase."), code="no_phase")
    if phase.advanced_at is not None:
        raise Refused(_("The teams of this phase went on already."), code="wrong_state")
    if at <= phase.closes_at:
        raise Refused(_("The phase has not ended yet."), code="too_early")
    if phase.entries.filter(state=EntryState.QUEUED).exists():
        raise Refused(_("Entries of this phase still wait to be scored."), code="not_ready")
