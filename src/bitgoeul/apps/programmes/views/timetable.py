"""Timetables: one's own with today first, a class's, a cohort's; changes; links for calendars."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.timetable import CancelForm, DayFilter, MoveForm
from bitgoeul.apps.programmes.models import CalendarFeed, ClassGroup, Session
from bitgoeul.apps.programmes.queries.calendar_feeds import (
    calendar_of,
    feed_of,
    feeds_of,
    sessions_of_feed,
)
from bitgoeul.apps.programmes.queries.roster import own_standing
from bitgoeul.apps.programmes.queries.timetable import (
    SESSION_HEADER,
    by_day,
    clashes_among,
    session_rows,
    sessions,
    sessions_of_class,
    sessions_of_cohort,
    sessions_of_person,
    week_of,
)
from bitgoeul.apps.programmes.views.loading import (
    managed_cohort,
    note_download,
    note_reading,
    taught_cohort,
)
from bitgoeul.apps.programmes.views.replies import (
    acting,
    address,
    crumbs_of,
    done,
    form_page,
    note_choices,
)
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused

AHEAD = dt.timedelta(days=13)


@require_safe
@access.signed_in
def timetable(request: SignedInRequest) -> HttpResponse:
    """Show what one attends and teaches: today first, then the days ahead."""
    today = clock.today()
    day = _day(request) or today
    found = list(sessions_of_person(request.user, day, day + AHEAD))
    _note(request, found)
    context = {
        "today": today,
        "day": day,
        "now_on": [row for row in found if row.held_on == today],
        "days": [(on, rows) for on, rows in by_day(found) if on != today],
        "before": day - AHEAD - dt.timedelta(days=1),
        "after": day + AHEAD + dt.timedelta(days=1),
        "feeds": feeds_of(request.user),
    }
    return render(request, "programmes/timetable.html", context)


@require_safe
@access.signed_in
def class_timetable(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a week of a class."""
    class_group = _class(request, uuid)
    first, last = week_of(_day(request) or clock.today())
    found = list(sessions_of_class(class_group, first, last))
    _note(request, found)
    context = {
        "class_group": class_group,
        "cohort": class_group.track.cohort,
        "days": by_day(found),
        "teaches": rules.can_teach_class(request.user, class_group),
        **_week(first, last),
    }
    return render(request, "programmes/class_timetable.html", context)


