"""A seat that is offered: to whoever the selection chose, then down the waiting list."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import OfferCause, OfferState
from bitgoeul.apps.programmes.models.application import Application
from bitgoeul.apps.programmes.models.programme import Track
from bitgoeul.apps.programmes.models.selection import SelectionRound


class SeatOffer(models.Model):
    """A seat offered until a moment; `turn` counts the calls of one seat, 0 is the selection's."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(SelectionRound, on_delete=models.PROTECT, related_name="offers")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="seat_offers"
    )
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="seat_offers")
    pool = models.CharField(_("seat pool"), max_length=80, blank=True)
    turn = models.PositiveSmallIntegerField(_("call"), default=0)
    cause = models.CharField(
        _("why the seat was free"), max_length=12, choices=OfferCause, default=OfferCause.SELECTED
    )
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.MADE)
    made_at = models.DateTimeField(_("offered at"))
    answer_by = models.DateTimeField(_("answer until"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("offer of a seat")
        verbose_name_plural = _("offers of seats")
        indexes = (models.Index(fields=("state", "answer_by"), name="programmes_offer_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                condition=models.Q(state__in=("made", "accepted")),
                name="programmes_offer_one_alive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} → {self.track}"
