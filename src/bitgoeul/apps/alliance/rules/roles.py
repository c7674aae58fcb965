"""Who may see and do what in the alliance; every room above asks its questions about roles here.

What a person is today costs one query and is remembered on the user object, that is for one
request: list pages may ask as often as they like.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.core import access, clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bitgoeul.apps.alliance.models import (
        Agreement,
        Membership,
        Organisation,
        RoleInvitation,
        SecondFactorReset,
        User,
    )

    Person = User | AnonymousUser

PUBLIC_KINDS = (OrganisationKind.CITY, OrganisationKind.UNIVERSITY)
"""The parties that run programmes and answer for public money; a company sees aggregates."""

SEES_OWN_ONLY = frozenset({Role.CLIENT.value})
"""The roles that open nobody else's data."""

_MEMO = "_bitgoeul_standing"


@dataclass(frozen=True)
class Holding:
    """One role held for one organisation."""

    organisation_id: int
    kind: str
    role: str


@dataclass(frozen=True)
class Standing:
    """Every role a person holds on one day."""

    day: dt.date
    holdings: frozenset[Holding] = frozenset()
    superuser: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """The keys of the roles."""
        held = frozenset(holding.role for holding in self.holdings)
        return held | {Role.ADMINISTRATOR.value} if self.superuser else held

    def organisations(
        self, *roles: Role, kinds: Iterable[OrganisationKind] | None = None
    ) -> frozenset[int]:
        """The ids of the organisations for which one of the roles is held."""
        wanted = None if kinds is None else frozenset(kinds)
        return frozenset(
            holding.organisation_id
            for holding in self.holdings
            if holding.role in roles and (wanted is None or holding.kind in wanted)
        )


def standing_of(user: Person | None) -> Standing:
    """Return what a person is today; nobody, for the public."""
    today = clock.today()
    if user is None or not user.is_authenticated:
        return Standing(today)
    known = getattr(user, _MEMO, None)
    if isinstance(known, Standing) and known.day == today:
        return known
    held = user.memberships.on(today).values_list("organisation_id", "organisation__kind", "role")
    found = Standing(today, frozenset(Holding(*row) for row in held.order_by()), user.is_superuser)
    setattr(user, _MEMO, found)
    return found


def forget_standing(user: User) -> None:
    """Have the roles read again: they have just been changed."""
    user.__dict__.pop(_MEMO, None)
    access.forget(user)


def is_administrator(user: Person | None) -> bool:
    """Tell whether a person administers accounts and the installation."""
    return Role.ADMINISTRATOR in standing_of(user).roles


def is_officer(user: Person | None) -> bool:
    """Tell whether a person is an officer of any organisation."""
    return Role.OFFICER in standing_of(user).roles


def needs_second_factor(user: Person | None) -> bool:
    """Officers, and everyone whose role opens other people's data, sign in with two factors."""
    if user is None or not user.is_authenticated:
        return False
    return bool(standing_of(user).roles - SEES_OWN_ONLY) or user.is_staff


def organisations_in_role(
    user: Person | None, *roles: Role, kinds: Iterable[OrganisationKind] | None = None
) -> frozenset[int]:
    """Return ids of the organisations for which a person acts in one of the roles."""
    return standing_of(user).organisations(*roles, kinds=kinds)


def officer_organisations(
    user: Person | None, *, kinds: Iterable[OrganisationKind] | None = None
) -> frozenset[int]:
    """Return ids of the organisations of which a person is an officer."""
    return standing_of(user).organisations(Role.OFFICER, kinds=kinds)


def is_officer_of(user: Person | None, organisation: Organisation) -> bool:
    """Tell whether a person is an officer of an organisation."""
    return organisation.pk in officer_organisations(user)


def is_instructor_of(user: Person | None, organisation: Organisation) -> bool:
    """Tell whether a person teaches for an organisation."""
    return organisation.pk in organisations_in_role(user, Role.INSTRUCTOR)


def is_recruiter_of(user: Person | None, organisation: Organisation) -> bool:
    """Tell whether a person recruits for an organisation."""
    return organisation.pk in organisations_in_role(user, Role.RECRUITER)


