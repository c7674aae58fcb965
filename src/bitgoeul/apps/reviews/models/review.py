"""One person's opinion of one case."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reviews.enums import ReviewState
from bitgoeul.apps.reviews.models.panel import Case


class Review(models.Model):
    """Scores by the key of the rubric's item, and their weighted total out of 100."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState, default=ReviewState.ASSIGNED
    )
    third = models.BooleanField(_("third opinion"), default=False)
    scores = models.JSONField(default=dict)
    total = models.DecimalField(_("total"), max_digits=6, decimal_places=3, null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    assigned_at = models.DateTimeField(_("assigned at"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    skipped_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    class Meta:
        ordering = ("case_id", "id")
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = (models.Index(fields=("reviewer", "state"), name="reviews_review_by_reviewer"),)
        constraints = (
            models.UniqueConstraint(fields=("case", "reviewer"), name="reviews_review_once"),
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(total__gte=0, total__lte=100),
                name="reviews_review_total_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.reviewer}"
