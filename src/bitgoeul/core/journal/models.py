"""Entries, their seals, salts, and the record of readings. None is ever updated or deleted."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One change: who, when, what, digests before and after, and why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    actor_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    event = models.CharField(max_length=80)
    noun = models.CharField(max_length=80)
    object_uuid = models.UUIDField(db_index=True)
    before_digest = models.CharField(max_length=64, blank=True)
    after_digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")

    def __str__(self) -> str:
        return f"{self.event} {self.object_uuid}"

    def content(self) -> dict[str, object]:
        """Return what the seal covers: every field, in a form that canonical JSON can carry."""
        return {
            "uuid": str(self.uuid),
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": str(self.actor_uuid) if self.actor_uuid else None,
            "event": self.event,
            "noun": self.noun,
            "object": str(self.object_uuid),
            "before": self.before_digest,
            "after": self.after_digest,
            "reason": self.reason,
            "details": self.details,
        }


class Seal(models.Model):
    """A Merkle root over new entries, chained to the seal before it."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"#{self.number} {self.digest[:12]}"


class Leaf(models.Model):
    """Which entry stands where in which seal. It outlives a removed entry, so the loss shows."""

    entry_id = models.BigIntegerField(primary_key=True)
    entry_uuid = models.UUIDField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="leaves")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("seal_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("seal", "position"), name="journal_leaf_place"),
        )
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.position}"


class Salt(models.Model):
    """The secret that ties an object to its digests; deleting it is how erasure reaches them."""

    object_uuid = models.UUIDField(primary_key=True)
    value = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("salt")
        verbose_name_plural = _("salts")

    def __str__(self) -> str:
        return str(self.object_uuid)


class Reading(models.Model):
    """Somebody with legitimate access read other people's data: who, when, from where, why.

    `about_uuid` names the object that was opened (a list's owner, an import, a file), so that one
    can ask of a file who read it. `reason` is what the reader typed before a download.
    """

    class Action(models.TextChoices):
        VIEW = "view", _("Opened on a page")
        DOWNLOAD = "download", _("Downloaded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(db_index=True)
    actor_uuid = models.UUIDField(db_index=True)
    what = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    origin = models.CharField(max_length=64, blank=True)
    subjects = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=Action, default=Action.VIEW)
    reason = models.CharField(max_length=300, blank=True, default="")
    about_uuid = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")

    def __str__(self) -> str:
        return f"{self.what} ({self.subjects})"


class ReadingSubject(models.Model):
    """Whose data a reading touched."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="of")
    subject_uuid = models.UUIDField(db_index=True)

    class Meta:
        verbose_name = _("person whose data was read")
        verbose_name_plural = _("people whose data was read")

    def __str__(self) -> str:
        return str(self.subject_uuid)


class Review(models.Model):
    """A month's readings were looked through: by whom, what was flagged, what they say of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    month = models.DateField(unique=True)
    at = models.DateTimeField()
    reviewer_uuid = models.UUIDField()
    readings = models.PositiveIntegerField()
    flags = models.JSONField(default=list, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("-month",)
        verbose_name = _("review of readings")
        verbose_name_plural = _("reviews of readings")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
