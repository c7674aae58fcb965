"""States of an import and of its rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    STAGING = "staging", _("Being read")
    REFUSED = "refused", _("Cannot be read")
    STAGED = "staged", _("Waiting for confirmation")
    CONFIRMING = "confirming", _("Being written")
    CONFIRMED = "confirmed", _("Written")
    UNDONE = "undone", _("Undone")
    CANCELLED = "cancelled", _("Discarded")


class RowState(TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    ERROR = "error", _("With errors")
    DUPLICATE = "duplicate", _("Repeated in the file")
    ABSENT = "absent", _("Not in the file")


#: Rows that confirming writes.
WRITTEN = (RowState.NEW, RowState.CHANGED)
#: Rows that stand in the way of confirming.
BAD = (RowState.ERROR, RowState.DUPLICATE)
#: States in which nothing is written yet, so one may read the file again or discard it.
UNWRITTEN = (ImportState.STAGING, ImportState.STAGED, ImportState.CONFIRMING, ImportState.REFUSED)
