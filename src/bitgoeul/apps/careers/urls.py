"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.careers.views import (
    checks,
    choices,
    gap,
    offers,
    placements,
    profiles,
    rounds,
    vacancies,
)

app_name = "careers"

urlpatterns = [
    path("", vacancies.vacancy_list, name="vacancy_list"),
    path("vacancies.<slug:form>", vacancies.vacancy_export, name="vacancy_export"),
    path("vacancies/own/", vacancies.vacancies_own, name="vacancies_own"),
    path("vacancies/new/", vacancies.vacancy_create, name="vacancy_create"),
    path("vacancies/<uuid:uuid>/", vacancies.vacancy_detail, name="vacancy_detail"),
    path("vacancies/<uuid:uuid>/edit/", vacancies.vacancy_edit, name="vacancy_edit"),
    path("vacancies/<uuid:uuid>/open/", vacancies.vacancy_open, name="vacancy_open"),
    path("vacancies/<uuid:uuid>/close/", vacancies.vacancy_close, name="vacancy_close"),
    path("gap/", gap.gap, name="gap"),
    path("gap.<slug:form>", gap.gap_export, name="gap_export"),
    path("profile/", profiles.profile_edit, name="profile_edit"),
    path("profiles/<uuid:uuid>/", profiles.profile_detail, name="profile_detail"),
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/new/", rounds.round_create, name="round_create"),
    path("rounds/<uuid:uuid>/", rounds.round_detail, name="round_detail"),
    path("rounds/<uuid:uuid>/edit/", rounds.round_edit, name="round_edit"),
    path("rounds/<uuid:uuid>/do/<slug:action>/", rounds.round_step, name="round_step"),
    path("rounds/<uuid:uuid>/bundle.zip", rounds.round_bundle, name="round_bundle"),
    path("rounds/<uuid:uuid>/rank/", choices.rank, name="rank"),
    path("rounds/<uuid:uuid>/result/", choices.result, name="result"),
    path("rounds/<uuid:uuid>/ratings/", choices.rating_list, name="rating_list"),
    path("rounds/<uuid:uuid>/ratings/<uuid:vacancy_uuid>/", choices.rate, name="rate"),
    path(
        "rounds/<uuid:uuid>/ratings/<uuid:vacancy_uuid>/applicants.<slug:form>",
        choices.rating_export,
        name="rating_export",
    ),
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers.<slug:form>", offers.offer_export, name="offer_export"),
    path("offers/<uuid:uuid>/accept/", offers.offer_accept, name="offer_accept"),
    path("offers/<uuid:uuid>/decline/", offers.offer_decline, name="offer_decline"),
    path("offers/<uuid:uuid>/start/", offers.offer_start, name="offer_start"),
    path("placements/", placements.placement_list, name="placement_list"),
    path("placements.<slug:form>", placements.placement_export, name="placement_export"),
    path("placements/new/", placements.placement_create, name="placement_create"),
    path("placements/<uuid:uuid>/", placements.placement_detail, name="placement_detail"),
    path(
        "placements/<uuid:uuid>/evidence/",
        placements.placement_evidence,
        name="placement_evidence",
    ),
    path("placements/<uuid:uuid>/end/", placements.placement_end, name="placement_end"),
    path("checks/", checks.check_list, name="check_list"),
    path("checks.<slug:form>", checks.check_export, name="check_export"),
    path("checks/<uuid:uuid>/answer/", checks.check_answer, name="check_answer"),
    path("exclusions/", checks.exclusion_list, name="exclusion_list"),
    path("exclusions/new/", checks.exclusion_create, name="exclusion_create"),
]
