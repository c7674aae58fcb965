"""Attendance of one day, as the instructor writes it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import DayForm, ReasonForm
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.programmes.queries.absences import recognised_on
from bitgoeul.apps.programmes.queries.listings import attendance_on, days_held, hours_usual
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


@require_safe
@access.signed_in
def attendance_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the days held, and lead to today's."""
    cohort = taught_cohort(request, uuid)
    asked = request.GET.get("day", "")
    if asked:
        return redirect("programmes:attendance_day", uuid=uuid, day=_day(asked).isoformat())
    today = clock.today()
    context = {
        "cohort": cohort,
        "days": days_held(cohort),
        "today": min(max(today, cohort.starts_on), cohort.ends_on),
    }
    return render(request, "programmes/attendance_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def attendance_day(request: SignedInRequest, uuid: UUID, day: str) -> HttpResponse:
    """Write a day, one class at a time; changing what stands needs a reason."""
    cohort, on = taught_cohort(request, uuid), _day(day)
    tracks = list(cohort.tracks.order_by("key"))
    track = request.GET.get("track", tracks[0].key if tracks else "")
    people = attendance_on(cohort, on, track=track)
    data = request.POST or None
    hours = hours_usual(cohort, on)
    # Why an absence was recognised on request is not the instructor's to read.
    manages = rules.can_manage_cohort(request.user, cohort)
    hidden = frozenset() if manages else recognised_on(cohort, on)
    forms = [
        DayForm(data, enrolment=one, stored=found, hours=hours, masked=one.pk in hidden)
        for one, found in people
    ]
    reason = ReasonForm(data)
    note_reading(request, [one.person.uuid for one, _found in people], what="attendance_day")
    posted = request.method == "POST"
    if posted and _is_sound(forms, reason) and _save(request, cohort, on, forms, reason):
        return redirect(request.get_full_path())
    context = {
        "cohort": cohort, "day": on, "tracks": tracks, "track": track, "rows": forms,
        "reason": reason, "before": on - dt.timedelta(days=1), "after": on + dt.timedelta(days=1),
    }  # fmt: skip
    return render(request, "programmes/attendance_day.html", context, status=422 if posted else 200)


def _is_sound(forms: list[DayForm], reason: ReasonForm) -> bool:
    # Every form is looked at, so that all faults show at once.
    valid = [form.is_valid() for form in (*forms, reason)]
    changes = any(form.changes_a_record() for form in forms)
    if all(valid) and changes and not reason.cleaned_data["reason"]:
        reason.add_error("reason", _("Say why a recorded day is changed."))
        return False
    return all(valid)


def _save(
    request: SignedInRequest, cohort: Cohort, day: dt.date, forms: list[DayForm], reason: Any
) -> bool:
    entries = [form.entry(day=day) for form in forms if form.is_to_write()]
    try:
        services.record_attendance(
            cohort=cohort,
            entries=entries,
            by=request.user,
            at=clock.now(),
            reason=reason.cleaned_data["reason"],
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("%(number)s days have been recorded.") % {"number": len(entries)})
    return True


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    # The page leads to the day before and after: the calendar's own ends have none.
    if day in (dt.date.min, dt.date.max):
        raise Http404
    return day
