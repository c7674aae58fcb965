"""Organisations, and who acts for them in which role."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.apps.alliance.services.notices import tell_role_given
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def create_organisation(
    *,
    name_ko: str,
    kind: str,
    by: User | None,
    at: dt.datetime,
    name_en: str = "",
    business_number: str = "",
    region: str = "",
) -> Organisation:
    """Take an organisation in.

    Raises
    ------
    Refused
        When it is known already under this name or number, or `by` may not.
    """
    if by is not None and not rules.can_create_organisation(by):
        raise Refused(_("You may not add organisations."))
    organisation = Organisation(
        name_ko=name_ko.strip(),
        name_en=name_en.strip(),
        kind=kind,
        business_number=business_number,
        region=region,
    )
    with transaction.atomic():
        check(organisation)
        organisation.save(force_insert=True)
        journal.record(
            event="organisation.created",
            by=by,
            at=at,
            on=organisation,
            after=organisation_state(organisation),
            details={"kind": organisation.kind},
        )
    return organisation


def update_organisation(
    *,
    organisation: Organisation,
    by: User | None,
    at: dt.datetime,
    name_ko: str | None = None,
    name_en: str | None = None,
    kind: str | None = None,
    business_number: str | None = None,
    region: str | None = None,
) -> Organisation:
    """Change what is given; None leaves a value as it is."""
    if by is not None and not rules.can_update_organisation(by, organisation):
        raise Refused(_("You may not change this organisation."))
    given = {
        "name_ko": name_ko,
        "name_en": name_en,
        "kind": kind,
        "business_number": business_number,
        "region": region,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = organisation_state(organisation)
        for name, value in changes.items():
            setattr(organisation, name, value)
        after = organisation_state(organisation)
        if after == before:
            return organisation
        check(organisation)
        organisation.save(update_fields=list(changes))
        journal.record(
            event="organisation.updated",
            by=by,
            at=at,
            on=organisation,
            before=before,
            after=after,
        )
    return organisation


def add_membership(
    *,
    person: User,
    organisation: Organisation,
    role: str,
    started_on: dt.date,
    by: User | None,
    at: dt.datetime,
    ended_on: dt.date | None = None,
) -> Membership:
    """Have a person act in a role for an organisation from a day on.

    Raises
    ------
    Refused
        When they already do, or `by` may not give roles.
    """
    if by is not None and not rules.can_manage_memberships(by):
        raise Refused(_("You may not give roles."))
    return give_membership(
        person=person,
        organisation=organisation,
        role=role,
        started_on=started_on,
        ended_on=ended_on,
        by=by,
        at=at,
    )


def give_membership(
    *,
    person: User,
    organisation: Organisation,
    role: str,
    started_on: dt.date,
    by: User | None,
    at: dt.datetime,
    ended_on: dt.date | None = None,
) -> Membership:
    """Give a role where the right to it has been looked at: by an administrator or an invitation.

    Raises
    ------
    Refused
        When the person has the role already.
    """
    membership = Membership(
        person=person,
        organisation=organisation,
        role=role,
        started_on=started_on,
        ended_on=ended_on,
    )
    with transaction.atomic():
        if Membership.objects.filter(
            person=person, organisation=organisation, role=role, ended_on__isnull=True
        ).exists():
            raise Refused(_("This person already has this role in this organisation."))
        check(membership)
        membership.save(force_insert=True)
        journal.record(
            event="membership.added",
            by=by,
            at=at,
            on=membership,
            after=membership_state(membership),
            details={"role": membership.role, "organisation": str(organisation.uuid)},
        )
        tell_role_given(membership, at=at)
    rules.forget_standing(person)
    return membership


def end_membership(
    *,
    membership: Membership,
    ended_on: dt.date,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
) -> Membership:
    """End a role with a day; it stays in the books."""
    if by is not None and not rules.can_manage_memberships(by):
        raise Refused(_("You may not end roles."))
    with transaction.atomic():
        membership = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("organisation", "person")
            .get(pk=membership.pk)
        )
        if membership.ended_on is not None:
            raise Refused(_("This role has already ended."))
        if _last_administrator(membership):
            raise Refused(_("This is the last administrator. Give somebody else the role first."))
        before = membership_state(membership)
        membership.ended_on = ended_on
        check(membership)
        membership.save(update_fields=["ended_on"])
        journal.record(
            event="membership.ended",
            by=by,
            at=at,
            on=membership,
            before=before,
            after=membership_state(membership),
            reason=reason,
            details={"role": membership.role, "organisation": str(membership.organisation.uuid)},
        )
    rules.forget_standing(membership.person)
    return membership


def check(row: Model) -> None:
    """Validate a row before it is written; what is wrong becomes one refusal in words."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error


def organisation_state(organisation: Organisation) -> dict[str, object]:
    """What of an organisation the journal digests."""
    return {
        "name_ko": organisation.name_ko,
        "name_en": organisation.name_en,
        "kind": organisation.kind,
        "business_number": organisation.business_number,
        "region": organisation.region,
    }


def membership_state(membership: Membership) -> dict[str, object]:
    """What of a membership the journal digests."""
    return {
        "person": membership.person.uuid,
        "organisation": membership.organisation.uuid,
        "role": membership.role,
        "started_on": membership.started_on,
        "ended_on": membership.ended_on,
    }


def _last_administrator(membership: Membership) -> bool:
    if membership.role != Role.ADMINISTRATOR:
        return False
    others = Membership.objects.filter(role=Role.ADMINISTRATOR, ended_on__isnull=True)
    return not others.exclude(pk=membership.pk).exists()
