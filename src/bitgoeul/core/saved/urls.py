"""Addresses of saved views."""

from django.urls import path

from . import views

app_name = "saved"

urlpatterns = [
    path("", views.view_list, name="list"),
    path("save/", views.save, name="save"),
    path("<uuid:uuid>/default/", views.default, name="default"),
    path("<uuid:uuid>/delete/", views.delete, name="delete"),
]
