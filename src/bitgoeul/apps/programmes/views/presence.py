"""The classroom: the sign on the screen, signing in with a phone, the instructor's list."""

import datetime as dt
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.presence import (
    CodeForm,
    LineForm,
    RosterFilter,
    TakeForm,
)
from bitgoeul.apps.programmes.models import Presence, Session
from bitgoeul.apps.programmes.queries import nonces
from bitgoeul.apps.programmes.queries.attendance_paper import attendance_paper
from bitgoeul.apps.programmes.queries.roster import (
    classes_in,
    live_roster,
    presences_of,
    there_now,
)
from bitgoeul.apps.programmes.queries.timetable import sessions, sessions_of_person
from bitgoeul.apps.programmes.views.loading import note_download, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.apps.programmes.views.timetable import taught_session
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused

CLAIM = "programmes_claim"
DEVICE = "__Host-device" if settings.BITGOEUL.behind_tls else "bitgoeul_device"
_YEAR = 400 * 24 * 3600
_TRIES, _TRIES_SECONDS = 10, 600


@require_safe
@access.signed_in
def session_screen(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show the sign of this session and of no other; it changes by itself."""
    row, now = taught_session(request, uuid), clock.now()
    path = reverse("programmes:sign_in", kwargs={"nonce": nonces.nonce_of(row.uuid, at=now)})
    context = {
        "session": row,
        "qr": _drawn(settings.BITGOEUL.public_url + path),
        "code": nonces.code_of(row.uuid, at=now),
        "there": there_now(row),
        "people": len(services.people_of(row)),
        "code_address": settings.BITGOEUL.public_url + reverse("programmes:sign_in_code"),
    }
    part = request.headers.get("HX-Request") == "true"
    name = "screen_sign" if part else "session_screen"
    answer = render(request, f"programmes/{name}.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def sign_in(request: HttpRequest, nonce: str) -> HttpResponse:
    """Keep that this browser scanned in time; whose it is may be said after."""
    now = clock.now()
    try:
        session = nonces.session_of_nonce(nonce, at=now)
    except Refused as refusal:
        return _told(request, str(refusal), status=410)
    request.session[CLAIM] = nonces.claim_of(session, at=now, source="qr")
    answer = redirect("programmes:sign_in_confirm")
    return _with_device(request, answer)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_confirm(request: SignedInRequest) -> HttpResponse:
    """Ask who scanned to say that they are there, or that they leave; then tell what stands."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("programmes:sign_in_confirm"))
    try:
        uuid, scanned, source = nonces.read_claim(request.session.get(CLAIM, ""), at=clock.now())
        row = _session_for(request, uuid)
        if request.method == "POST":
            return _signed(request, row, scanned, source)
    except Refused as refusal:
        return _told(request, str(refusal), status=409)
    mine = row.presences.filter(enrolment__person=request.user).first()
    context = {"session": row, "mine": mine, "scanned": scanned}
    return _with_device(request, render(request, "programmes/sign_in.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def sign_in_code(request: SignedInRequest) -> HttpResponse:
    """Take the code that stands beside the QR, for who cannot scan."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _session_of_code(request, form)
        if found is not None:
            claim = nonces.claim_of(found.uuid, at=clock.now(), source="code")
            request.session[CLAIM] = claim
            return _with_device(request, redirect("programmes:sign_in_confirm"))
    status = 422 if form.errors else 200
    answer = render(request, "programmes/sign_in_code.html", {"form": form}, status=status)
    return _with_device(request, answer)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def session_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show and take the instructor's list of a session."""
    row = taught_session(request, uuid)
    people, known = services.people_of(row), presences_of(row)
    data = request.POST if request.method == "POST" else None
    lines = [LineForm(data, session=row, enrolment=p, known=known.get(p.pk)) for p in people]
    form = TakeForm(data)
    note_reading(request, [one.person.uuid for one in people], what="session_list", about=uuid)
    # Every line is looked at, so that all faults show at once.
    good = data is not None and all([form.is_valid(), *(line.is_valid() for line in lines)])
    if good and _taken(request, row, lines, form.cleaned_data["reason"]):
        return redirect("programmes:session_list", uuid=uuid)
    context = {
        "session": row, "cohort": row.class_group.track.cohort, "lines": lines, "form": form,
        "faults": [line for line in lines if line.errors],
    }  # fmt: skip
    status = 200 if data is None else 422
    return render(request, "programmes/session_attendance.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def session_paper(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out the list of a session on paper."""
    row = taught_session(request, uuid)
    people = services.people_of(row)
    note_download(request, [one.person.uuid for one in people], what="session_paper", about=uuid)
    answer = HttpResponse(attendance_paper(row, people), content_type="application/pdf")
    name = f"attendance-{row.held_on}-{row.class_group.key}-{row.first_hour}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@access.signed_in
def roster_now(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show who of a cohort is there now, with everybody's hours so far."""
    cohort = taught_cohort(request, uuid)
    lines = live_roster(cohort, clock.today())
    filters = RosterFilter(request.GET, classes=classes_in(lines))
    if asked := filters.cleaned_data["class_group"] if filters.is_valid() else "":
        groups = ((line, line.enrolment.class_group) for line in lines)
        lines = [line for line, group in groups if group and str(group.uuid) == asked]
    note_reading(request, [line.enrolment.person.uuid for line in lines], what="roster_now")
    context = {
        "cohort": cohort, "filters": filters, "lines": lines, "today": clock.today(),
        "manages": rules.can_manage_cohort(request.user, cohort),
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    name = "roster_lines" if part else "roster_now"
    return render(request, f"programmes/{name}.html", context)


def _signed(
    request: SignedInRequest, row: Session, scanned: dt.datetime, source: str
) -> HttpResponse:
    device = nonces.device_checksum(request.COOKIES.get(DEVICE, ""))
    facts: dict[str, Any] = {
        "session": row, "person": request.user, "device": device, "scanned_at": scanned,
        "at": clock.now(),
    }  # fmt: skip
    if request.POST.get("leave"):
        made = services.sign_out(**facts)
    else:
        made = services.sign_in(**facts, source=source)
    # One scan is one step: going back or loading again does nothing.
    request.session.pop(CLAIM, None)
    return _done(request, row, made)


def _done(request: SignedInRequest, row: Session, made: Presence) -> HttpResponse:
    return render(request, "programmes/signed_in.html", {"session": row, "mine": made})


def _session_for(request: SignedInRequest, uuid: UUID) -> Session:
    found = sessions().filter(uuid=uuid).first()
    if found is None:
        raise Refused(_("This session does not exist any more."), code="absent")
    if not found.class_group.enrolments.filter(person=request.user).exists():
        raise Refused(_("You do not sit in the class of this session."), code="not_enrolled")
    return found


def _session_of_code(request: SignedInRequest, form: CodeForm) -> Session | None:
    """Return which of the person's own sessions of today shows the code; tries are counted."""
    key = f"programmes.code.{request.user.pk}"
    if cache.get(key, 0) >= _TRIES:
        form.add_error("code", _("Too many wrong codes. Wait ten minutes or ask your instructor."))
        return None
    now, today = clock.now(), clock.today()
    for row in sessions_of_person(request.user, today, today):
        if nonces.is_code_of(row.uuid, form.cleaned_data["code"], at=now):
            return row
    cache.add(key, 0, _TRIES_SECONDS)
    cache.incr(key)
    form.add_error("code", _("This is not the code of one of your sessions now."))
    return None


def _taken(request: SignedInRequest, row: Session, lines: list[LineForm], reason: str) -> bool:
    entries = [line.entry() for line in lines]
    facts = {**acting(request), "reason": reason}
    try:
        services.take_attendance(session=row, entries=entries, **facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("The attendance is taken."))
    return True


def _told(request: HttpRequest, text: str, *, status: int) -> HttpResponse:
    return render(request, "programmes/sign_in_refused.html", {"text": text}, status=status)


def _with_device(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if not nonces.device_checksum(request.COOKIES.get(DEVICE, "")):
        answer.set_cookie(
            DEVICE, nonces.new_device(), max_age=_YEAR, httponly=True, samesite="Lax",
            secure=settings.BITGOEUL.behind_tls,
        )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _drawn(text: str) -> SafeString:
    drawn = segno.make(text, error="m").svg_inline(scale=8, border=2, omitsize=True)
    # Drawn here from our own address: nothing of it was typed by anybody.
    return mark_safe(drawn)  # noqa: S308 -- see above
