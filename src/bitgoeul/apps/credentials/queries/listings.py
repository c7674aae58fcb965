"""What the pages list: credentials, achievements, skills, keys."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import name_keys
from bitgoeul.apps.credentials.models import Achievement, Credential, IssuerKey, Skill
from bitgoeul.core.db.matching import matches


def credentials_of(person: User) -> QuerySet[Credential]:
    """Return one person's credentials, newest first."""
    return Credential.objects.filter(person=person).select_related("achievement__issuer")


def credentials_for(kind: str, uuids: Sequence[UUID]) -> QuerySet[Credential]:
    """Return what was issued for pieces of evidence: a room above asks for its own."""
    rows = Credential.objects.filter(evidence_kind=kind, evidence_uuid__in=uuids)
    return rows.select_related("achievement", "person")


def credentials_listed(
    visible: Q, *, name: str = "", kind: str = "", state: str = "", achievement: str = ""
) -> QuerySet[Credential]:
    """Return issued credentials by a part of the person's name, kind, state and achievement."""
    found = Credential.objects.filter(visible).select_related("achievement__issuer", "person")
    if name:
        found = found.filter(person__in=name_keys(name).order_by().values("person"))
    if kind:
        found = found.filter(achievement__kind=kind)
    if state:
        found = found.filter(state=state)
    if achievement:
        found = found.filter(matches(achievement, "achievement__title_ko", "achievement__title_en"))
    return found


def achievements_listed(*, name: str = "", kind: str = "") -> QuerySet[Achievement]:
    """Return achievements by a part of the title and kind, those still issued first."""
    found = Achievement.objects.select_related("issuer").prefetch_related("skills")
    if name:
        found = found.filter(matches(name, "title_ko", "title_en", "key"))
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("retired_at", "title_ko", "id")


def skills_listed(*, name: str = "") -> QuerySet[Skill]:
    """Return skills by a part of a name in either language, another name, or the NCS class."""
    found = Skill.objects.annotate(number=Count("achievements"))
    if name:
        found = found.filter(matches(name, "name_ko", "name_en", "other_names", "ncs_class", "key"))
    return found.order_by("ncs_class", "name_ko", "id")


def issuer_keys() -> QuerySet[IssuerKey]:
    """Return every public key under which anything was issued."""
    return IssuerKey.objects.select_related("organisation")


def personal_data_of(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return what this room keeps about a person, for the file they may take with them."""
    return {
        "credentials": [
            {
                "title": row.title,
                "code": row.code,
                "issued_at": row.issued_at,
                "state": row.state,
                "revoked_at": row.revoked_at,
                "revocation_reason": row.revocation_reason,
                "revocation_note": row.revocation_note,
                "digest": row.digest,
                "document": row.document,
            }
            for row in credentials_of(person)
        ]
    }