def oversees_agreement(user: Person | None, agreement: Agreement | None) -> bool:
    """Tell whether a person is an officer of a city or university that signed the agreement."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    if agreement is None or not mine:
        return False
    return any(party.organisation_id in mine for party in agreement.signatories.all())


def is_party_officer(user: Person | None, agreement: Agreement) -> bool:
    """Tell whether a person is an officer of any party, and so sees how promises are kept."""
    mine = officer_organisations(user)
    return bool(mine) and any(p.organisation_id in mine for p in agreement.signatories.all())


def overseen_agreements(user: Person | None, *, prefix: str = "") -> Q:
    """Return the filter beside `oversees_agreement`; `prefix` leads to the agreement."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    if not mine:
        return access.NOBODY
    return Q(**{f"{prefix}signatories__organisation__in": mine})


def can_read_journal(user: Person | None) -> bool:
    """Administrators and officers of every party see that the journal stands, and verify it."""
    return is_administrator(user) or is_officer(user)


def can_review_readings(user: Person | None) -> bool:
    """Who read whose data is looked through by administrators and the city's officers."""
    city = officer_organisations(user, kinds=(OrganisationKind.CITY,))
    return is_administrator(user) or bool(city)


def can_decide_erasures(user: Person | None) -> bool:
    """Requests for erasure are decided by administrators and officers of city and university."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def can_read_history(user: Person | None) -> bool:
    """What happened to one object is for administrators and officers of city and university."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def agreements_visible_to(user: Person | None) -> Q:
    """Agreements are public."""
    return access.EVERYBODY


def can_view_agreement(user: Person | None, agreement: Agreement) -> bool:
    """Agreements are public."""
    return True


def can_enter_agreements(user: Person | None) -> bool:
    """Whom the page for a new agreement is open to; `can_sign_agreement` looks at the parties."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def can_sign_agreement(user: Person | None, parties: Iterable[Organisation]) -> bool:
    """An administrator, or an officer of a city or university that signs, enters an agreement."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    return is_administrator(user) or any(party.pk in mine for party in parties)


def can_manage_agreement(user: Person | None, agreement: Agreement) -> bool:
    """An administrator, or an officer of its city or university, keeps its commitments."""
    return is_administrator(user) or oversees_agreement(user, agreement)


def organisations_visible_to(user: Person | None) -> Q:
    """Who takes part in the alliance is public."""
    return access.EVERYBODY


def can_view_organisation(user: Person | None, organisation: Organisation) -> bool:
    """Who takes part in the alliance is public."""
    return True


def can_create_organisation(user: Person | None) -> bool:
    """Administrators and officers of the city or a university take organisations in."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def can_update_organisation(user: Person | None, organisation: Organisation) -> bool:
    """Administrators, and the organisation's own officers, keep its entry."""
    return is_administrator(user) or is_officer_of(user, organisation)


def people_visible_to(user: Person | None) -> Q:
    """Oneself; for administrators everyone's account; for officers the staff they work with.

    Applicants and trainees are seen in the rooms where they applied and learn, not here.
    """
    if user is None or not user.is_authenticated:
        return access.NOBODY
    if is_administrator(user):
        return access.EVERYBODY
    own = officer_organisations(user)
    partners = officer_organisations(user, kinds=PUBLIC_KINDS)
    seen = Q(pk=user.pk)
    if not own:
        return seen
    # A subquery, not joins: joined, a million people would be looked at to find some hundred.
    with_us = Q(organisation__signatures__agreement__signatories__organisation__in=partners)
    held = user.memberships.model._default_manager.on(clock.today())
    staff = held.filter(Q(organisation__in=own) | with_us)
    return seen | Q(pk__in=staff.order_by().values("person"))


def can_view_person(user: Person | None, person: User) -> bool:
    """Tell whether `people_visible_to` lets one person through."""
    same = user is not None and user.is_authenticated and user.pk == person.pk
    if same or is_administrator(user):
        return True
    return type(person).objects.filter(people_visible_to(user), pk=person.pk).exists()


def can_view_people(user: Person | None) -> bool:
    """The list of accounts is the administrators'."""
    return is_administrator(user)


