"""Reads over requests and certificates."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bitgoeul.core.journal.models import Entry, Leaf
from bitgoeul.core.privacy.models import Certificate, ErasureRequest


def requests_listed(*, open_only: bool = False) -> QuerySet[ErasureRequest]:
    """Return requests, the waiting ones first in the order of asking."""
    found = ErasureRequest.objects.select_related("person")
    if open_only:
        return found.filter(state=ErasureRequest.State.OPEN).order_by("asked_at")
    return found.order_by("-asked_at", "-id")


def certificates_of(request_uuid: UUID) -> QuerySet[Certificate]:
    """Return the certificates of a request, oldest first."""
    return Certificate.objects.filter(request_uuid=request_uuid).order_by("at", "id")


def proof_of(certificate: Certificate) -> dict[str, object]:
    """Return a certificate as a file, with the place of its entry in the sealed journal."""
    entry = Entry.objects.filter(object_uuid=certificate.uuid, event="personal_data.erased").first()
    leaf = Leaf.objects.select_related("seal").filter(entry_id=entry.pk).first() if entry else None
    return {
        **certificate.content(),
        "digest": certificate.digest,
        "journal": {
            "entry": str(entry.uuid) if entry else None,
            "seal": leaf.seal.number if leaf else None,
            "seal_digest": leaf.seal.digest if leaf else None,
        },
    }


def personal_data_of(person: Any) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return a person's requests, for the file they may take with them."""
    fields = ("uuid", "state", "wish", "asked_at", "decided_at", "ended_at")
    rows = ErasureRequest.objects.filter(person=person)
    return {"erasure_requests": list(rows.values(*fields))}
