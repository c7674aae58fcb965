"""What a credential says: the Open Badges document, and the same words for pages and paper."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials.enums import AchievementKind
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.engines import evidence

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_TYPES = {
    AchievementKind.COMPLETION: "CertificateOfCompletion",
    AchievementKind.LAB: "Competency",
    AchievementKind.OTHER: "Achievement",
}
_NCS = "https://www.ncs.go.kr/"
_ONET = "https://www.onetonline.org/link/summary/"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """All that a credential says, before it is signed."""

    uuid: UUID
    achievement: Achievement
    skills: Sequence[Skill]
    person: User
    evidence_kind: str
    evidence_uuid: UUID
    narrative_ko: str
    narrative_en: str
    at: dt.datetime
    status_address: str
    status_index: int
    evidence_digest: str = ""


def facts_of(said: Statement) -> dict[str, Any]:
    """Return the words that are frozen beside the document."""
    one = said.achievement
    digest = {"evidence_digest": said.evidence_digest} if said.evidence_digest else {}
    return {
        "name_ko": said.person.full_name,
        "name_en": said.person.romanised_name or said.person.full_name,
        "title_ko": one.title_ko,
        "title_en": one.title_en,
        "description_ko": one.description_ko,
        "description_en": one.description_en,
        "criteria_ko": one.criteria_ko,
        "criteria_en": one.criteria_en,
        "issuer_ko": one.issuer.name_ko,
        "issuer_en": one.issuer.name_en,
        "narrative_ko": said.narrative_ko,
        "narrative_en": said.narrative_en,
        "skills": [{"key": s.key, "ko": s.name_ko, "en": s.name_en} for s in said.skills],
        **digest,
    }


def document_of(said: Statement, *, did: str) -> dict[str, Any]:
    """Return the Open Badges 3.0 credential (a W3C Verifiable Credential 2.0), not yet signed."""
    one, facts = said.achievement, facts_of(said)
    return {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{said.uuid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _both(facts, "title"),
        "issuer": {"id": did, "type": ["Profile"], "name": _both(facts, "issuer")},
        "validFrom": moment(said.at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(said.person),
            "achievement": {
                "id": f"urn:uuid:{one.uuid}",
                "type": ["Achievement"],
                "achievementType": _TYPES[AchievementKind(one.kind)],
                "name": _both(facts, "title"),
                "description": _both(facts, "description"),
                "criteria": {"narrative": _both(facts, "criteria", between="\n\n")},
                "inLanguage": "ko",
                "alignment": [line for skill in said.skills for line in _alignments(skill)],
            },
        },
        "evidence": [
            {
                "id": f"urn:uuid:{said.evidence_uuid}",
                "type": ["Evidence"],
                "genre": said.evidence_kind,
                "narrative": _both(facts, "narrative", between="\n"),
            }
        ],
        "credentialStatus": {
            "id": f"{said.status_address}#{said.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(said.status_index),
            "statusListCredential": said.status_address,
        },
    }


def says(document: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Tell whether the words kept beside a document, which nobody signed, are those it says."""
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    names = [one["identityHash"] for one in subject["identifier"] if not one["hashed"]]
    return (
        names == [facts.get("name_ko", "")]
        and document["name"] == achievement["name"] == _both(facts, "title")
        and document["issuer"]["name"] == _both(facts, "issuer")
        and achievement["criteria"]["narrative"] == _both(facts, "criteria", between="\n\n")
    )


def moment(at: dt.datetime) -> str:
    """Return a moment as credentials write it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest_of(document: object) -> str:
    """Return the digest by which a document is recognised."""
    return evidence.digest(document)


def _both(facts: Mapping[str, Any], name: str, *, between: str = " · ") -> str:
    korean, english = (str(facts.get(f"{name}_{language}") or "") for language in ("ko", "en"))
    return f"{korean}{between}{english}" if korean and english else korean or english


def _identifiers(person: User) -> list[dict[str, Any]]:
    """The name in plain words; the address only so that whoever knows it can compare it."""
    salt = secrets.token_hex(16)
    address = evidence.hash_identity(person.email, salt=salt)
    named = {"type": "IdentityObject", "identityType": "name", "hashed": False}
    hashed = {"type": "IdentityObject", "identityType": "emailAddress", "hashed": True}
    return [
        {**named, "identityHash": person.full_name},
        {**hashed, "identityHash": address, "salt": salt},
    ]


def _alignments(skill: Skill) -> list[dict[str, Any]]:
    """A skill by its NCS class, ESCO concept and O*NET occupations."""
    name = skill.name_en or skill.name_ko
    found = []
    if skill.ncs_class:
        line = {"targetName": skill.ncs_class, "targetUrl": _NCS, "targetFramework": "NCS"}
        found.append(line | ({"targetCode": skill.ncs_code} if skill.ncs_code else {}))
    if skill.esco_uri:
        uri = skill.esco_uri
        found.append({"targetName": name, "targetUrl": uri, "targetFramework": "ESCO"})
    found += [
        {
            "targetName": name,
            "targetUrl": f"{_ONET}{code}",
            "targetFramework": "O*NET-SOC",
            "targetCode": code,
        }
        for code in skill.onet
    ]
    if not found:
        address = f"urn:uuid:{skill.uuid}"
        found.append({"targetName": name, "targetUrl": address, "targetFramework": "Bitgoeul"})
    return [{"type": ["Alignment"], **line} for line in found]
