"""The alliance's operations."""

from tests.web.api import CSV, Call, like

CALLS: dict[str, Call] = {
    "alliance.agreement_list": like("alliance:agreement_list"),
    "alliance.agreement_detail": like("alliance:agreement_detail"),
    "alliance.agreement_create": like("alliance:agreement_create"),
    "alliance.commitment_create": like("alliance:commitment_create"),
    "alliance.organisation_list": like("alliance:organisation_list"),
    "alliance.organisation_file": like("alliance:organisation_list", more=CSV),
    "alliance.organisation_detail": like("alliance:organisation_detail"),
    # The page shows everybody the entry and its staff to those who keep it.
    "alliance.organisation_staff": like("alliance:organisation_edit"),
    "alliance.organisation_create": like("alliance:organisation_create"),
    "alliance.organisation_edit": like("alliance:organisation_edit"),
    "alliance.me": like("alliance:me"),
    "alliance.me_edit": like("alliance:me_edit"),
    "alliance.consent_give": like("alliance:consent_give"),
    "alliance.consent_withdraw": like("alliance:consent_withdraw"),
    "alliance.my_data": like("alliance:my_data"),
    "alliance.consent_text": like("alliance:consent_text"),
    "alliance.person_list": like("alliance:person_list"),
    "alliance.person_file": like("alliance:person_list", more=CSV),
    "alliance.person_detail": like("alliance:person_detail"),
    "alliance.person_create": like("alliance:person_create"),
    "alliance.person_edit": like("alliance:person_edit"),
    "alliance.person_invite": like("alliance:person_invite"),
    "alliance.membership_add": like("alliance:membership_add"),
    "alliance.membership_end": like("alliance:membership_end"),
    "alliance.consent_register": like("alliance:consent_register"),
    "alliance.consent_history": like("alliance:consent_history"),
    "alliance.consent_text_list": like("alliance:consent_text_list"),
    "alliance.consent_text_create": like("alliance:consent_text_create"),
}
