"""Sending letters, gathering the day's, and asking again for those that got stuck."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bitgoeul.core import clock, jobs

from . import letters, services
from .enums import MailState
from .models import Mail

# Nobody waits before a screen for a letter; imports, scorings and matchings go before it.
LAST = -50


@jobs.task(title=_("Sending a letter about news"), timeout=60, memory_mb=512, priority=LAST)
def send_mail(mail: str) -> jobs.Commit | None:
    """Send one letter; that it is out is written together with the end of the job."""
    row = Mail.objects.select_related("person").filter(uuid=mail).first()
    if row is None or row.state != MailState.WAITING:
        return None
    letter = letters.letter_of(row)
    if letter is not None:
        letter.send()
    sent = letter is not None
    return jobs.Commit(lambda: services.settle_mail(mail=row, sent=sent, at=clock.now()))


@jobs.task(title=_("Gathering the day's news"), timeout=300)
def gather_digests() -> jobs.Commit:
    """Make one letter per person of what waited for the daily mail."""
    return jobs.Commit(lambda: {"letters": services.gather_digests(at=clock.now())})


@jobs.task(timeout=300)
def post_again() -> jobs.Commit:
    """Ask again for letters that wait without a job."""
    return jobs.Commit(lambda: {"waiting": services.post_again(at=clock.now())})


@jobs.task(timeout=300)
def forget_old() -> jobs.Commit:
    """Delete news that is a year old."""
    return jobs.Commit(lambda: {"forgotten": services.forget_old(at=clock.now())})


# A day's stretch begins at midnight in Greenwich: nine in the morning in Seoul.
jobs.schedule("notices.digests", gather_digests, every=timedelta(days=1))
jobs.schedule("notices.post_again", post_again, every=timedelta(minutes=10))
jobs.schedule("notices.forget_old", forget_old, every=timedelta(days=1))
