"""The operations of contests."""

from bitgoeul.apps.contests.services import key_of
from tests.web.access import fixed, nothing
from tests.web.access.contests import CONTEST, PLAYERS, _teams, of
from tests.web.api import EITHER_WAY, Call, like


def _same(page: str, **more: object) -> Call:
    return like(f"contests:{page}", ok=EITHER_WAY, **more)


CALLS: dict[str, Call] = {
    "contests.contest_list": like("contests:contest_list"),
    "contests.contest_detail": like("contests:contest_detail"),
    "contests.contest_create": _same("contest_create"),
    "contests.contest_change": _same("contest_change"),
    "contests.contest_move": _same("contest_move", kwargs=CONTEST, body={"action": "judge"}),
    "contests.phase_plan": _same("contest_plan"),
    "contests.phase_change": _same("phase_change"),
    "contests.policy_change": _same("policy_change"),
    "contests.terms_publish": _same("terms_publish"),
    "contests.board": like("contests:board"),
    "contests.board_final": like("contests:board"),
    "contests.phase_advance": _same("phase_advance"),
    "contests.talk": like("contests:talk"),
    "contests.announcement_list": like("contests:talk"),
    "contests.question_ask": _same("question_ask"),
    "contests.announce": _same("announce"),
    "contests.question_answer": _same("question_answer"),
    "contests.team_create": _same("team_create"),
    "contests.terms_accept": _same("terms_accept"),
    "contests.team_list": like("contests:team_list"),
    "contests.team_own": like(
        "contests:team_create",
        kwargs=fixed(uuid=lambda world: _teams(world)["team"].contest.uuid),
        ok=frozenset({200}),
        allowed=dict.fromkeys(("own", "same", "other"), PLAYERS),
    ),
    "contests.team_detail": like("contests:team_detail"),
    "contests.team_invite": _same("team_invite"),
    "contests.invitation_revoke": _same("invitation_revoke"),
    "contests.invitation": _same(
        "invitation",
        kwargs=nothing,
        body=lambda world: {"key": key_of(_teams(world)["invitation"])},
    ),
    "contests.member_leave": _same("member_leave"),
    "contests.team_hand_over": _same(
        "team_hand_over", body=lambda world: {"person": str(world.people["graduate"].uuid)}
    ),
    "contests.team_withdraw": _same("team_withdraw"),
    "contests.merge_ask": _same("merge_ask"),
    "contests.merge_answer": _same(
        "merge_answer", kwargs=of("merge"), body={"action": "take_back"}
    ),
    "contests.team_judge": _same("team_judge"),
    "contests.task_list": like("contests:contest_detail"),
    "contests.task_detail": like("contests:task_detail"),
    "contests.task_file": like("contests:task_file"),
    "contests.task_create": _same("task_create"),
    "contests.task_create_lab": _same("task_create_lab"),
    "contests.finals_choose": _same("finals_choose"),
    "contests.rejudge": like("contests:rejudge"),
    "contests.rejudge_start": _same("rejudge"),
    "contests.scorer_choose": _same("scorer_choose"),
    "contests.entry_list": like("contests:entry_list"),
    "contests.entry_own": like("contests:submit", ok=frozenset({200})),
    "contests.submit": _same("submit"),
    "contests.entry_detail": like("contests:entry_detail"),
    "contests.entry_file": like("contests:entry_file"),
}
