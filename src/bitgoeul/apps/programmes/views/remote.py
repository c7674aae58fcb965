"""How far a cohort's people are in the remote part of the course."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.apps.programmes.queries.remote import (
    REMOTE_HEADER,
    remote_modules_of,
    remote_rows,
    remote_standings_of,
)
from bitgoeul.apps.programmes.views.loading import note_download, note_reading, taught_cohort
from bitgoeul.core import access, exports
from bitgoeul.core.pages import page_of


def people_of(cohort: Cohort) -> list[Enrolment]:
    """Return everyone enrolled, by name."""
    rows = Enrolment.objects.filter(cohort=cohort).select_related("person", "track", "application")
    return list(rows.order_by("person__full_name", "pk"))


@require_safe
@access.signed_in
def remote_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List everyone with the progress of each remote module and the whole."""
    cohort = taught_cohort(request, uuid)
    modules = remote_modules_of(cohort)
    page = page_of(people_of(cohort) if modules else [], request.GET.get("page"))
    note_reading(request, [one.person.uuid for one in page], what="remote_list")
    context = {
        "cohort": cohort,
        "page": page,
        "standings": remote_standings_of(cohort, list(page), modules),
        "needed": cohort.rule_set.thresholds.remote_progress_at_least,
        "taught": bool(modules) or cohort.modules.exists(),
        "manages": rules.can_manage_cohort(request.user, cohort),
    }
    return render(request, "programmes/remote_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def remote_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the same as CSV or XLSX, a line per person and module."""
    cohort = taught_cohort(request, uuid)
    people = people_of(cohort)
    subjects = [one.person.uuid for one in people]
    note_download(request, subjects, what="remote_export", about=cohort.uuid)
    rows = remote_rows(remote_standings_of(cohort, people).values())
    header = list(map(str, REMOTE_HEADER))
    name = f"remote-progress-{cohort.programme.key}-{cohort.number}.{form}"
    if form == "xlsx":
        return exports.xlsx_response(rows, header, name, title=_("Remote progress"))
    return exports.csv_response(rows, header, name)
