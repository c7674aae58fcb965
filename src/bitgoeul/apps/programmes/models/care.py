"""What hangs on an enrolment beside teaching: objections to a verdict, and counselling."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import AppealState, CounselAction, CounselOutcome
from bitgoeul.apps.programmes.models.enrolment import CompletionVerdict, Enrolment


class Appeal(models.Model):
    """Somebody objects to a verdict on their completion, within the days that the rules give."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verdict = models.OneToOneField(
        CompletionVerdict, on_delete=models.CASCADE, related_name="appeal"
    )
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="appeals")
    words = models.TextField(_("what is objected to"), max_length=3000)
    state = models.CharField(
        _("state"), max_length=10, choices=AppealState, default=AppealState.OPEN
    )
    made_at = models.DateTimeField(_("objected at"))
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=AppealState.OPEN)
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="programmes_appeal_answered_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_state_display()}"


class CounselNote(models.Model):
    """What a counsellor did after a warning, and whether the person recovered.

    Restricted: the counsellor who wrote it and overseeing officers read it, nobody else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="counsel")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))
    action = models.CharField(_("what was done"), max_length=12, choices=CounselAction)
    reasons = models.JSONField(_("warnings of that day"), default=list, blank=True)
    words = models.TextField(_("note"), max_length=4000)
    outcome = models.CharField(
        _("what came of it"), max_length=12, choices=CounselOutcome, default=CounselOutcome.OPEN
    )
    outcome_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        ordering = ("-written_at", "-id")
        verbose_name = _("counselling note")
        verbose_name_plural = _("counselling notes")

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_action_display()}"
