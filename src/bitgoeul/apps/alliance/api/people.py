"""Accounts and roles: the administrators' list, and one person for whoever may see them."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import as_file, made, room
from bitgoeul.apps.alliance.forms import (
    MembershipEndForm,
    MembershipForm,
    NameForm,
    NewPersonForm,
    PeopleFilter,
)
from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.alliance.views import people as pages
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one


class PersonRow(Row):
    """An account in a list."""

    uuid: UUID
    full_name: str
    email: str
    is_active: bool


class RoleRow(Row):
    """A role that a person has or had."""

    uuid: UUID
    organisation: Annotated[UUID, At("organisation__uuid")]
    organisation_name: Annotated[str, At("organisation__name_ko")]
    role: str
    started_on: dt.date
    ended_on: dt.date | None


class PersonOut(PersonRow):
    """A person with the roles that one may see."""

    phone: str
    roles: Annotated[list[RoleRow], At("")]


@room.lists("/people", PersonRow, filters=PeopleFilter)
def person_list(request: Request) -> Any:
    """List accounts by name, e-mail and role; the reading is recorded."""
    access.require(rules.can_view_people(request.user))
    asked, visible = request.asked, rules.people_visible_to(request.user)
    found = queries.people_listed(visible, name=asked["q"] or "", role=asked["role"] or "")
    page = listed(request, found, PersonRow)
    _note(request, [row["uuid"] for row in page["items"]], what="alliance.person_list")
    return page


room.hands_out(
    "/people.{form}",
    as_file(pages.person_list),
    CSV,
    XLSX,
    name="person_file",
    filters=PeopleFilter,
)


@room.reads("/people/{uuid:uuid}", PersonOut)
def person_detail(request: Request, uuid: UUID) -> Any:
    """Read one person with their roles; the reading is recorded."""
    user = request.user
    found = one(User.objects.all(), rules.people_visible_to(user), PersonOut, uuid=uuid)
    _note(request, [uuid], what="alliance.person_detail")
    roles = Membership.objects.filter(rules.memberships_visible_to(user), person__uuid=uuid)
    return found | {"roles": every(roles.order_by("-started_on", "id"), RoleRow)}


@room.writes("/people", Made, status=201, body=NewPersonForm)
def person_create(request: Request) -> Made:
    """Make a person known."""
    access.require(rules.can_view_people(request.user))
    form = bind(request, NewPersonForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.register_person(**facts))


@room.writes("/people/{uuid:uuid}", Made, method="PATCH", body=NameForm)
def person_edit(request: Request, uuid: UUID) -> Made:
    """Correct a person's data on their behalf; what is not named stays."""
    person = _visible(request, uuid)
    access.require(rules.can_rename_person(request.user, person))
    form = bind(request, NameForm, instance=person)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.update_person(person=person, **facts))


@room.writes("/people/{uuid:uuid}/invitation", Made)
def person_invite(request: Request, uuid: UUID) -> Made:
    """Send the letter with which a person sets their first password."""
    person = _visible(request, uuid)
    access.require(rules.can_invite_person(request.user, person))
    services.invite(person=person, by=request.user, at=clock.now())
    return made(person)


@room.writes("/people/{uuid:uuid}/roles", Made, status=201, body=MembershipForm)
def membership_add(request: Request, uuid: UUID) -> Made:
    """Give a person a role."""
    person = _visible(request, uuid)
    access.require(rules.can_manage_memberships(request.user))
    form = bind(request, MembershipForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.add_membership(person=person, **facts))


@room.writes("/roles/{uuid:uuid}/end", Made, body=MembershipEndForm)
def membership_end(request: Request, uuid: UUID) -> Made:
    """End a role."""
    access.require(rules.can_manage_memberships(request.user))
    visible = rules.memberships_visible_to(request.user)
    membership = access.get(Membership.objects.select_related("person"), visible, uuid=uuid)
    form = bind(request, MembershipEndForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.end_membership(membership=membership, **facts))


def _visible(request: Request, uuid: UUID) -> User:
    return access.get(User.objects.all(), rules.people_visible_to(request.user), uuid=uuid)


def _note(request: Request, of: Iterable[UUID], *, what: str) -> None:
    journal.note_page(request, of, what=what, purpose=_("Keeping accounts and roles"))
