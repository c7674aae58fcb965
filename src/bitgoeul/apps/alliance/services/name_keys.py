"""The search keys of names: kept with every change, and made anew by a command."""

from django.db import transaction

from bitgoeul.apps.alliance.models import NameKey, User
from bitgoeul.apps.alliance.queries import people_in_chunks, stale_among


def rebuild_name_keys() -> tuple[int, int]:
    """Compare everybody's keys with their names and make those anew that differ.

    Returns how many people were looked at, and how many had keys that differed. The keys are
    derived rows, so no journal is written; each chunk is one short transaction.
    """
    looked_at = differed = 0
    for chunk in people_in_chunks():
        with transaction.atomic():
            stale = stale_among(chunk)
            names = User.objects.select_for_update().filter(pk__in=[each.pk for each in stale])
            NameKey.objects.keep(names)
        looked_at += len(chunk)
        differed += len(stale)
    return looked_at, differed
