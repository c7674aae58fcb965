"""An address that was asked to act in a role of an organisation."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import InvitationState, Role
from bitgoeul.apps.alliance.models.organisation import Organisation


class RoleInvitationQuerySet(models.QuerySet["RoleInvitation"]):
    """Invitations by where they stand."""

    def in_state(self, state: str, *, at: dt.datetime) -> "RoleInvitationQuerySet":
        """Those that stand so at a moment."""
        waiting = self.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        if state == InvitationState.ACCEPTED:
            return self.filter(accepted_at__isnull=False)
        if state == InvitationState.REVOKED:
            return self.filter(revoked_at__isnull=False)
        if state == InvitationState.EXPIRED:
            return waiting.filter(expires_at__lte=at)
        return waiting.filter(expires_at__gt=at)


class RoleInvitation(models.Model):
    """A link by letter: it works once, until a day, and only for the address it was sent to.

    Of the key in the link only a checksum is kept, so that nobody who reads the table can use it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_invitations"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    language = models.CharField(_("language"), max_length=2, default="ko")
    token_sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("works until"))
    letters = models.PositiveSmallIntegerField(_("letters sent"), default=0)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="role_invitations",
        null=True,
        blank=True,
    )
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = RoleInvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at", "-id")
        verbose_name = _("invitation into a role")
        verbose_name_plural = _("invitations into a role")
        constraints = (
            models.UniqueConstraint(
                fields=("email", "organisation", "role"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="alliance_roleinvitation_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="alliance_roleinvitation_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="alliance_roleinvitation_one_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}"

    def state(self, *, at: dt.datetime) -> InvitationState:
        """Where it stands at a moment."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= at else InvitationState.OPEN
