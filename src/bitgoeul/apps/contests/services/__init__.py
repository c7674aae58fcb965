"""Every write of the room: checked by rule and workflow, journalled, in one transaction."""

from bitgoeul.apps.contests.services.advancing import advance_due_phases, advance_phase
from bitgoeul.apps.contests.services.bundles import (
    BUNDLE_FILE_DOOR,
    import_bundle,
    planned,
    read_bundle_file,
)
from bitgoeul.apps.contests.services.contests import (
    change_contest,
    create_contest,
    move_contest,
    publish_terms,
)
from bitgoeul.apps.contests.services.entries import (
    DATA_BYTES,
    ENTRY_BYTES,
    ENTRY_DOORS,
    choose_finals,
    submit_entry,
)
from bitgoeul.apps.contests.services.invitations import (
    invitation_of,
    invite_member,
    join_team,
    key_of,
    link_of,
    revoke_invitation,
    send_invitation_letter,
)
from bitgoeul.apps.contests.services.merges import answer_merge, ask_merge, take_back_merge
from bitgoeul.apps.contests.services.phases import (
    BLIND_PHASE,
    OPEN_PHASE,
    change_phase,
    plan_phase,
    set_score_policy,
)
from bitgoeul.apps.contests.services.rejudging import drop_scorer, start_rejudge, switch_scorer
from bitgoeul.apps.contests.services.scorers import add_lab_task, add_prediction_task
from bitgoeul.apps.contests.services.scoring import (
    evaluate_entry,
    evaluate_entry_by,
    record_rescore,
    record_result,
    settle_entries,
)
from bitgoeul.apps.contests.services.talk import announce, answer_question, ask_question
from bitgoeul.apps.contests.services.teams import (
    create_team,
    exclude_team,
    hand_over_team,
    leave_team,
    readmit_team,
    withdraw_team,
)
from bitgoeul.apps.contests.services.terms import accept_terms

__all__ = [
    "BLIND_PHASE",
    "BUNDLE_FILE_DOOR",
    "DATA_BYTES",
    "ENTRY_BYTES",
    "ENTRY_DOORS",
    "OPEN_PHASE",
    "accept_terms",
    "add_lab_task",
    "add_prediction_task",
    "advance_due_phases",
    "advance_phase",
    "announce",
    "answer_merge",
    "answer_question",
    "ask_merge",
    "ask_question",
    "change_contest",
    "change_phase",
    "choose_finals",
    "create_contest",
    "create_team",
    "drop_scorer",
    "evaluate_entry",
    "evaluate_entry_by",
    "exclude_team",
    "hand_over_team",
    "import_bundle",
    "invitation_of",
    "invite_member",
    "join_team",
    "key_of",
    "leave_team",
    "link_of",
    "move_contest",
    "plan_phase",
    "planned",
    "publish_terms",
    "read_bundle_file",
    "readmit_team",
    "record_rescore",
    "record_result",
    "revoke_invitation",
    "send_invitation_letter",
    "set_score_policy",
    "settle_entries",
    "start_rejudge",
    "submit_entry",
    "switch_scorer",
    "take_back_merge",
    "withdraw_team",
]
