"""Where people leave for a provider and come back from it, and what it is told about us."""

from django.urls import path

from bitgoeul.web.sign_in.saml import views

_OF = "saml/<slug:organization_slug>/"

urlpatterns = [
    path(f"{_OF}login/", views.login, name="saml_login"),
    path(f"{_OF}acs/", views.acs, name="saml_acs"),
    path(f"{_OF}acs/finish/", views.finish_acs, name="saml_finish_acs"),
    path(f"{_OF}metadata/", views.metadata, name="saml_metadata"),
    path(f"{_OF}sls/", views.sls, name="saml_sls"),
]
