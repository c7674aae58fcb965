"""Whether a credential is what it says: asked by its code, or by the file itself."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.enums import CredentialState, VerificationResult
from bitgoeul.apps.credentials.models import Credential, IssuerKey
from bitgoeul.apps.credentials.queries.wording import digest_of, says
from bitgoeul.engines import evidence

_HANGUL = re.compile("[가-힣]")
_NOT_IN_CODES = re.compile(r"[^0-9A-Z]")
_LIKE_A_CODE = re.compile(r"[-\s\u2010-\u2015]*[0-9A-Za-z][-\s\u2010-\u20150-9A-Za-z]*")
"""However somebody types it from paper: with hyphens, dashes, blanks or none of them."""
_CODE_GROUP = 5


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a check found; `name` is masked where only the code was known."""

    result: VerificationResult
    title: str = ""
    issuer: str = ""
    name: str = ""
    masked: bool = False
    signer: str = ""
    issued_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    criteria: str = ""
    skills: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether one may rely on it."""
        return self.result == VerificationResult.VALID


def verify_code(code: str) -> Verification:
    """Check a credential by the code on its paper; says no more than whoever shows it would."""
    rows = Credential.objects.select_related("achievement__issuer", "key")
    row = rows.filter(code=normal_code(code)).first()
    if row is None:
        return Verification(result=VerificationResult.UNKNOWN)
    if row.document and not _stands(row):
        return Verification(result=VerificationResult.ALTERED)
    return Verification(
        result=_state_of(row),
        title=row.title,
        issuer=row.said("issuer") or row.achievement.issuer.name,
        name=masked_name(row.said("name")),
        masked=True,
        signer=row.key.did,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        criteria=row.said("criteria") or row.achievement.criteria,
        skills=tuple(row.skill_names()),
    )


def verify_file(content: bytes) -> Verification:
    """Check a credential's file: its signature, whose key made it, and whether it was revoked."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return Verification(result=VerificationResult.UNREADABLE)
    verdict = evidence.verify_document(document)
    if verdict.code in {"shape", "suite", "key"}:
        return Verification(result=VerificationResult.UNREADABLE)
    if not verdict:
        return Verification(result=VerificationResult.ALTERED)
    return _of_signed(document)


def normal_code(code: str) -> str:
    """Return a code as it is kept, however it was typed."""
    letters = _NOT_IN_CODES.sub("", code.upper()[:60])
    groups = [letters[at : at + _CODE_GROUP] for at in range(0, len(letters), _CODE_GROUP)]
    return "-".join(groups)


def typed_code(code: str) -> str:
    """Return a code as it is kept, of what somebody typed or found on paper.

    Raises
    ------
    ValueError
        When it has signs that no code has; says so in the reader's language.
    """
    if not _LIKE_A_CODE.fullmatch(code):
        raise ValueError(_("A code has letters from A to Z, digits and hyphens only."))
    return normal_code(code)


def masked_name(name: str) -> str:
    """Return a name by which somebody who knows it recognises it, and nobody else learns it.

    >>> masked_name("김나래"), masked_name("김솔"), masked_name("Nare Kim")
    ('김○래', '김○', 'N… K…')
    """
    name = name.strip()
    if _HANGUL.search(name):
        syllables = name.replace(" ", "")
        last = syllables[-1] if len(syllables) > 2 else ""
        return syllables[0] + "○" * (len(syllables) - 1 - len(last)) + last
    return " ".join(f"{word[0]}…" for word in name.split())


def _stands(row: Credential) -> bool:
    """Whether the document is what was signed, and the words shown by code are its words."""
    verdict = evidence.verify_document(row.document, known=[row.key.did])
    signed = bool(verdict) and digest_of(row.document) == row.digest
    return signed and says(row.document, row.facts)


def _state_of(row: Credential) -> VerificationResult:
    revoked = row.state == CredentialState.REVOKED
    return VerificationResult.REVOKED if revoked else VerificationResult.VALID


def _of_signed(document: Mapping[str, Any]) -> Verification:
    did = evidence.signer_of(document)
    key = IssuerKey.objects.select_related("organisation").filter(did=did).first()
    if key is None:
        return _said(document, VerificationResult.FOREIGN, signer=did)
    row = Credential.objects.filter(digest=digest_of(document), key=key).first()
    if row is None:
        # Our key, but none of ours: a list of revocations, or a row lost with a restored database.
        return _said(document, VerificationResult.UNKNOWN, signer=did)
    return _said(document, _state_of(row), signer=did, revoked_at=row.revoked_at)


def _said(
    document: Mapping[str, Any],
    result: VerificationResult,
    *,
    signer: str,
    revoked_at: dt.datetime | None = None,
) -> Verification:
    """The words of a document that somebody signed; only shown, so every part may be missing."""
    subject = _part(document, "credentialSubject")
    achievement = _part(subject, "achievement")
    return Verification(
        result=result,
        title=_text(achievement.get("name")) or _text(document.get("name")),
        issuer=_text(_part(document, "issuer").get("name")),
        name=_name_in(subject),
        signer=signer,
        issued_at=_moment(document.get("validFrom")),
        revoked_at=revoked_at,
        criteria=_text(_part(achievement, "criteria").get("narrative")),
        skills=tuple(dict.fromkeys(_targets(achievement.get("alignment")))),
    )


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return value[:4000] if isinstance(value, str) else ""


def _moment(value: object) -> dt.datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _name_in(subject: Mapping[str, Any]) -> str:
    for one in _list(subject.get("identifier")):
        if one.get("identityType") == "name" and not one.get("hashed"):
            return _text(one.get("identityHash"))[:120]
    return ""


def _targets(value: object) -> list[str]:
    names = [_text(one.get("targetName"))[:120] for one in _list(value)]
    return [name for name in names if name][:50]


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
