"""What is told of requests to recognise an absence."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.models import AbsenceRequest
from bitgoeul.core import formats, notices

ABSENCES = notices.declare(
    notices.Topic(
        key="absences",
        title=_("Recognised absences"),
        about=_("When somebody asks that an absence be recognised, and when it is decided."),
        messages=(
            notices.Message(
                key="absences.filed",
                subject=_("A request to recognise an absence waits for a decision"),
                text=_("%(cohort)s: a request for %(days)s has arrived."),
            ),
            notices.Message(
                key="absences.decided",
                subject=_("Your request to recognise an absence is decided"),
                text=_("%(cohort)s: the page of your request for %(days)s shows the answer."),
            ),
            notices.Message(
                key="absences.revoked",
                subject=_("The recognition of an absence was taken back"),
                text=_("%(cohort)s: the page of your request for %(days)s shows why."),
            ),
        ),
    )
)


def tell_filed(absence: AbsenceRequest, people: Iterable[User], *, at: dt.datetime) -> None:
    """Tell the deciding office that a request waits; for whom and why stays on its page."""
    _tell("absences.filed", absence, people, at=at)


def tell_decided(absence: AbsenceRequest, *, at: dt.datetime) -> None:
    """Tell the person that there is an answer; the answer stays on the page."""
    _tell("absences.decided", absence, [absence.enrolment.person], at=at)


def tell_revoked(absence: AbsenceRequest, *, at: dt.datetime) -> None:
    """Tell the person that a recognition was taken back."""
    _tell("absences.revoked", absence, [absence.enrolment.person], at=at)


def _tell(
    message: str, absence: AbsenceRequest, people: Iterable[User], *, at: dt.datetime
) -> None:
    cohort = absence.enrolment.cohort
    values = {
        "cohort": notices.in_both(lambda _language: cohort),
        "days": notices.in_both(lambda language: _days(absence, language)),
    }
    path = reverse("programmes:absence_detail", kwargs={"uuid": absence.uuid})
    news = [notices.News(person=person, path=path, values=values) for person in people]
    notices.tell_many(message, news, at=at)


def _days(absence: AbsenceRequest, language: str) -> str:
    first = formats.day(absence.from_on, language)
    if absence.from_on == absence.until_on:
        return first
    return f"{first} – {formats.day(absence.until_on, language)}"
