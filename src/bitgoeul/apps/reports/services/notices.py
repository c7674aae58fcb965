"""What the room tells the parties."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.queries import officers_of_parties
from bitgoeul.apps.reports.models import Extract, Report
from bitgoeul.apps.reports.queries.extract import officers_deciding
from bitgoeul.core import formats, notices

REPORTS = notices.declare(
    notices.Topic(
        key="reports",
        title=_("Published reports"),
        about=_("When a report over an agreement of your organisation is published."),
        messages=(
            notices.Message(
                key="reports.published",
                subject=_("A report has been published"),
                text=_("%(report)s (as of %(day)s) has been published."),
            ),
        ),
    )
)


def tell_published(report: Report, *, at: dt.datetime) -> None:
    """Tell the officers of all parties of the agreement."""
    values = {
        "report": notices.in_both(lambda _language: report),
        "day": notices.in_both(lambda language: formats.day(report.as_of, language)),
    }
    path = reverse("reports:report_detail", kwargs={"uuid": report.uuid})
    officers = officers_of_parties(report.agreement, on=formats.local_date(at))
    news = [notices.News(person=person, path=path, values=values) for person in officers]
    notices.tell_many("reports.published", news, at=at)


EXTRACTS = notices.declare(
    notices.Topic(
        key="extracts",
        title=_("Extracts for research"),
        about=_("When somebody asks for one that you decide of, and what became of your own."),
        messages=(
            notices.Message(
                key="extracts.asked",
                subject=_("A researcher asks for an extract"),
                text=_("For “%(title)s”. Please decide whether it may be made."),
            ),
            notices.Message(
                key="extracts.ready",
                subject=_("Your extract is ready"),
                text=_("The extract for “%(title)s” can be fetched until %(day)s."),
            ),
            notices.Message(
                key="extracts.refused",
                subject=_("Your extract was refused"),
                text=_("The extract for “%(title)s” was refused: %(note)s"),
            ),
            notices.Message(
                key="extracts.empty",
                subject=_("Your extract would be empty"),
                text=_(
                    "For “%(title)s” nobody is left who consented and stands among enough others. "
                    "Ask for fewer columns or a longer period."
                ),
            ),
        ),
    )
)


def tell_extract_asked(extract: Extract, *, at: dt.datetime) -> None:
    """Tell the officers of the cities and universities that run the programmes."""
    officers = officers_deciding(extract, on=formats.local_date(at))
    path = reverse("reports:extract_detail", kwargs={"uuid": extract.uuid})
    values = {"title": extract.title}
    news = [notices.News(person=each, path=path, values=values) for each in officers]
    notices.tell_many("extracts.asked", news, at=at)


def tell_extract_settled(extract: Extract, *, at: dt.datetime) -> None:
    """Tell whoever asked: it is ready, refused, or nothing would be in it."""
    notices.tell(
        f"extracts.{extract.state}",
        person=extract.asked_by,
        path=reverse("reports:extract_detail", kwargs={"uuid": extract.uuid}),
        at=at,
        title=extract.title,
        note=extract.note,
        day=notices.in_both(
            lambda language: formats.day(extract.expires_on, language) if extract.expires_on else ""
        ),
    )
