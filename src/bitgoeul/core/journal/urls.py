"""Addresses of the journal."""

from django.urls import path

from . import views

app_name = "journal"

urlpatterns = [
    path("", views.home, name="home"),
    path("verify/", views.verify, name="verify"),
    path("readings/", views.readings, name="readings"),
    path("readings/sign/<str:month>/", views.sign_off, name="sign_off"),
    path("readings/list/", views.reading_list, name="reading_list"),
    path("<uuid:uuid>/", views.history, name="history"),
]
