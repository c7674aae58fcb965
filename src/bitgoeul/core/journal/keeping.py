"""Readings are kept for two years unless the installation keeps them longer, then they go."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from bitgoeul.core.journal.models import Reading, ReadingSubject
from bitgoeul.core.journal.protection import KEPT_AT_LEAST_DAYS

_CHUNK = 500
_AT_MOST = 20_000


def keep_days() -> int:
    """Return for how many days a reading is kept; never less than the database insists on."""
    asked = int(getattr(settings, "BITGOEUL_READINGS_KEEP_DAYS", 730))
    return max(asked, KEPT_AT_LEAST_DAYS + 1)


def erase_readings(*, at: dt.datetime) -> int:
    """Erase the readings whose time is over, some at a time; returns how many."""
    limit = at - dt.timedelta(days=keep_days())
    gone = 0
    while gone < _AT_MOST:
        old = list(
            Reading.objects.filter(at__lt=limit)
            .order_by("id")
            .values_list("pk", flat=True)[:_CHUNK]
        )
        if not old:
            break
        with transaction.atomic():
            # By hand, not by cascade: the foreign key protects whoever was read from vanishing.
            ReadingSubject.objects.filter(reading__in=old).delete()
            Reading.objects.filter(pk__in=old).delete()
        gone += len(old)
    return gone
