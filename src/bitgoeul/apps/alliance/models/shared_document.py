"""Documents that a committee shares, in versions, each with whom it is for."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import DocumentAccess
from bitgoeul.apps.alliance.models.committee import Committee
from bitgoeul.apps.alliance.models.meeting import AgendaItem
from bitgoeul.apps.alliance.models.organisation import Organisation


def version_path(version: "DocumentVersion", name: str) -> str:
    """Keep a file under its uuid, never under the name that came with it."""
    return f"committee-documents/{version.uuid}"


class SharedDocument(models.Model):
    """A document; who may read it is one of four rules, until a day or until it is withdrawn."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="documents")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    title = models.CharField(_("title"), max_length=200)
    access = models.CharField(
        _("who may read it"),
        max_length=8,
        choices=DocumentAccess,
        default=DocumentAccess.MEMBERS,
    )
    party = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    personal = models.BooleanField(_("holds personal data"), default=False)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("shared document")
        verbose_name_plural = _("shared documents")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(access=DocumentAccess.PARTY) | models.Q(party__isnull=False),
                name="alliance_document_names_its_party",
            ),
            models.CheckConstraint(
                condition=~models.Q(access=DocumentAccess.PUBLIC) | models.Q(personal=False),
                name="alliance_document_public_is_not_personal",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One version of a document's file; only ever added to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(SharedDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=version_path, max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("document", "-number")
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints = (
            models.UniqueConstraint(
                fields=("document", "number"), name="alliance_version_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"
