"""What the room tells reviewers."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.reviews.models import Panel
from bitgoeul.core import formats, notices

REVIEWS = notices.declare(
    notices.Topic(
        key="reviews",
        title=_("Reviews"),
        about=_("When cases wait for your judgement."),
        messages=(
            notices.Message(
                key="reviews.assigned",
                subject=_("Cases wait for your judgement"),
                text=_("%(panel)s: cases wait for you until %(until)s."),
            ),
        ),
    )
)


def tell_reviewers(panel: Panel, people: Iterable[int], *, at: dt.datetime) -> None:
    """Tell reviewers that something waits for them; each once a day."""
    closes = panel.closes_at
    values = {
        "panel": notices.in_both(lambda _language: panel.name),
        "until": notices.in_both(lambda language: formats.moment(closes, language)),
    }
    path = reverse("reviews:panel_detail", kwargs={"uuid": panel.uuid})
    news = [
        notices.News(person=person, path=path, values=values)
        for person in User.objects.filter(pk__in=list(people))
    ]
    notices.tell_many("reviews.assigned", news, at=at)
