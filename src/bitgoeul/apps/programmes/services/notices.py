"""What the room tells applicants."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import Application, Cohort, SeatOffer
from bitgoeul.core import formats, notices

APPLICATIONS = notices.declare(
    notices.Topic(
        key="applications",
        title=_("Applications to programmes"),
        about=_("When your application has arrived, and when its result is known."),
        messages=(
            notices.Message(
                key="applications.received",
                subject=_("Your application has arrived"),
                text=_(
                    "%(cohort)s: your application %(number)s has arrived. It can be changed until "
                    "%(until)s. Its page is your receipt."
                ),
            ),
            notices.Message(
                key="applications.accommodation",
                subject=_("What you need to take part was answered"),
                text=_("%(cohort)s: the page of your application shows the answer of the office."),
            ),
            notices.Message(
                key="applications.judged",
                subject=_("The requirements of your application were checked"),
                text=_("%(cohort)s: the page of your application shows the result and the reason."),
            ),
            notices.Message(
                key="applications.stage",
                subject=_("A stage of the selection is decided"),
                text=_("%(cohort)s: the page of your application shows whether you go on."),
            ),
            notices.Message(
                key="applications.offered",
                subject=_("A seat is offered to you"),
                text=_(
                    "%(cohort)s: a seat in %(track)s is yours if you accept it until %(until)s."
                ),
            ),
            notices.Message(
                key="applications.decided",
                subject=_("The result of your application is known"),
                text=_(
                    "%(cohort)s: the selection is published. Your application shows the result."
                ),
            ),
        ),
    )
)


def tell_received(application: Application, *, at: dt.datetime) -> None:
    """Confirm that an application was handed in."""
    closes = application.cohort.applications_close_at
    notices.tell(
        "applications.received",
        person=application.person,
        path=_page(application),
        at=at,
        cohort=_named(application.cohort),
        number=notices.in_both(lambda _language: application.number),
        until=notices.in_both(lambda language: formats.moment(closes, language)),
    )


def tell_judged(application: Application, *, at: dt.datetime) -> None:
    """Tell an applicant that the office has judged whether they may take part."""
    notices.tell(
        "applications.judged",
        person=application.person,
        path=_page(application),
        at=at,
        cohort=_named(application.cohort),
    )


def tell_accommodation(application: Application, *, at: dt.datetime) -> None:
    """Tell an applicant that the office has answered what they need."""
    notices.tell(
        "applications.accommodation",
        person=application.person,
        path=_page(application),
        at=at,
        cohort=_named(application.cohort),
    )


def tell_all_judged(
    applications: Iterable[Application], cohort: Cohort, *, at: dt.datetime
) -> None:
    """Tell everyone whom one button judged."""
    notices.tell_many("applications.judged", _news(applications, cohort), at=at)


def tell_stage(applications: Iterable[Application], cohort: Cohort, *, at: dt.datetime) -> None:
    """Tell everyone of a stage that it is decided; how, stands on their page."""
    notices.tell_many("applications.stage", _news(applications, cohort), at=at)


def tell_offered(offers: Iterable[SeatOffer], cohort: Cohort, *, at: dt.datetime) -> None:
    """Tell everyone that a seat is theirs if they accept it in time."""
    named = _named(cohort)
    tracks: dict[int, dict[str, str]] = {}
    news = []
    for offer in offers:
        if offer.track_id not in tracks:
            tracks[offer.track_id] = _track(offer)
        values = {"cohort": named, "track": tracks[offer.track_id], "until": _until(offer)}
        one = offer.application
        news.append(notices.News(person=one.person, path=_page(one), values=values))
    notices.tell_many("applications.offered", news, at=at)


def _track(offer: SeatOffer) -> dict[str, str]:
    return notices.in_both(lambda _language: offer.track.name)


def _until(offer: SeatOffer) -> dict[str, str]:
    return notices.in_both(lambda language: formats.moment(offer.answer_by, language))


def _news(applications: Iterable[Application], cohort: Cohort) -> list[notices.News]:
    named = _named(cohort)
    return [
        notices.News(person=one.person, path=_page(one), values={"cohort": named})
        for one in applications
    ]


def tell_decided(applications: Iterable[Application], cohort: Cohort, *, at: dt.datetime) -> None:
    """Tell everyone of a round that its result is there; the result itself stays on their page."""
    named = _named(cohort)
    news = [
        notices.News(person=one.person, path=_page(one), values={"cohort": named})
        for one in applications
    ]
    notices.tell_many("applications.decided", news, at=at)


def _page(application: Application) -> str:
    return reverse("programmes:application_detail", kwargs={"uuid": application.uuid})


def _named(cohort: Cohort) -> dict[str, str]:
    return notices.in_both(lambda _language: cohort)
