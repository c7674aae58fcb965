"""Teams, who is in them, who was invited, and which want to become one."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import MergeState, TeamState
from bitgoeul.apps.contests.models.contest import Contest
from bitgoeul.apps.contests.models.phase import Phase


class Team(models.Model):
    """Who takes part together. `phases` are those it was let into after the first."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("team name"), max_length=60)
    captain = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_teams"
    )
    state = models.CharField(_("state"), max_length=12, choices=TeamState, default=TeamState.ACTIVE)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    made_at = models.DateTimeField(_("made at"))
    phases = models.ManyToManyField(Phase, blank=True, related_name="teams")

    class Meta:
        ordering = ("contest_id", "name")
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = (
            models.UniqueConstraint(fields=("contest", "name"), name="contests_team_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person is in a team, from a moment until a moment; in one team of a contest at a time."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="members")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_memberships"
    )
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    class Meta:
        ordering = ("team_id", "joined_at", "id")
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = (
            models.UniqueConstraint(
                fields=("contest", "person"),
                condition=models.Q(left_at__isnull=True),
                name="contests_teammember_one_team",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.team}"


class Invitation(models.Model):
    """A link into a team: it works until a day, once for an address, or for whoever has it.

    Of the key in the link only a checksum is kept.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), blank=True)
    key_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("invitation into a team")
        verbose_name_plural = _("invitations into teams")

    def __str__(self) -> str:
        return f"{self.team}: {self.email or '–'}"


class Merge(models.Model):
    """A captain asks another team to join theirs; the other captain answers."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="merges_asked")
    joining = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="merges_received")
    state = models.CharField(
        _("state"), max_length=12, choices=MergeState, default=MergeState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("merge of teams")
        verbose_name_plural = _("merges of teams")
        constraints = (
            models.UniqueConstraint(
                fields=("team", "joining"),
                condition=models.Q(state=MergeState.ASKED),
                name="contests_merge_asked_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team} + {self.joining}"
