"""The states of a job."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """Where a job stands; see docs/decisions/0010-lease-queue.md for the ways between them."""

    READY = "ready", pgettext_lazy("job", "Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", pgettext_lazy("job", "Done")
    FAILED = "failed", pgettext_lazy("job", "Failed")
    DEAD = "dead", pgettext_lazy("job", "Given up")
    CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")


LIVE = (State.READY, State.RUNNING)
FINAL = (State.DONE, State.FAILED, State.DEAD, State.CANCELLED)
WITH_REASON = (State.FAILED, State.DEAD, State.CANCELLED)
