"""Addresses of the importer."""

from django.urls import path

from . import views

app_name = "imports"

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("new/<slug:kind>/", views.upload, name="upload"),
    path("new/<slug:kind>/template.xlsx", views.template, name="template"),
    path("<uuid:uuid>/", views.detail, name="detail"),
    path("<uuid:uuid>/errors.xlsx", views.errors, name="errors"),
    path("<uuid:uuid>/confirm/", views.confirm, name="confirm"),
    path("<uuid:uuid>/again/", views.restage, name="restage"),
    path("<uuid:uuid>/undo/", views.undo, name="undo"),
    path("<uuid:uuid>/discard/", views.discard, name="discard"),
]
