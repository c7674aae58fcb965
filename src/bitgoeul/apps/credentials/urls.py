"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.credentials.views import achievements, credentials, skills, verification

app_name = "credentials"

urlpatterns = [
    path("", credentials.own_list, name="own_list"),
    path("issued/", credentials.issued_list, name="issued_list"),
    path("issued.csv", credentials.issued_file, {"form": "csv"}, name="issued_csv"),
    path("issued.xlsx", credentials.issued_file, {"form": "xlsx"}, name="issued_xlsx"),
    path("verify/", verification.verify, name="verify"),
    path("verify/file/", verification.verify_file, name="verify_file"),
    path("verify/<str:code>/", verification.verify_code, name="verify_code"),
    path("status/<uuid:uuid>/", verification.status_list, name="status_list"),
    path("keys/", verification.key_list, name="key_list"),
    path("skills/", skills.skill_list, name="skill_list"),
    path("skills/starter/", skills.skills_start, name="skills_start"),
    path("skills/<uuid:uuid>/", skills.skill_detail, name="skill_detail"),
    path("achievements/", achievements.achievement_list, name="achievement_list"),
    path("achievements/new/", achievements.achievement_create, name="achievement_create"),
    path("achievements/<uuid:uuid>/", achievements.achievement_detail, name="achievement_detail"),
    path(
        "achievements/<uuid:uuid>/change/",
        achievements.achievement_change,
        name="achievement_change",
    ),
    path(
        "achievements/<uuid:uuid>/retire/",
        achievements.achievement_retire,
        name="achievement_retire",
    ),
    path("<uuid:uuid>/", credentials.credential_detail, name="credential_detail"),
    path("<uuid:uuid>/file/", credentials.credential_file, name="credential_file"),
    path("<uuid:uuid>/paper/", credentials.credential_paper, name="credential_paper"),
    path("<uuid:uuid>/revoke/", credentials.credential_revoke, name="credential_revoke"),
]
