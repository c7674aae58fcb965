"""What a person was given, signed; and the public keys under which it was."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.credentials.enums import CredentialState, RevocationReason
from bitgoeul.apps.credentials.models.achievement import Achievement

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another
_CODE_LENGTH = 20
_CODE_GROUP = 5


def new_code() -> str:
    """Draw a code by which a paper is checked; nobody guesses one."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    groups = (letters[at : at + _CODE_GROUP] for at in range(0, _CODE_LENGTH, _CODE_GROUP))
    return "-".join(groups)


class IssuerKey(models.Model):
    """A public key of an issuer; kept for good, so that what it signed can be recognised."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="issuer_keys"
    )
    did = models.CharField(max_length=80, unique=True)
    version = models.CharField(_("version of the key ring"), max_length=20)
    made_at = models.DateTimeField(_("in use since"))

    class Meta:
        ordering = ("organisation", "-made_at", "id")
        verbose_name = _("issuer's key")
        verbose_name_plural = _("issuers' keys")

    def __str__(self) -> str:
        return self.did


class StatusList(models.Model):
    """Places of an issuer's credentials in one published list of what was revoked."""

    PLACES = 131_072
    """The least that the standard allows: so many that a place says nothing about a person."""
    FILLED = 65_536
    """With so many taken a new list begins, so that a free place is found at once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="status_lists"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("organisation", "id")
        verbose_name = _("list of revocations")
        verbose_name_plural = _("lists of revocations")

    def __str__(self) -> str:
        return f"{self.organisation} {self.uuid}"


class Credential(models.Model):
    """A signed statement that a person achieved something.

    `document` is what was signed, byte for byte in its canonical form; `facts` are the same words
    in both languages for pages and paper. Both are forgotten with the person; the digest and the
    state stay, so that a file which the person kept can still be checked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("verification code"), max_length=24, unique=True)
    achievement = models.ForeignKey(
        Achievement, on_delete=models.PROTECT, related_name="credentials"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credentials"
    )
    evidence_kind = models.CharField(max_length=60)
    evidence_uuid = models.UUIDField()
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="credentials")
    issued_at = models.DateTimeField(_("issued at"))
    document = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, unique=True)
    status_list = models.ForeignKey(
        StatusList, on_delete=models.PROTECT, related_name="credentials"
    )
    status_index = models.PositiveIntegerField()
    state = models.CharField(
        _("state"), max_length=8, choices=CredentialState, default=CredentialState.VALID
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.CharField(
        _("reason"), max_length=12, choices=RevocationReason, blank=True
    )
    revocation_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("-issued_at", "-id")
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = (
            models.UniqueConstraint(
                fields=("achievement", "person", "evidence_kind", "evidence_uuid"),
                condition=models.Q(state="valid"),
                name="credentials_once_while_valid",
            ),
            models.UniqueConstraint(
                fields=("status_list", "status_index"), name="credentials_status_place_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="valid", revoked_at__isnull=True)
                | models.Q(state="revoked", revoked_at__isnull=False),
                name="credentials_revoked_has_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What was achieved, as it was called when this was issued."""
        return self.said("title") or self.achievement.title

    def said(self, name: str) -> str:
        """Return a frozen text in the reader's language, else in the other; empty once erased."""
        here, other = ("en", "ko") if get_language() == "en" else ("ko", "en")
        return str(self.facts.get(f"{name}_{here}") or self.facts.get(f"{name}_{other}") or "")

    def skill_names(self) -> list[str]:
        """Return the skills that it proves, as they were called then, in the reader's language."""
        language = "en" if get_language() == "en" else "ko"
        return [str(one.get(language) or one["ko"]) for one in self.facts.get("skills", [])]
