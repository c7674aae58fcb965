"""What the room tells graduates and employers."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import people_hiring_for
from bitgoeul.apps.careers.enums import OfferState
from bitgoeul.apps.careers.models import MatchingRound, Offer, RetentionCheck
from bitgoeul.core import formats, notices

OFFERS = notices.declare(
    notices.Topic(
        key="offers",
        title=_("Matches and offers"),
        about=_("When a match is published, and when an offer is made or answered."),
        messages=(
            notices.Message(
                key="offers.published",
                subject=_("The result of a match is published"),
                text=_("%(round)s: the result is published."),
            ),
            notices.Message(
                key="offers.made",
                subject=_("You have an offer"),
                text=_("%(organisation)s offers you a seat. Please answer until %(until)s."),
            ),
            notices.Message(
                key="offers.answered",
                subject=_("An offer has been answered"),
                text=_("%(vacancy)s: an offer has been answered (%(answer)s)."),
            ),
        ),
    )
)
CHECKS = notices.declare(
    notices.Topic(
        key="checks",
        title=_("Questions about a kept job"),
        about=_("When you are asked whether a job is still held."),
        messages=(
            notices.Message(
                key="checks.due",
                subject=_("Please say whether you still have your job"),
                text=_("%(months)s months have passed since your first day (%(organisation)s)."),
            ),
            notices.Message(
                key="checks.due_employer",
                subject=_("Please say who still works for you"),
                text=_("%(organisation)s: answers about people who began there are due."),
            ),
        ),
    )
)


def tell_published(current: MatchingRound, offers: Sequence[Offer], *, at: dt.datetime) -> None:
    """Tell those with an offer of it, the others and the employers that the result is there."""
    offered = {offer.person_id for offer in offers}
    _tell_offers(offers, at=at)
    named = notices.in_both(lambda _language: current)
    path = reverse("careers:result", kwargs={"uuid": current.uuid})
    ranked = User.objects.filter(job_applications__round=current).distinct().order_by("pk")
    news = [
        notices.News(person=person, path=path, values={"round": named})
        for person in ranked
        if person.pk not in offered
    ]
    hiring = people_hiring_for(
        current.vacancies.order_by().values_list("organisation", flat=True),
        on=formats.local_date(at),
    )
    page = reverse("careers:offer_list")
    staff = {person.pk: person for people in hiring.values() for person in people}
    news += [
        notices.News(person=person, path=page, values={"round": named}) for person in staff.values()
    ]
    notices.tell_many("offers.published", news, at=at)


def _tell_offers(offers: Iterable[Offer], *, at: dt.datetime) -> None:
    path = reverse("careers:offer_list")
    notices.tell_many(
        "offers.made",
        [
            notices.News(
                person=offer.person,
                path=path,
                values={
                    "organisation": _named(offer.vacancy.organisation),
                    "until": _moment(offer.expires_at),
                },
            )
            for offer in offers
        ],
        at=at,
    )


def tell_answered(offer: Offer, *, at: dt.datetime) -> None:
    """Tell whoever hires for the employer; the person's name stands only on the page."""
    organisation = offer.vacancy.organisation_id
    hiring = people_hiring_for([organisation], on=formats.local_date(at))
    answer = notices.in_both(lambda _language: OfferState(offer.state).label)
    values: dict[str, str | dict[str, str]] = {"vacancy": offer.vacancy.title, "answer": answer}
    path = reverse("careers:offer_list")
    news = [
        notices.News(person=person, path=path, values=values)
        for person in hiring.get(organisation, [])
    ]
    notices.tell_many("offers.answered", news, at=at)


def tell_due(checks: Sequence[RetentionCheck], *, at: dt.datetime) -> int:
    """Ask graduates and employers about checks that are due; each check is asked once."""
    path = reverse("careers:check_list")
    told = notices.tell_many(
        "checks.due",
        [
            notices.News(
                person=check.placement.person,
                path=path,
                once=str(check.uuid),
                values={
                    "months": str(check.months),
                    "organisation": _named(check.placement.organisation),
                },
            )
            for check in checks
        ],
        at=at,
    )
    employers = {check.placement.organisation_id for check in checks}
    hiring = people_hiring_for(employers, on=formats.local_date(at))
    news = [
        notices.News(
            person=person,
            path=path,
            once=str(check.uuid),
            values={"organisation": _named(check.placement.organisation)},
        )
        for check in checks
        for person in hiring.get(check.placement.organisation_id, [])
    ]
    return told + notices.tell_many("checks.due_employer", news, at=at)


def _named(thing: object) -> dict[str, str]:
    return notices.in_both(lambda _language: thing)


def _moment(moment: dt.datetime) -> dict[str, str]:
    return notices.in_both(lambda language: formats.moment(moment, language))
