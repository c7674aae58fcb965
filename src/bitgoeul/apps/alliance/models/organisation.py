"""Organisations, and who is in them in which role."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import OrganisationKind, Region, Role


class Organisation(models.Model):
    """A city, a university, a company, or whoever else takes part."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_ko = models.CharField(_("name in Korean"), max_length=120, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind)
    business_number = models.CharField(_("business registration number"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=2, choices=Region, blank=True)

    class Meta:
        ordering = ("name_ko",)
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.UniqueConstraint(
                fields=("business_number",),
                condition=~models.Q(business_number=""),
                name="alliance_organisation_business_number",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, in Korean when there is no other."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters over memberships."""

    def on(self, day: dt.date) -> "MembershipQuerySet":
        """Keep the memberships in force on a day."""
        open_ended = models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=day)
        return self.filter(open_ended, started_on__lte=day)


class Membership(models.Model):
    """A person acts in a role for an organisation, for a time."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name_ko", "role", "id")
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation", "role"),
                condition=models.Q(ended_on__isnull=True),
                name="alliance_membership_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="alliance_membership_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.get_role_display()} ({self.organisation})"
