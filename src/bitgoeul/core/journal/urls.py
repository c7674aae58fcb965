"""Addresses of the journal."""

from django.urls import path

from . import views

app_name = "journal"

urlpatterns = [
    path("", views.home, name="home"),
    path("verify/", views.verify, name="verify"),
    path("readings/", views.readings, name="readings"),
    path("<uuid:uuid>/", views.history, name="history"),
]