@require_safe
@access.signed_in
def cohort_timetable(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a week of all classes, and what collides anywhere."""
    cohort = taught_cohort(request, uuid)
    everything = list(sessions_of_cohort(cohort))
    here = [row.held_on for row in everything]
    usual = min(max(clock.today(), cohort.starts_on), cohort.ends_on)
    first, last = week_of(_day(request) or usual)
    week = [row for row in everything if first <= row.held_on <= last]
    clashes = clashes_among(everything)[:50]
    _note(request, [*week, *(clash.first for clash in clashes)])
    context = {
        "cohort": cohort,
        "manages": rules.can_manage_cohort(request.user, cohort),
        "days": by_day(week),
        "clashes": clashes,
        "planned": len(here),
        **_week(first, last),
    }
    return render(request, "programmes/cohort_timetable.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out a cohort's timetable as the import reads it again; it names instructors only."""
    cohort = taught_cohort(request, uuid)
    found = list(sessions_of_cohort(cohort))
    people = [row.instructor.uuid for row in found if row.instructor is not None]
    note_download(request, people, what="timetable_export")
    name = f"timetable-{cohort.programme.key}-{cohort.number}"
    header = list(map(str, SESSION_HEADER))
    return exports.table_response(form, name, header, session_rows(found))


@require_POST
@access.signed_in
def timetable_make(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Plan what is not planned yet from calendar and curriculum."""
    cohort = managed_cohort(request, uuid)
    try:
        made = services.make_timetable(cohort=cohort, **acting(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(number)s session was made.", "%(number)s sessions were made.", made)
        messages.success(request, text % {"number": made})
    return redirect("programmes:cohort_timetable", uuid=uuid)


@require_safe
@access.signed_in
def session_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show one session to who attends and who teaches it."""
    row = access.get(sessions(), rules.sessions_visible_to(request.user), uuid=uuid)
    cohort = row.class_group.track.cohort
    _note(request, [row])
    context = {
        "session": row,
        "cohort": cohort,
        "teaches": rules.can_teach_session(request.user, row),
        "mine": own_standing(row, request.user),
    }
    return render(request, "programmes/session_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def session_move(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Move a session."""
    row = taught_session(request, uuid)
    form = MoveForm(request.POST or None, session=row)
    note_choices(request, form, "instructor")
    return form_page(
        request,
        form,
        lambda: services.move_session(session=row, **form.cleaned_data, **acting(request)),
        title=_("Move a session"),
        said=_("The session is moved, and whom it concerns is told."),
        to=address("session_detail", row),
        crumbs=_crumbs(row),
        lede=str(row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def session_cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Cancel a session."""
    row = taught_session(request, uuid)
    form = CancelForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.cancel_session(session=row, **form.cleaned_data, **acting(request)),
        title=_("Cancel a session"),
        said=_("The session is cancelled, and whom it concerns is told."),
        to=address("session_detail", row),
        crumbs=_crumbs(row),
        lede=str(row),
    )


@require_POST
@access.signed_in
def feed_make(request: SignedInRequest) -> HttpResponse:
    """Make a secret link to one's own timetable; it is shown this once."""
    _feed, key = services.make_calendar_feed(person=request.user, **acting(request))
    return _shown_once(request, key, back=reverse("programmes:timetable"))


@require_POST
@access.signed_in
def class_feed_make(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Make a secret link to a class's timetable; it is shown this once."""
    class_group, person = _class(request, uuid), request.user
    _feed, key = services.make_calendar_feed(
        person=person, class_group=class_group, **acting(request)
    )
    return _shown_once(request, key, back=address("class_timetable", class_group))


@require_POST
@access.signed_in
def feed_revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a link back."""
    rows = CalendarFeed.objects.filter(revoked_at__isnull=True)
    feed = access.get(rows, rules.own_feeds(request.user), uuid=uuid)
    return done(
        request,
        lambda: services.revoke_calendar_feed(feed=feed, **acting(request)),
        said=_("The link opens nothing any more."),
        to=reverse("programmes:timetable"),
    )


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out a timetable to whoever has the secret link."""
    found = feed_of(services.checksum_of(key))
    if found is None:
        raise Http404
    rows = sessions_of_feed(found, today=clock.today())
    name = str(found.class_group or _("Timetable"))
    content = calendar_of(rows, name=name, stamp=clock.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="timetable.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def taught_session(request: SignedInRequest, uuid: UUID) -> Session:
    """Return a session whose attendance the person takes."""
    return access.get(sessions(), rules.sessions_taught_by(request.user), uuid=uuid)


def _note(request: SignedInRequest, rows: Iterable[Session]) -> None:
    people = [row.instructor.uuid for row in rows if row.instructor is not None]
    note_reading(request, people, what="timetable")


def _crumbs(row: Session) -> list[tuple[str, str]]:
    return crumbs_of(row.class_group.track.cohort, (str(row), address("session_detail", row)))


def _class(request: SignedInRequest, uuid: UUID) -> ClassGroup:
    rows = ClassGroup.objects.select_related("track__cohort__programme__organiser")
    return access.get(rows, rules.classes_visible_to(request.user), uuid=uuid)


def _shown_once(request: SignedInRequest, key: str, *, back: str) -> HttpResponse:
    path = reverse("programmes:feed", kwargs={"key": key})
    context = {"address": settings.BITGOEUL.public_url + path, "back": back}
    answer = render(request, "programmes/feed_made.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _day(request: HttpRequest) -> dt.date | None:
    form = DayFilter(request.GET)
    day = form.cleaned_data["day"] if form.is_valid() else None
    return day if day is not None and dt.date(1900, 1, 1) < day < dt.date(2199, 12, 1) else None


def _week(first: dt.date, last: dt.date) -> dict[str, Any]:
    week = dt.timedelta(days=7)
    return {"first": first, "last": last, "before": first - week, "after": first + week}
