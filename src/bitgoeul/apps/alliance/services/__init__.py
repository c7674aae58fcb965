"""Every write of the room: checked, changed and journalled in one transaction."""

from bitgoeul.apps.alliance.services.actions import (
    Paper,
    drop_action,
    finish_action,
    give_action,
    remind_committees,
)
from bitgoeul.apps.alliance.services.agreements import ArticleText, add_commitment, sign_agreement
from bitgoeul.apps.alliance.services.committees import (
    change_committee_rules,
    end_seat,
    found_committee,
    give_seat,
)
from bitgoeul.apps.alliance.services.consents import (
    give_consents,
    give_consents_in_bulk,
    publish_consent_text,
    withdraw_consent,
)
from bitgoeul.apps.alliance.services.decisions import (
    Votes,
    record_decision,
    take_back_decision,
)
from bitgoeul.apps.alliance.services.documents import (
    add_document_version,
    share_document,
    withdraw_document,
)
from bitgoeul.apps.alliance.services.invitations import (
    accept_invitation,
    invitation_token,
    invite,
    person_of_invitation,
    send_invitation_letter,
)
from bitgoeul.apps.alliance.services.meetings import (
    Attended,
    answer_meeting,
    call_meeting,
    cancel_meeting,
    change_agenda,
    change_meeting,
    plan_meeting,
    put_on_agenda,
    record_attendance,
    take_off_agenda,
)
from bitgoeul.apps.alliance.services.minutes import (
    approve_minutes,
    circulate_minutes,
    give_back_minutes,
    write_minutes,
)
from bitgoeul.apps.alliance.services.name_keys import rebuild_name_keys
from bitgoeul.apps.alliance.services.organisations import (
    add_membership,
    create_organisation,
    end_membership,
    update_organisation,
)
from bitgoeul.apps.alliance.services.people import (
    NewPerson,
    register_people,
    register_person,
    update_person,
)
from bitgoeul.apps.alliance.services.removals import (
    remove_commitments,
    remove_memberships,
    remove_organisations,
)
from bitgoeul.apps.alliance.services.role_invitations import (
    accept_role_invitation,
    invite_into_role,
    join_by_role_invitation,
    resend_role_invitation,
    revoke_role_invitation,
    role_invitation_of,
    send_role_invitation_letter,
)
from bitgoeul.apps.alliance.services.sign_in import (
    ask_second_factor_reset,
    decide_second_factor_reset,
    note_sign_in_change,
    send_reset_letter_now,
)

__all__ = [
    "ArticleText",
    "Attended",
    "NewPerson",
    "Paper",
    "Votes",
    "accept_invitation",
    "accept_role_invitation",
    "add_commitment",
    "add_document_version",
    "add_membership",
    "answer_meeting",
    "approve_minutes",
    "ask_second_factor_reset",
    "call_meeting",
    "cancel_meeting",
    "change_agenda",
    "change_committee_rules",
    "change_meeting",
    "circulate_minutes",
    "create_organisation",
    "decide_second_factor_reset",
    "drop_action",
    "end_membership",
    "end_seat",
    "finish_action",
    "found_committee",
    "give_action",
    "give_back_minutes",
    "give_consents",
    "give_consents_in_bulk",
    "give_seat",
    "invitation_token",
    "invite",
    "invite_into_role",
    "join_by_role_invitation",
    "note_sign_in_change",
    "person_of_invitation",
    "plan_meeting",
    "publish_consent_text",
    "put_on_agenda",
    "rebuild_name_keys",
    "record_attendance",
    "record_decision",
    "register_people",
    "register_person",
    "remind_committees",
    "remove_commitments",
    "remove_memberships",
    "remove_organisations",
    "resend_role_invitation",
    "revoke_role_invitation",
    "role_invitation_of",
    "send_invitation_letter",
    "send_reset_letter_now",
    "send_role_invitation_letter",
    "share_document",
    "sign_agreement",
    "take_back_decision",
    "take_off_agenda",
    "update_organisation",
    "update_person",
    "withdraw_consent",
    "withdraw_document",
    "write_minutes",
]
