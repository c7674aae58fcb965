"""How far a cohort's people are from the limits of their rules, and who should be talked to."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.programmes.queries.care import recovery_of
from bitgoeul.apps.programmes.queries.limit_words import LIMIT_HEADER, limit_rows, reasons_said
from bitgoeul.apps.programmes.queries.limits import Standing, counts_by_level, standings_of
from bitgoeul.apps.programmes.queries.warning import model_in_use, named_by
from bitgoeul.apps.programmes.views.loading import note_download, note_reading, taught_cohort
from bitgoeul.core import access, clock, exports
from bitgoeul.core.pages import page_of

LEVELS = ("over", "near", "fine")


@require_safe
@access.signed_in
def limit_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List everyone with what they may still miss, the nearest to a limit first."""
    cohort = taught_cohort(request, uuid)
    found = standings_of(cohort, at=clock.now())
    named = named_by(model_in_use(cohort.programme), found)
    level = request.GET.get("level", "")
    page = page_of(_of_level(found, level, named), request.GET.get("page"))
    note_reading(request, [one.enrolment.person.uuid for one in page], what="limit_list")
    manages = rules.can_manage_cohort(request.user, cohort)
    context = {
        "cohort": cohort,
        "page": page,
        "said": {one.enrolment.pk: reasons_said(one) for one in page},
        "counts": counts_by_level(found),
        "level": level,
        "named": named,
        "values": cohort.rule_set.thresholds,
        "manages": manages,
        "recovery": recovery_of(cohort) if manages else None,
    }
    return render(request, "programmes/limit_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def limit_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the same list as CSV or XLSX."""
    cohort: Cohort = taught_cohort(request, uuid)
    found = standings_of(cohort, at=clock.now())
    named = named_by(model_in_use(cohort.programme), found)
    found = _of_level(found, request.GET.get("level", ""), named)
    people = [one.enrolment.person.uuid for one in found]
    note_download(request, people, what="limit_export", about=cohort.uuid)
    header = list(map(str, LIMIT_HEADER))
    name = f"limits-{cohort.programme.key}-{cohort.number}.{form}"
    if form == "xlsx":
        return exports.xlsx_response(limit_rows(found, named), header, name, title=_("Limits"))
    return exports.csv_response(limit_rows(found, named), header, name)


def _of_level(
    found: list[Standing], level: str, named: Mapping[int, tuple[str, ...]]
) -> list[Standing]:
    if level == "model":
        return [one for one in found if one.enrolment.pk in named]
    return [one for one in found if one.level == level] if level in LEVELS else found
