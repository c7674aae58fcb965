"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.reviews import views

app_name = "reviews"

_CSV, _XLSX = {"form": "csv"}, {"form": "xlsx"}

urlpatterns = [
    path("", views.panel_list, name="panel_list"),
    path("rubrics/", views.rubric_list, name="rubric_list"),
    path("rubrics/new/", views.rubric_create, name="rubric_create"),
    path("panels/<uuid:uuid>/", views.panel_detail, name="panel_detail"),
    path("panels/<uuid:uuid>/seats/", views.panel_seat, name="panel_seat"),
    path("panels/<uuid:uuid>/seats/<uuid:person>/end/", views.panel_unseat, name="panel_unseat"),
    path("panels/<uuid:uuid>/do/<slug:action>/", views.panel_action, name="panel_action"),
    path("panels/<uuid:uuid>/calibration/", views.calibration, name="calibration"),
    path("panels/<uuid:uuid>/results.csv", views.results_export, _CSV, name="results_csv"),
    path("panels/<uuid:uuid>/results.xlsx", views.results_export, _XLSX, name="results_xlsx"),
    path("panels/<uuid:uuid>/next/", views.panel_next, name="panel_next"),
    path("reviews/<uuid:uuid>/", views.review_detail, name="review_detail"),
    path("reviews/<uuid:uuid>/skip/", views.review_skip, name="review_skip"),
    path("reviews/<uuid:uuid>/abstain/", views.review_abstain, name="review_abstain"),
]
