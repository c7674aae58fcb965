"""Every write of the room: checked, changed and journalled in one transaction."""

from bitgoeul.apps.alliance.services.agreements import ArticleText, add_commitment, sign_agreement
from bitgoeul.apps.alliance.services.consents import (
    give_consents,
    give_consents_in_bulk,
    publish_consent_text,
    withdraw_consent,
)
from bitgoeul.apps.alliance.services.invitations import (
    accept_invitation,
    invitation_token,
    invite,
    person_of_invitation,
    send_invitation_letter,
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
from bitgoeul.apps.alliance.services.sign_in import (
    ask_second_factor_reset,
    decide_second_factor_reset,
    note_sign_in_change,
    send_reset_letter_now,
)

__all__ = [
    "ArticleText",
    "NewPerson",
    "accept_invitation",
    "add_commitment",
    "add_membership",
    "ask_second_factor_reset",
    "create_organisation",
    "decide_second_factor_reset",
    "end_membership",
    "give_consents",
    "give_consents_in_bulk",
    "invitation_token",
    "invite",
    "note_sign_in_change",
    "person_of_invitation",
    "publish_consent_text",
    "rebuild_name_keys",
    "register_people",
    "register_person",
    "remove_commitments",
    "remove_memberships",
    "remove_organisations",
    "send_invitation_letter",
    "send_reset_letter_now",
    "sign_agreement",
    "update_organisation",
    "update_person",
    "withdraw_consent",
]
