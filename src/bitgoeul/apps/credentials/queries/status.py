"""The published list of what was revoked: one bit a credential, signed by its issuer."""

import base64
import datetime as dt
import gzip
from typing import Any

from django.conf import settings
from django.urls import reverse

from bitgoeul.apps.credentials.enums import CredentialState
from bitgoeul.apps.credentials.models import StatusList
from bitgoeul.apps.credentials.queries.signing import seed_to_sign_lists
from bitgoeul.apps.credentials.queries.wording import CONTEXTS, moment
from bitgoeul.engines import evidence


def status_document(status_list: StatusList, *, at: dt.datetime) -> dict[str, Any]:
    """Return the list as a Bitstring Status List credential (W3C, 2025)."""
    rows = status_list.credentials.filter(state=CredentialState.REVOKED)
    path = reverse("credentials:status_list", kwargs={"uuid": status_list.uuid})
    address = settings.BITGOEUL.public_url + path
    seed = seed_to_sign_lists(status_list.organisation)
    content = {
        "@context": [CONTEXTS[0]],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": evidence.did_of_seed(seed),
        "validFrom": moment(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(rows.values_list("status_index", flat=True)),
        },
    }
    return evidence.sign_document(content, seed=seed, created=moment(at))


def encoded(places: Any) -> str:
    """Return the bits in the standard's form: the first place is the leftmost bit."""
    bits = bytearray(StatusList.PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0))
    return "u" + packed.decode().rstrip("=")
