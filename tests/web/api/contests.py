"""The operations of contests."""

from tests.web.access.contests import CONTEST
from tests.web.api import EITHER_WAY, Call, like

CALLS: dict[str, Call] = {
    "contests.contest_list": like("contests:contest_list"),
    "contests.contest_detail": like("contests:contest_detail"),
    "contests.contest_create": like("contests:contest_create", ok=EITHER_WAY),
    "contests.contest_change": like("contests:contest_change", ok=EITHER_WAY),
    "contests.contest_move": like(
        "contests:contest_move", kwargs=CONTEST, body={"action": "judge"}, ok=EITHER_WAY
    ),
    "contests.phase_plan": like("contests:contest_plan", ok=EITHER_WAY),
    "contests.phase_change": like("contests:phase_change", ok=EITHER_WAY),
    "contests.policy_change": like("contests:policy_change", ok=EITHER_WAY),
    "contests.terms_publish": like("contests:terms_publish", ok=EITHER_WAY),
}
