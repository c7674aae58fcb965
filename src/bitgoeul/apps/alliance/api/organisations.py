"""Organisations: open to everybody; their staff only to those who keep the entry."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import as_file, made, room
from bitgoeul.apps.alliance.forms import OrganisationFilter, OrganisationForm
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.alliance.views import organisations as pages
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, listed, one


class OrganisationRow(Row):
    """An organisation."""

    uuid: UUID
    name_ko: str
    name_en: str
    kind: str
    business_number: str
    region: str


class StaffRow(Row):
    """Who acts for an organisation, in which role."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    role: str
    started_on: dt.date
    ended_on: dt.date | None


@room.lists("/organisations", OrganisationRow, filters=OrganisationFilter, public=True)
def organisation_list(request: Request) -> Any:
    """List organisations by a part of the name and a kind."""
    asked = request.asked
    found = queries.organisations_listed(name=asked["q"] or "", kind=asked["kind"] or "")
    return listed(
        request, found.filter(rules.organisations_visible_to(request.user)), OrganisationRow
    )


room.hands_out(
    "/organisations.{form}",
    as_file(pages.organisation_list),
    CSV,
    XLSX,
    name="organisation_file",
    filters=OrganisationFilter,
    public=True,
)


@room.reads("/organisations/{uuid:uuid}", OrganisationRow, public=True)
def organisation_detail(request: Request, uuid: UUID) -> Any:
    """Read an organisation's entry."""
    visible = rules.organisations_visible_to(request.user)
    return one(Organisation.objects.all(), visible, OrganisationRow, uuid=uuid)


@room.lists("/organisations/{uuid:uuid}/staff", StaffRow)
def organisation_staff(request: Request, uuid: UUID) -> Any:
    """List who acts for an organisation today; the reading is recorded."""
    organisation = _kept(request, uuid)
    page = listed(request, queries.staff_of(organisation), StaffRow)
    journal.note_page(
        request,
        [row["person"] for row in page["items"]],
        what="alliance.organisation_staff",
        purpose=_("Keeping the organisation's entry"),
        about=uuid,
    )
    return page


@room.writes("/organisations", Made, status=201, body=OrganisationForm)
def organisation_create(request: Request) -> Made:
    """Take an organisation in."""
    access.require(rules.can_create_organisation(request.user))
    form = bind(request, OrganisationForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.create_organisation(**facts))


@room.writes("/organisations/{uuid:uuid}", Made, method="PATCH", body=OrganisationForm)
def organisation_edit(request: Request, uuid: UUID) -> Made:
    """Change an organisation's entry; what is not named stays."""
    organisation = _kept(request, uuid)
    form = bind(request, OrganisationForm, instance=organisation)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.update_organisation(organisation=organisation, **facts))


def _kept(request: Request, uuid: UUID) -> Organisation:
    visible = rules.organisations_visible_to(request.user)
    organisation = access.get(Organisation.objects.all(), visible, uuid=uuid)
    access.require(rules.can_update_organisation(request.user, organisation))
    return organisation
