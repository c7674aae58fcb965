"""Who may see a credential, revoke it, and write what can be achieved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance import rules as alliance_rules
from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core import access

if TYPE_CHECKING:
    from bitgoeul.apps.alliance.rules import Person
    from bitgoeul.apps.credentials.models import Achievement, Credential


def issuing_organisations(user: Person | None) -> frozenset[int]:
    """Return ids of the organisations for which a person answers as officer."""
    return alliance_rules.officer_organisations(user, kinds=alliance_rules.PUBLIC_KINDS)


def _of_partners(user: Person | None, *, issuer: str) -> Q:
    """Whatever belongs to an organisation that signed an agreement with one's own."""
    mine = issuing_organisations(user)
    if not mine:
        return access.NOBODY
    # A subquery, not a join: who signed twice must not make a row appear twice.
    signed = Organisation.objects.filter(signatures__agreement__signatories__organisation__in=mine)
    return Q(**{f"{issuer}__in": signed.order_by().values("pk")})


def can_read_issued(user: Person | None) -> bool:
    """Officers of a city or university have a list of what their organisation issued."""
    return bool(issuing_organisations(user))


def credentials_visible_to(user: Person | None) -> Q:
    """One's own; all of an issuer for its officers."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    return Q(person=user.pk) | credentials_overseen_by(user)


def credentials_overseen_by(user: Person | None) -> Q:
    """What one's own organisation and its partners issued: the officer's list."""
    return credentials_issued_by(user) | _of_partners(user, issuer="achievement__issuer")


def can_view_credential(user: Person | None, credential: Credential) -> bool:
    """Tell whether `credentials_visible_to` lets one credential through."""
    if user is None or not user.is_authenticated:
        return False
    if credential.person_id == user.pk or can_revoke_credential(user, credential):
        return True
    rows = type(credential)._default_manager.filter(pk=credential.pk)
    return rows.filter(credentials_overseen_by(user)).exists()


def credentials_issued_by(user: Person | None) -> Q:
    """What the organisations issued for which a person answers."""
    return Q(achievement__issuer__in=issuing_organisations(user))


def can_revoke_credential(user: Person | None, credential: Credential) -> bool:
    """Tell whether `credentials_issued_by` lets one credential through."""
    return credential.achievement.issuer_id in issuing_organisations(user)


def can_read_revocation_note(user: Person | None, credential: Credential) -> bool:
    """What was noted on a revocation is for its owner and the issuer, not for partners."""
    own = user is not None and credential.person_id == user.pk
    return own or can_revoke_credential(user, credential)


def writing_organisations(user: Person | None) -> frozenset[int]:
    """Return ids of the organisations whose achievements a person writes."""
    teaching = alliance_rules.organisations_in_role(user, Role.INSTRUCTOR)
    return teaching | issuing_organisations(user)


def can_create_achievement(user: Person | None) -> bool:
    """Officers and instructors write what can be achieved at their organisation."""
    return bool(writing_organisations(user))


def can_create_achievement_for(user: Person | None, issuer: Organisation) -> bool:
    """Tell whether a person writes achievements of this organisation."""
    return issuer.pk in writing_organisations(user)


def achievements_manageable_by(user: Person | None) -> Q:
    """The achievements that a person changes."""
    return Q(issuer__in=writing_organisations(user))


def can_manage_achievement(user: Person | None, achievement: Achievement) -> bool:
    """Tell whether `achievements_manageable_by` lets one achievement through."""
    return achievement.issuer_id in writing_organisations(user)


def can_issue_achievement(user: Person | None, achievement: Achievement) -> bool:
    """Who writes it issues it, and so do officers whose organisation signed with the issuer."""
    if can_manage_achievement(user, achievement):
        return True
    rows = type(achievement)._default_manager.filter(pk=achievement.pk)
    return rows.filter(_of_partners(user, issuer="issuer")).exists()


def can_write_skills(user: Person | None) -> bool:
    """Officers of a city or university and administrators keep the list of skills."""
    return alliance_rules.is_administrator(user) or can_read_issued(user)
