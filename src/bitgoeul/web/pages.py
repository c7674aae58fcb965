"""The addresses of every room's pages: all that a letter can name.

Apart from the root, because background work needs no API: it costs a second of processor time
to load, in every worker that starts.
"""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("bitgoeul.web.sign_in.urls")),
    path("alliance/", include("bitgoeul.apps.alliance.urls")),
    path("programmes/", include("bitgoeul.apps.programmes.urls")),
    path("contests/", include("bitgoeul.apps.contests.urls")),
    path("labs/", include("bitgoeul.apps.labs.urls")),
    path("credentials/", include("bitgoeul.apps.credentials.urls")),
    path("careers/", include("bitgoeul.apps.careers.urls")),
    path("reviews/", include("bitgoeul.apps.reviews.urls")),
    path("reports/", include("bitgoeul.apps.reports.urls")),
    path("imports/", include("bitgoeul.core.imports.urls")),
    path("jobs/", include("bitgoeul.core.jobs.urls")),
    path("privacy/", include("bitgoeul.core.privacy.urls")),
    path("journal/", include("bitgoeul.core.journal.urls")),
    path("views/", include("bitgoeul.core.saved.urls")),
    path("notices/", include("bitgoeul.core.notices.urls")),
    path("tokens/", include("bitgoeul.core.api.urls")),
]
