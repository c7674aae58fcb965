"""Addresses of one's news."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("mail/", views.settings, name="settings"),
    path("stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<uuid:uuid>/open/", views.open_notice, name="open"),
    path("<uuid:uuid>/read/", views.read_notice, name="read"),
]
