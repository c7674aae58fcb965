"""Reads over saved views."""

from collections.abc import Mapping, Sequence
from typing import Any

from bitgoeul.core.saved.models import SavedView


def personal_data_of(person: Any) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return a person's saved views, for the file they may take with them."""
    fields = ("path", "query", "name", "is_default", "created_at")
    return {"saved_views": list(SavedView.objects.filter(person=person).values(*fields))}
