"""SavedView: one person's name for one list with one filter."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list with a filter, under a name; at most one per list opens by itself."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=1000)
    name = models.CharField(_("name"), max_length=60)
    is_default = models.BooleanField(_("opens by itself"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("path", "name", "id")
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (
            models.UniqueConstraint(fields=("person", "path", "name"), name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=("person", "path"), condition=Q(is_default=True), name="saved_view_default"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the view is: the same for everybody who may open it."""
        return f"{self.path}?{self.query}"
