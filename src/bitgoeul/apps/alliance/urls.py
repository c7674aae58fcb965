"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.alliance.views import (
    actions,
    agreements,
    committees,
    consents,
    decisions,
    documents,
    invitations,
    me,
    meetings,
    minutes,
    organisations,
    people,
    resets,
)

app_name = "alliance"

urlpatterns = [
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/new/", agreements.agreement_create, name="agreement_create"),
    path("agreements/<uuid:uuid>/", agreements.agreement_detail, name="agreement_detail"),
    path(
        "agreements/<uuid:uuid>/commitments/new/",
        agreements.commitment_create,
        name="commitment_create",
    ),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/new/", organisations.organisation_create, name="organisation_create"),
    path(
        "organisations/<uuid:uuid>/",
        organisations.organisation_detail,
        name="organisation_detail",
    ),
    path(
        "organisations/<uuid:uuid>/edit/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path("me/", me.me, name="me"),
    path("me/edit/", me.me_edit, name="me_edit"),
    path("me/consents/give/", me.consent_give, name="consent_give"),
    path("me/consents/withdraw/", me.consent_withdraw, name="consent_withdraw"),
    path("me/data.json", me.my_data, name="my_data"),
    path("me/consents/", consents.consent_history, name="consent_history"),
    path("consents/", consents.consent_register, name="consent_register"),
    path("consents/texts/", consents.consent_text_list, name="consent_text_list"),
    path("consents/texts/new/", consents.consent_text_create, name="consent_text_create"),
    path("consents/<slug:purpose>/<int:version>/", me.consent_text, name="consent_text"),
    path("people/", people.person_list, name="person_list"),
    path("people/new/", people.person_create, name="person_create"),
    path("people/<uuid:uuid>/", people.person_detail, name="person_detail"),
    path("people/<uuid:uuid>/edit/", people.person_edit, name="person_edit"),
    path("people/<uuid:uuid>/invite/", people.person_invite, name="person_invite"),
    path("people/<uuid:uuid>/second-step/", resets.reset_ask, name="reset_ask"),
    path("second-steps/", resets.reset_list, name="reset_list"),
    path("second-steps/<uuid:uuid>/", resets.reset_decide, name="reset_decide"),
    path("people/<uuid:uuid>/roles/add/", people.membership_add, name="membership_add"),
    path("roles/<uuid:uuid>/end/", people.membership_end, name="membership_end"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invitation_create, name="invitation_create"),
    path(
        "invitations/<uuid:uuid>/resend/", invitations.invitation_resend, name="invitation_resend"
    ),
    path(
        "invitations/<uuid:uuid>/revoke/", invitations.invitation_revoke, name="invitation_revoke"
    ),
    path("invitations/roles/<str:token>/", invitations.role_invitation, name="role_invitation"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("committees/", committees.committee_list, name="committee_list"),
    path(
        "agreements/<uuid:uuid>/committee/new/",
        committees.committee_create,
        name="committee_create",
    ),
    path("committees/<uuid:uuid>/", committees.committee_detail, name="committee_detail"),
    path("committees/<uuid:uuid>/rules/", committees.committee_edit, name="committee_edit"),
    path("committees/<uuid:uuid>/seats/add/", committees.seat_add, name="seat_add"),
    path("seats/<uuid:uuid>/end/", committees.seat_end, name="seat_end"),
    path("committees/<uuid:uuid>/meetings/new/", meetings.meeting_create, name="meeting_create"),
    path("meetings/<uuid:uuid>/", meetings.meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:uuid>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("meetings/<uuid:uuid>/agenda/add/", meetings.agenda_add, name="agenda_add"),
    path("agenda/<uuid:uuid>/edit/", meetings.agenda_edit, name="agenda_edit"),
    path("agenda/<uuid:uuid>/remove/", meetings.agenda_remove, name="agenda_remove"),
    path("meetings/<uuid:uuid>/call/", meetings.meeting_call, name="meeting_call"),
    path("meetings/<uuid:uuid>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("meetings/<uuid:uuid>/answer/", meetings.meeting_answer, name="meeting_answer"),
    path(
        "meetings/<uuid:uuid>/attendance/", meetings.meeting_attendance, name="meeting_attendance"
    ),
    path("meetings/<uuid:uuid>/calendar.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path("meetings/<uuid:uuid>/minutes/", minutes.minutes_write, name="minutes_write"),
    path(
        "meetings/<uuid:uuid>/minutes/circulate/",
        minutes.minutes_circulate,
        name="minutes_circulate",
    ),
    path(
        "meetings/<uuid:uuid>/minutes/give-back/",
        minutes.minutes_give_back,
        name="minutes_give_back",
    ),
    path("meetings/<uuid:uuid>/minutes/approve/", minutes.minutes_approve, name="minutes_approve"),
    path("meetings/<uuid:uuid>/minutes.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("decisions/", decisions.decision_list, name="decision_list"),
    path("decisions/<uuid:uuid>/", decisions.decision_detail, name="decision_detail"),
    path("meetings/<uuid:uuid>/decisions/new/", decisions.decision_create, name="decision_create"),
    path(
        "decisions/<uuid:uuid>/take-back/", decisions.decision_take_back, name="decision_take_back"
    ),
    path("actions/", actions.action_list, name="action_list"),
    path("actions/<uuid:uuid>/", actions.action_detail, name="action_detail"),
    path("committees/<uuid:uuid>/actions/new/", actions.action_create, name="action_create"),
    path("actions/<uuid:uuid>/done/", actions.action_finish, name="action_finish"),
    path("actions/<uuid:uuid>/drop/", actions.action_drop, name="action_drop"),
    path("actions/<uuid:uuid>/evidence/", actions.action_evidence, name="action_evidence"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<uuid:uuid>/", documents.document_detail, name="document_detail"),
    path(
        "committees/<uuid:uuid>/documents/new/", documents.document_create, name="document_create"
    ),
    path("documents/<uuid:uuid>/versions/add/", documents.version_add, name="version_add"),
    path("documents/<uuid:uuid>/withdraw/", documents.document_withdraw, name="document_withdraw"),
    path(
        "documents/<uuid:uuid>/versions/<int:number>/",
        documents.document_file,
        name="document_file",
    ),
]
