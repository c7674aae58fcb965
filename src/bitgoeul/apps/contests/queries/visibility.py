"""Who sees which score and rank: one place that pages, files, programs and letters ask.

A phase has one policy per audience. Whoever is in a wider audience sees at least as much: one's
own team sees what participants see, participants what everybody sees. The answer becomes part of
the one statement that reads scores (`scores_seen`): a value that may not be seen leaves the
database as NULL.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Expression,
    F,
    Field,
    FloatField,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import Audience, ContestState, ScorerState, Shown
from bitgoeul.apps.contests.models import Phase, Score, ScorePolicy, Team

WIDER = {
    Audience.PUBLIC: (Audience.PUBLIC,),
    Audience.PARTICIPANTS: (Audience.PUBLIC, Audience.PARTICIPANTS),
    Audience.TEAM: (Audience.PUBLIC, Audience.PARTICIPANTS, Audience.TEAM),
    Audience.ORGANISER: (Audience.ORGANISER,),
}
"""Whose policies an audience may use."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What an audience sees of a phase at a moment."""

    public: bool = False
    private: bool = False
    rank: bool = False

    def __or__(self, other: "Sight") -> "Sight":
        return Sight(
            public=self.public or other.public,
            private=self.private or other.private,
            rank=self.rank or other.rank,
        )


EVERYTHING = Sight(public=True, private=True, rank=True)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What one person sees of a phase: of their own team, and of all others."""

    own: Sight
    others: Sight
    team_id: int | None
    organiser: bool

    def of(self, team_id: int) -> Sight:
        """Return what the person sees of a team."""
        return self.own if team_id == self.team_id else self.others


def is_shown(shown: str, phase: Phase, *, at: dt.datetime) -> bool:
    """Tell whether something is seen already."""
    if shown == Shown.ALWAYS:
        return True
    if shown == Shown.PHASE_END:
        return at > phase.closes_at
    return shown == Shown.RESULTS and phase.contest.state == ContestState.CLOSED


def sight_of(
    audience: str, policies: Iterable[ScorePolicy], phase: Phase, *, at: dt.datetime
) -> Sight:
    """Return what an audience sees; the organiser always sees everything."""
    if audience == Audience.ORGANISER:
        return EVERYTHING
    found = Sight()
    for policy in policies:
        if policy.audience in WIDER[Audience(audience)]:
            found = found | Sight(
                public=is_shown(policy.public_score, phase, at=at),
                private=is_shown(policy.private_score, phase, at=at),
                rank=is_shown(policy.rank, phase, at=at),
            )
    return found


def viewer_of(phase: Phase, user: Any, *, at: dt.datetime) -> Viewer:
    """Return what a person sees of a phase at a moment."""
    if rules.can_manage_contest(user, phase.contest):
        return Viewer(own=EVERYTHING, others=EVERYTHING, team_id=None, organiser=True)
    policies = list(phase.policies.all())
    mine = Team.objects.filter(rules.teams_of(user), contest=phase.contest_id)
    team = mine.values_list("pk", flat=True).first() if user.is_authenticated else None
    audience = Audience.PUBLIC if team is None else Audience.PARTICIPANTS
    own = Audience.PUBLIC if team is None else Audience.TEAM
    return Viewer(
        own=sight_of(own, policies, phase, at=at),
        others=sight_of(audience, policies, phase, at=at),
        team_id=team,
        organiser=False,
    )


def scores_seen(phase: Phase, viewer: Viewer) -> QuerySet[Score]:
    """Return the scores in force of a phase, as a person may see them.

    `seen_public` and `seen_private` are the values, or NULL where the policy withholds them.
    Whoever shows, writes or sends a score reads these two and never the columns beneath.
    Where the board is climbed by the Ladder, the public score is what the Ladder shows (`on_board`
    orders by it), and `seen_improved` tells whether it is this entry's own; the organiser reads
    the score itself.
    """
    rows = Score.objects.filter(entry__phase=phase, scorer__state=ScorerState.CURRENT)
    on_board = Coalesce("rung__shown", "public")
    shown = F("public") if viewer.organiser else on_board
    return rows.annotate(
        on_board=on_board,
        seen_public=_seen("public", shown, viewer, FloatField()),
        seen_private=_seen("private", F("private"), viewer, FloatField()),
        seen_improved=_seen("public", F("rung__improved"), viewer, BooleanField()),
    )


def _seen(part: str, value: Any, viewer: Viewer, field: Field[Any, Any]) -> Expression:
    nothing = Value(None, output_field=field)
    others: Any = value if getattr(viewer.others, part) else nothing
    if viewer.team_id is None:
        return Case(When(pk__isnull=False, then=others), output_field=field)
    own: Any = value if getattr(viewer.own, part) else nothing
    return Case(When(entry__team=viewer.team_id, then=own), default=others, output_field=field)
