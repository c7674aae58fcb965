"""What the public board shows of a score when it may not be climbed by luck."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.models.entry import Score


class Rung(models.Model):
    """The Ladder's answer to one score: only ever added, by the order in which scores came.

    `shown` is the score on the board: of this entry when it `improved` on the team's best by more
    than chance, else of that best.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    score = models.OneToOneField(Score, on_delete=models.PROTECT, related_name="rung")
    shown = models.FloatField(_("score that the board shows"))
    improved = models.BooleanField(_("significant improvement"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("rung of the board")
        verbose_name_plural = _("rungs of the board")

    def __str__(self) -> str:
        return f"{self.score.entry}: {self.shown}"
