"""Where people leave for a provider and come back from it."""

from django.urls import path

from bitgoeul.web.sign_in.oidc import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="oidc_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="oidc_callback"),
]
