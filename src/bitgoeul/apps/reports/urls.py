"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("new/", views.report_create, name="report_create"),
    path("check/", views.check_report, name="check_report"),
    path("dashboards/", views.dashboard_list, name="dashboard_list"),
    path("dashboards/<uuid:uuid>/", views.dashboard, name="dashboard"),
    path("extracts/", views.extract_list, name="extract_list"),
    path("extracts/new/", views.extract_create, name="extract_create"),
    path("extracts/<uuid:uuid>/", views.extract_detail, name="extract_detail"),
    path("extracts/<uuid:uuid>/decision/", views.extract_decide, name="extract_decide"),
    path("extracts/<uuid:uuid>/data.zip", views.extract_file, name="extract_file"),
    path("extracts/<uuid:uuid>/end/", views.extract_end, name="extract_end"),
    path("<uuid:uuid>/", views.report_detail, name="report_detail"),
    path("<uuid:uuid>/publish/", views.report_publish, name="report_publish"),
    path("<uuid:uuid>/report.json", views.report_json, name="report_json"),
    path("<uuid:uuid>/report.pdf", views.report_pdf, name="report_pdf"),
    path("<uuid:uuid>/report.xlsx", views.report_xlsx, name="report_xlsx"),
    path("<uuid:uuid>/differences/", views.difference_list, name="difference_list"),
    path("<uuid:uuid>/numbers/<str:key>/", views.number_detail, name="number_detail"),
    path("<uuid:uuid>/numbers/<str:key>/rows/", views.number_rows, name="number_rows"),
    path("<uuid:uuid>/numbers/<str:key>/rows.csv", views.number_row_file, name="number_row_file"),
]
