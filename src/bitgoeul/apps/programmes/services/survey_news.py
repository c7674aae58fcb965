"""What is told of surveys."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.models import Survey
from bitgoeul.core import formats, notices

SURVEYS = notices.declare(
    notices.Topic(
        key="surveys",
        title=_("Surveys"),
        about=_("When you are asked how the training is."),
        messages=(
            notices.Message(
                key="surveys.opened",
                subject=_("You are asked how the training is"),
                text=_("%(cohort)s: “%(title)s” can be answered until %(until)s, anonymously."),
            ),
        ),
    )
)


def tell_opened(survey: Survey, people: Iterable[User], *, at: dt.datetime) -> None:
    """Tell everybody who is asked."""
    values = {
        "cohort": notices.in_both(lambda _language: survey.cohort),
        "title": notices.in_both(lambda _language: survey.title),
        "until": notices.in_both(lambda language: formats.moment(survey.closes_at, language)),
    }
    path = reverse("programmes:survey_answer", kwargs={"uuid": survey.uuid})
    news = [notices.News(person=person, path=path, values=values) for person in people]
    notices.tell_many("surveys.opened", news, at=at)
