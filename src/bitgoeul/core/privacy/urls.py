"""Addresses of privacy."""

from django.urls import path

from . import views

app_name = "privacy"

urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("mine/data.zip", views.my_file, name="my_file"),
    path("mine/withdraw/", views.withdraw, name="withdraw"),
    path("requests/", views.request_list, name="request_list"),
    path("requests/<uuid:uuid>/", views.request_detail, name="request_detail"),
    path("proof/<uuid:uuid>/", views.proof, name="proof"),
    path("certificates/<uuid:uuid>.json", views.certificate, name="certificate"),
]
