"""What changes in how a person signs in is written down; the secrets themselves never are."""

import datetime as dt

from django.db import transaction

from bitgoeul.apps.alliance.models import User
from bitgoeul.core import journal


def note_sign_in_change(*, person: User, event: str, by: User | None, at: dt.datetime) -> None:
    """Write into the journal that a way of signing in was set, changed or removed."""
    with transaction.atomic():
        journal.record(event=event, by=by, at=at, on=person)