def can_register_people(user: Person | None) -> bool:
    """Administrators, and officers (who import applicants), make people known."""
    return is_administrator(user) or is_officer(user)


def can_update_person(user: Person | None, person: User) -> bool:
    """Everyone keeps their own data; administrators correct it on request."""
    same = user is not None and user.is_authenticated and user.pk == person.pk
    return same or is_administrator(user)


def can_rename_person(user: Person | None, person: User) -> bool:
    """A name stands on certificates: it is corrected by an administrator, not by oneself."""
    return is_administrator(user)


def memberships_visible_to(user: Person | None) -> Q:
    """One's own; all for administrators; those of their organisation for officers."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    if is_administrator(user):
        return access.EVERYBODY
    return Q(person=user.pk) | Q(organisation__in=officer_organisations(user))


def can_view_membership(user: Person | None, membership: Membership) -> bool:
    """Tell whether `memberships_visible_to` lets one membership through."""
    if user is None or not user.is_authenticated:
        return False
    own = membership.person_id == user.pk
    officer = membership.organisation_id in officer_organisations(user)
    return own or officer or is_administrator(user)


def can_manage_memberships(user: Person | None) -> bool:
    """Roles are given and ended by administrators only."""
    return is_administrator(user)


def can_invite_person(user: Person | None, person: User) -> bool:
    """Administrators send the letter with which a known person first sets a password."""
    return is_administrator(user)


def can_send_invitations(user: Person | None) -> bool:
    """Whom the page for a new invitation is open to; `can_invite_into_role` looks at the role."""
    return is_administrator(user) or is_officer(user)


def can_invite_into_role(user: Person | None, organisation: Organisation, role: str) -> bool:
    """An officer asks people into roles of their own organisation; no one but an administrator
    makes administrators.
    """
    if is_administrator(user):
        return True
    return role != Role.ADMINISTRATOR and is_officer_of(user, organisation)


def invitations_visible_to(user: Person | None) -> Q:
    """All for administrators; for officers those of their organisations."""
    if is_administrator(user):
        return access.EVERYBODY
    return Q(organisation__in=officer_organisations(user))


def can_view_invitation(user: Person | None, invitation: RoleInvitation) -> bool:
    """Tell whether `invitations_visible_to` lets one invitation through."""
    mine = officer_organisations(user)
    return is_administrator(user) or invitation.organisation_id in mine


def can_manage_invitation(user: Person | None, invitation: RoleInvitation) -> bool:
    """Whoever may invite into the role sends the letter again or takes it back."""
    return can_invite_into_role(user, invitation.organisation, invitation.role)


def can_ask_second_factor_reset(user: Person | None, person: User) -> bool:
    """Administrators ask it for others, never for themselves."""
    return is_administrator(user) and user is not None and user.pk != person.pk


def can_read_second_factor_resets(user: Person | None) -> bool:
    """Open requests are for whoever may decide one."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def can_decide_second_factor_reset(user: Person | None, reset: SecondFactorReset) -> bool:
    """Four eyes: neither who asked nor whom it concerns, but another who answers for accounts."""
    if user is None or user.pk in {reset.asked_by_id, reset.person_id}:
        return False
    return can_read_second_factor_resets(user)


def can_publish_consent_text(user: Person | None) -> bool:
    """What people are asked to agree to is written by the city and the university."""
    return is_administrator(user) or bool(officer_organisations(user, kinds=PUBLIC_KINDS))


def can_read_consents(user: Person | None) -> bool:
    """Who consented to what is looked up by whoever answers for the texts."""
    return can_publish_consent_text(user)


def can_give_consent(user: Person | None, person: User, *, source: str) -> bool:
    """A person consents for themselves; an officer enters what came in writing, by import."""
    same = user is not None and user.is_authenticated and user.pk == person.pk
    return same or (source == "import" and (is_officer(user) or is_administrator(user)))


def can_withdraw_consent(user: Person | None, person: User) -> bool:
    """A consent is withdrawn by whoever gave it; an administrator enters a letter that asks so."""
    return can_update_person(user, person)
