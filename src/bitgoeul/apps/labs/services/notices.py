"""What the room tells whoever handed something in."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models import Submission
from bitgoeul.core import notices

LABS = notices.declare(
    notices.Topic(
        key="labs",
        title=_("Evaluations in labs"),
        about=_("When something that you handed in has been evaluated."),
        messages=(
            notices.Message(
                key="labs.scored",
                subject=_("Your submission has been evaluated"),
                text=_("Lab “%(lab)s”: your submission has been evaluated."),
            ),
            notices.Message(
                key="labs.not_scored",
                subject=_("Your submission could not be evaluated"),
                text=_("Lab “%(lab)s”: your submission could not be evaluated. Its page says why."),
            ),
        ),
    )
)


def tell_settled(submission: Submission, *, scored: bool, at: dt.datetime) -> None:
    """Tell the owner what became of a submission; of a held lab's its room does."""
    if submission.lab.held_by_kind:
        return
    notices.tell(
        "labs.scored" if scored else "labs.not_scored",
        person=submission.person,
        path=reverse("labs:submission_detail", kwargs={"uuid": submission.uuid}),
        at=at,
        lab=notices.in_both(lambda _language: submission.lab),
    )
