"""Addresses of background work."""

from django.urls import path

from . import views

app_name = "jobs"

urlpatterns = [
    path("<uuid:uuid>/", views.progress, name="progress"),
    path("<uuid:uuid>/cancel/", views.cancel, name="cancel"),
]
