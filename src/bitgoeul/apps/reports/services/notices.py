"""What the room tells the parties."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.queries import officers_of_parties
from bitgoeul.apps.reports.models import Report
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
