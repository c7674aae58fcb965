"""Who may reach the pages of contests.

In the world the university holds a contest under the agreement; officers of the parties that
are a city or a university run it.
"""

import datetime as dt

from bitgoeul.apps.contests.enums import Audience, ContestState
from bitgoeul.apps.contests.models import Contest, Phase, ScorePolicy
from bitgoeul.apps.contests.services import OPEN_PHASE
from tests.web.access import ALL_OFFICERS, EVERYONE, OFFICERS, Route, action, fixed, page
from tests.world import AT, World


def build(world: World) -> Contest:
    """A running contest with one phase."""
    if "contest" in world.more:
        return world.more["contest"]  # type: ignore[no-any-return]  # made below
    contest = Contest.objects.create(
        key="health", title_ko="건강 데이터 경진대회", title_en="Health data contest",
        text_ko="병을 맞힙니다.", owner=world.university, agreement=world.agreement,
        state=ContestState.RUNNING, created_at=AT,
        registration_opens_at=AT - dt.timedelta(days=900),
        registration_closes_at=AT + dt.timedelta(days=9000),
    )  # fmt: skip
    phase = Phase.objects.create(
        contest=contest, number=1, title_ko="예선", title_en="First round",
        opens_at=AT - dt.timedelta(days=900), closes_at=AT + dt.timedelta(days=9000),
    )  # fmt: skip
    ScorePolicy.objects.bulk_create(
        ScorePolicy(
            phase=phase, audience=audience, public_score=public, private_score=private, rank=rank
        )
        for audience, (public, private, rank) in OPEN_PHASE.items()
    )
    world.more["phase"] = phase
    world.more["contest"] = contest
    return contest


def _phase(world: World) -> Phase:
    build(world)
    return world.more["phase"]  # type: ignore[no-any-return]  # made above


CONTEST = fixed(uuid=lambda w: build(w).uuid)
PHASE = fixed(uuid=lambda w: _phase(w).uuid)
POLICY = fixed(uuid=lambda w: _phase(w).uuid, audience=lambda w: Audience.PUBLIC.value)

ROUTES: dict[str, Route] = {
    "contests:contest_list": page(EVERYONE),
    "contests:contest_create": page(ALL_OFFICERS),
    "contests:contest_detail": page(EVERYONE, CONTEST),
    "contests:contest_change": page(OFFICERS, CONTEST),
    "contests:contest_plan": page(OFFICERS, CONTEST),
    "contests:terms_publish": page(OFFICERS, CONTEST),
    "contests:contest_move": action(
        OFFICERS, fixed(uuid=lambda w: build(w).uuid, action=lambda w: "judge")
    ),
    "contests:phase_change": page(OFFICERS, PHASE),
    "contests:policy_change": page(OFFICERS, POLICY),
}
