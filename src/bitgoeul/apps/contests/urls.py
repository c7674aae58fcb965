"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.contests.views import contests

app_name = "contests"

urlpatterns = [
    path("", contests.contest_list, name="contest_list"),
    path("new/", contests.contest_create, name="contest_create"),
    path("<uuid:uuid>/", contests.contest_detail, name="contest_detail"),
    path("<uuid:uuid>/change/", contests.contest_change, name="contest_change"),
    path("<uuid:uuid>/plan/", contests.contest_plan, name="contest_plan"),
    path("<uuid:uuid>/terms/", contests.terms_publish, name="terms_publish"),
    path("<uuid:uuid>/steps/<slug:action>/", contests.contest_move, name="contest_move"),
    path("phases/<uuid:uuid>/", contests.phase_change, name="phase_change"),
    path(
        "phases/<uuid:uuid>/policies/<slug:audience>/", contests.policy_change, name="policy_change"
    ),
]
