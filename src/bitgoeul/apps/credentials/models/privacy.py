"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.credentials.models.achievement import Achievement
from bitgoeul.apps.credentials.models.credential import Credential, IssuerKey, StatusList
from bitgoeul.apps.credentials.models.skill import Skill
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Kind, Part, Retention, years

PROOF = Retention(
    key="proof",
    title=_("Certificates of publicly funded training: five years after they were issued"),
    days=years(5),
    source=_("K-Digital Training operating rules §58 (second-hand: check at the source)"),
)

DECLARED = {
    Skill: Declaration(kind=Kind.NONE, plain=("name_ko", "name_en"), export=False),
    Achievement: NOTHING,
    IssuerKey: NOTHING,
    StatusList: NOTHING,
    Credential: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="certificate",
                title=_("the certificate and what stands on it"),
                fields=("document", "facts", "revocation_note"),
                cleared={"document": {}, "facts": {}, "revocation_note": ""},
                keep=PROOF,
                after=("issued_at",),
            ),
        ),
        plain=("code", "evidence_kind", "issued_at", "digest",
            "status_index", "state", "revoked_at",
               "revocation_reason"),
    ),
}  # fmt: skip
