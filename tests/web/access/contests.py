"""Who may reach the pages of contests.

In the world the university holds a contest under the agreement; officers of the parties that
are a city or a university run it.
"""

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import Audience, ContestState
from bitgoeul.apps.contests.models import (
    Contest,
    Entry,
    Invitation,
    Merge,
    Phase,
    Question,
    Score,
    ScorePolicy,
    Scorer,
    Task,
    Team,
    TeamMember,
)
from bitgoeul.apps.contests.services import OPEN_PHASE
from bitgoeul.apps.labs.models import Lab, LabFile, Submission
from tests.web.access import (
    ALL_OFFICERS,
    EVERYONE,
    OFFICERS,
    SIGNED_IN,
    Kwargs,
    Route,
    action,
    fixed,
    page,
)
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


def _teams(world: World) -> dict[str, Any]:
    """A task, the trainee's team with the graduate in it, and the applicant's own."""
    if "contest rows" in world.more:
        return world.more["contest rows"]  # type: ignore[no-any-return]  # made below
    contest, phase, people = build(world), _phase(world), world.people
    lab = Lab.objects.create(
        key="health-1-1", title_ko="예측", task_ko="-", owner=world.university, metric="accuracy",
        id_column="id", target_column="target", pass_score=0, opens_at=phase.opens_at,
        closes_at=phase.closes_at, held_by_kind="contests.contest", held_by_uuid=contest.uuid,
    )  # fmt: skip
    for kind in (LabFile.Kind.TRAIN, LabFile.Kind.TRUTH):
        file = LabFile(lab=lab, kind=kind, name=f"{kind.value}.csv", sha256="0" * 64)
        file.file.save(file.name, ContentFile(b"id,target\n1,0\n"))
    task = Task.objects.create(phase=phase, number=1, title_ko="예측", lab=lab)
    scorer = Scorer.objects.create(task=task, number=1, lab=lab, state="current", made_at=AT)
    teams = {}
    for name, members in (("가람", ("trainee", "graduate")), ("나루", ("applicant",))):
        captain = people[members[0]]
        team = Team.objects.create(contest=contest, name=name, captain=captain, made_at=AT)
        for role in members:
            TeamMember.objects.create(contest=contest, team=team, person=people[role], joined_at=AT)
        teams[name] = team
    submission = Submission(
        lab=lab, person=people["trainee"], name="a.csv", sha256="0" * 64, received_at=AT,
        state="scored",
    )  # fmt: skip
    submission.file.save("a.csv", ContentFile(b"id,target\n1,0\n"), save=False)
    submission.save()
    entry = Entry.objects.create(
        phase=phase, task=task, team=teams["가람"], person=people["trainee"], received_at=AT,
        submission=submission, state="scored", verdict="scored", settled_at=AT,
    )  # fmt: skip
    Score.objects.create(
        entry=entry, scorer=scorer, version="1", public=0.5, private=0.4, scored_at=AT
    )
    invitation = Invitation(
        team=teams["가람"], made_by=people["trainee"], made_at=AT,
        expires_at=AT + dt.timedelta(days=9000),
    )  # fmt: skip
    invitation.key_sha256 = hashlib.sha256(services.key_of(invitation).encode()).hexdigest()
    invitation.save()
    merge = Merge.objects.create(team=teams["가람"], joining=teams["나루"], asked_at=AT)
    question = Question.objects.create(
        contest=contest, asked_by=people["mentor"], text="언제?", asked_at=AT
    )
    world.more["contest rows"] = {
        "task": task, "scorer": scorer, "team": teams["가람"], "entry": entry,
        "invitation": invitation, "merge": merge, "question": question,
    }  # fmt: skip
    return world.more["contest rows"]  # type: ignore[no-any-return]  # made above


def of(name: str, **more: Any) -> Kwargs:
    """The address of one of those rows."""
    return fixed(uuid=lambda w: _teams(w)[name].uuid, **more)


CONTEST = fixed(uuid=lambda w: build(w).uuid)
PHASE = fixed(uuid=lambda w: _phase(w).uuid)
POLICY = fixed(uuid=lambda w: _phase(w).uuid, audience=lambda w: Audience.PUBLIC.value)
TEAM, MEMBERS = frozenset({"trainee", "graduate"}), frozenset({"trainee", "graduate"})
CAPTAIN = frozenset({"trainee"})
INSIDE = MEMBERS | OFFICERS
"""Who sees the team: its people, and who runs the contest."""
PLAYERS = TEAM | {"applicant"}

ROUTES: dict[str, Route] = {
    "contests:contest_list": page(EVERYONE),
    "contests:contest_create": page(ALL_OFFICERS),
    "contests:bundle_upload": page(ALL_OFFICERS),
    "contests:bundle_confirm": action(ALL_OFFICERS),
    "contests:contest_detail": page(EVERYONE, CONTEST),
    "contests:contest_change": page(OFFICERS, CONTEST),
    "contests:contest_plan": page(OFFICERS, CONTEST),
    "contests:terms_publish": page(OFFICERS, CONTEST),
    "contests:contest_move": action(
        OFFICERS, fixed(uuid=lambda w: build(w).uuid, action=lambda w: "judge")
    ),
    "contests:phase_change": page(OFFICERS, PHASE),
    "contests:policy_change": page(OFFICERS, POLICY),
    "contests:board": page(EVERYONE, PHASE),
    "contests:phase_advance": action(OFFICERS, PHASE),
    "contests:talk": page(EVERYONE, CONTEST),
    "contests:question_ask": action(SIGNED_IN, CONTEST),
    "contests:announce": page(OFFICERS, CONTEST),
    "contests:question_answer": page(OFFICERS, of("question")),
    "contests:team_create": page(SIGNED_IN, CONTEST, ok=frozenset({200, 302})),
    "contests:terms_accept": action(SIGNED_IN, CONTEST),
    "contests:team_list": page(OFFICERS, CONTEST),
    "contests:team_detail": page(INSIDE, of("team")),
    "contests:team_invite": action(CAPTAIN, of("team")),
    "contests:invitation_revoke": action(CAPTAIN, of("invitation")),
    "contests:invitation": page(
        SIGNED_IN, fixed(key=lambda w: services.key_of(_teams(w)["invitation"]))
    ),
    "contests:member_leave": action(CAPTAIN, of("team", person=lambda w: w.people["trainee"].uuid)),
    "contests:team_hand_over": action(CAPTAIN, of("team")),
    "contests:team_withdraw": action(CAPTAIN, of("team")),
    "contests:merge_ask": action(CAPTAIN, of("team")),
    "contests:merge_answer": action(
        CAPTAIN | {"applicant"}, of("merge", action=lambda w: "take_back")
    ),
    "contests:team_judge": page(OFFICERS, of("team", action=lambda w: "exclude")),
    "contests:task_create": page(OFFICERS, PHASE),
    "contests:task_create_lab": page(OFFICERS, PHASE),
    "contests:task_detail": page(EVERYONE, of("task")),
    "contests:task_file": page(EVERYONE, of("task", kind=lambda w: "train")),
    "contests:submit": action(PLAYERS, of("task")),
    "contests:finals_choose": action(PLAYERS, of("task")),
    "contests:rejudge": page(OFFICERS, of("task")),
    "contests:scorer_choose": action(OFFICERS, of("scorer", action=lambda w: "switch")),
    "contests:entry_list": page(OFFICERS, CONTEST),
    "contests:entry_detail": page(INSIDE, of("entry")),
    "contests:entry_file": page(INSIDE, of("entry")),
}
