"""How far people have worked through the part of a course that is taught remotely."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.design import Module
from bitgoeul.apps.programmes.models.enrolment import Enrolment


class RemoteProgress(models.Model):
    """One person in one module, in percent, as a learning system had it on a day.

    One row per person and module: a newer figure replaces it, and the journal keeps a digest of
    both.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="remote_progress"
    )
    # What a verdict may rest on does not go with the module that it is about.
    module = models.ForeignKey(Module, on_delete=models.RESTRICT, related_name="remote_progress")
    percent = models.DecimalField(
        _("progress in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    source = models.CharField(_("source"), max_length=80)
    as_of = models.DateField(_("as of"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("enrolment_id", "module_id")
        verbose_name = _("remote progress")
        verbose_name_plural = _("remote progress")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "module"), name="programmes_remote_progress_once"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="programmes_remote_progress_percent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} % ({self.as_of})"
