"""The root of all addresses. Every route has a row in tests/web/access/."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from bitgoeul.web import api, pages, views, watching
from bitgoeul.web.sign_in import views as sign_in

urlpatterns = [
    path("", views.home, name="home"),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("search/", views.search, name="search"),
    path("accessibility/", views.accessibility_statement, name="accessibility"),
    path("health/", views.health, name="health"),
    path("health/ready/", watching.ready, name="ready"),
    path("health/metrics/", watching.metrics_text, name="metrics"),
    path("health/overview/", watching.overview, name="overview"),
    path("accounts/sessions/<int:pk>/end/", sign_in.session_end, name="session_end"),
    *pages.urlpatterns,
    path("api/v1/", api.reference, name="api_reference"),
    path("api/v1/openapi.json", api.openapi, name="api_openapi"),
    path("api/v1/", api.interface.urls),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg", permanent=False)),
]

handler400 = "bitgoeul.web.views.bad_request"
handler403 = "bitgoeul.web.views.permission_denied"
handler404 = "bitgoeul.web.views.page_not_found"
handler429 = "bitgoeul.web.views.too_many_requests"
handler500 = "bitgoeul.web.views.server_error"
