"""Every write of the room: checked by rule and workflow, journalled, in one transaction."""

from bitgoeul.apps.contests.services.contests import (
    change_contest,
    create_contest,
    move_contest,
    publish_terms,
)
from bitgoeul.apps.contests.services.phases import (
    BLIND_PHASE,
    OPEN_PHASE,
    change_phase,
    plan_phase,
    set_score_policy,
)

__all__ = [
    "BLIND_PHASE",
    "OPEN_PHASE",
    "change_contest",
    "change_phase",
    "create_contest",
    "move_contest",
    "plan_phase",
    "publish_terms",
    "set_score_policy",
]
