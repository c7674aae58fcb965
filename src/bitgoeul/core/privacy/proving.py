"""Whether a certificate of erasure holds: its digest fits, and the sealed journal has its entry."""

from typing import Any
from uuid import UUID

from bitgoeul.core import journal
from bitgoeul.core.journal.models import Entry, Leaf
from bitgoeul.engines import evidence

_COVERED = ("format", "uuid", "at", "request", "lines")


def verdict_on(document: Any) -> str:
    """Return what is wrong with a certificate, by a key; empty when it holds."""
    if not isinstance(document, dict) or not {*_COVERED, "digest"} <= document.keys():
        return "shape"
    try:
        uuid = UUID(str(document["uuid"]))
        digest = evidence.digest({name: document[name] for name in _COVERED})
    except (ValueError, TypeError):
        return "shape"
    if digest != document["digest"]:
        return "digest"
    entry = Entry.objects.filter(object_uuid=uuid, event="personal_data.erased").first()
    if entry is None or entry.details.get("digest") != digest:
        return "unknown"
    if not Leaf.objects.filter(entry_id=entry.pk).exists():
        return ""  # written within the last minute: the next seal covers it
    return "" if journal.verify().ok else "journal"
