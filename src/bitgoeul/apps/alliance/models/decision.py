"""What a committee decided, with which votes, and what somebody now has to do."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import ActionState
from bitgoeul.apps.alliance.models.agreement import Commitment
from bitgoeul.apps.alliance.models.committee import Committee
from bitgoeul.apps.alliance.models.meeting import AgendaItem, Meeting
from bitgoeul.apps.alliance.models.organisation import Organisation


class Decision(models.Model):
    """A resolution with its number of the year; a later one may take its place."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what was decided"), max_length=8000)
    effective_on = models.DateField(_("takes effect on"))
    carried = models.BooleanField(_("carried"))
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    commitments = models.ManyToManyField(
        Commitment, through="DecidedCommitment", related_name="decisions"
    )

    class Meta:
        ordering = ("-year", "-number", "-id")
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.UniqueConstraint(
                fields=("committee", "year", "number"), name="alliance_decision_number_once"
            ),
        )

    def __str__(self) -> str:
        return gettext("Decision %(year)s-%(number)s") % {"year": self.year, "number": self.number}

    @property
    def key(self) -> str:
        """The number by which papers name the decision."""
        return f"{self.year}-{self.number}"


class VoteCount(models.Model):
    """How the votes of one party fell; who of its members voted how is not kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="votes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    in_favour = models.PositiveSmallIntegerField(_("for"), default=0)
    against = models.PositiveSmallIntegerField(_("against"), default=0)
    abstained = models.PositiveSmallIntegerField(_("abstained"), default=0)

    class Meta:
        ordering = ("decision", "organisation__name_ko")
        verbose_name = _("votes of a party")
        verbose_name_plural = _("votes of parties")
        constraints = (
            models.UniqueConstraint(
                fields=("decision", "organisation"), name="alliance_votes_once_a_party"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.in_favour}/{self.against}/{self.abstained}"


class DecidedCommitment(models.Model):
    """A decision concerns a commitment of the agreement, and may say what it changes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="concerned")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="concerned")
    change = models.CharField(_("what it changes"), max_length=300, blank=True)

    class Meta:
        ordering = ("decision", "id")
        verbose_name = _("commitment concerned by a decision")
        verbose_name_plural = _("commitments concerned by decisions")
        constraints = (
            models.UniqueConstraint(
                fields=("decision", "commitment"), name="alliance_concerned_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision}: {self.commitment}"


def evidence_path(action: "Action", name: str) -> str:
    """Keep a piece of evidence under a name of its own, never under the one that it came with."""
    return f"committee-evidence/{uuid.uuid4()}"


class Action(models.Model):
    """What one person has to do until a day; ended with evidence or with a reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions_owned"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField(_("until when"))
    state = models.CharField(
        _("state"), max_length=8, choices=ActionState, default=ActionState.OPEN
    )
    created_at = models.DateTimeField()
    outcome = models.TextField(_("evidence or reason"), max_length=2000, blank=True)
    file = models.FileField(upload_to=evidence_path, max_length=200, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=ActionState.OPEN)
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="alliance_action_settled_says_how",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_on",),
                condition=models.Q(state=ActionState.OPEN),
                name="alliance_actions_due",
            ),
        )

    def __str__(self) -> str:
        return self.text
