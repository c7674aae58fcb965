"""Notice: one piece of news for one person. Mail: one letter. Preference: when letters go out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from . import topics
from .enums import MailState, When


class Mail(models.Model):
    """One letter to one person, about one notice or about those of a day.

    Its words are made when it is sent; only that it was sent is kept.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_mails"
    )
    digest = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter about news")
        verbose_name_plural = _("letters about news")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="notices_mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.WAITING) | Q(settled_at__isnull=False),
                name="notices_mail_settled_at",
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=Q(state=MailState.WAITING),
                name="notices_mail_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.uuid} ({self.state})"


class Notice(models.Model):
    """One piece of news for one person. `values` fills the text in either language."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    topic = models.CharField(max_length=40)
    message = models.CharField(max_length=80)
    values = models.JSONField(default=dict, blank=True)
    path = models.CharField(max_length=300)
    # The same news is told once, however often a job that looks for it runs.
    once = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 -- null: no limit
    digest = models.BooleanField(default=False)
    mail = models.ForeignKey(
        Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "message", "once"),
                condition=Q(once__isnull=False),
                name="notices_notice_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("person",), condition=Q(read_at__isnull=True), name="notices_unread"
            ),
            models.Index(fields=("person", "-created_at"), name="notices_newest"),
            models.Index(
                fields=("person",),
                condition=Q(digest=True, mail__isnull=True),
                name="notices_for_digest",
            ),
        )

    def __str__(self) -> str:
        return f"{self.message} {self.uuid}"

    @property
    def title(self) -> str:
        """What happened, in the reader's language."""
        known = topics.find_message(self.message)
        return str(known.subject) if known else gettext("News of an earlier version")

    @property
    def text(self) -> str:
        """The whole news, in the reader's language."""
        known = topics.find_message(self.message)
        language = "en" if get_language() == "en" else "ko"
        return topics.fill(known.text, self.values, language) if known else ""

    @property
    def topic_title(self) -> str:
        """The topic, in the reader's language."""
        known = topics.find_topic(self.topic)
        return str(known.title) if known else ""


class Preference(models.Model):
    """When a person wants mail about a topic; without one, the topic's own habit holds."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences"
    )
    topic = models.CharField(max_length=40)
    when = models.CharField(max_length=9, choices=When)

    class Meta:
        verbose_name = _("choice of mail")
        verbose_name_plural = _("choices of mail")
        constraints = (
            models.UniqueConstraint(fields=("person", "topic"), name="notices_preference_once"),
            models.CheckConstraint(
                condition=Q(when__in=When.values), name="notices_preference_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic} {self.when}"
