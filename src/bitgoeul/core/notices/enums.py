"""When a letter goes out, and where a letter stands."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class When(TextChoices):
    """When a person wants mail about a topic."""

    IMMEDIATE = "immediate", pgettext_lazy("mail", "At once")
    DAILY = "daily", pgettext_lazy("mail", "Once a day, together")
    OFF = "off", pgettext_lazy("mail", "No mail")


class MailState(TextChoices):
    """Where a letter stands."""

    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    DROPPED = "dropped", pgettext_lazy("mail", "Not sent")
