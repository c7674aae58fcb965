"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.alliance.views import agreements, consents, me, organisations, people, resets

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
    path("invitations/<str:token>/", people.invitation, name="invitation"),
]
