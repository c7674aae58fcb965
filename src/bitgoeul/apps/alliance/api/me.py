"""A person's own entry: data, roles, consents, and who read about them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from bitgoeul.apps.alliance import queries, services
from bitgoeul.apps.alliance.api.people import RoleRow
from bitgoeul.apps.alliance.api.room import made, room
from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.forms import PersonForm
from bitgoeul.apps.alliance.models import ConsentText
from bitgoeul.apps.alliance.views import me as pages
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import JSON, Request
from bitgoeul.core.api.rows import Made, Row, every, one
from bitgoeul.core.api.values import LARGEST, Short


class PurposeOut(Row):
    """A purpose with its newest text, and whether one's consent stands."""

    purpose: Purpose
    text: UUID
    version: int
    required: bool
    consented_version: int | None
    consented_at: dt.datetime | None


class AccessOut(Row):
    """Somebody read one's data."""

    at: dt.datetime
    reader: str
    organisations: str
    purpose: str


class MeOut(Row):
    """What is kept about oneself."""

    uuid: UUID
    email: str
    full_name: str
    romanised_name: str
    phone: str
    birth_on: dt.date | None
    residence: str
    language: str
    roles: list[RoleRow]
    purposes: list[PurposeOut]
    readings: list[AccessOut]


class ConsentTextOut(Row):
    """A published text."""

    uuid: UUID
    purpose: Purpose
    version: int = Field(ge=0, le=LARGEST)
    text_ko: str
    text_en: str
    required: bool
    published_on: dt.date


class ConsentIn(Body):
    """The text that one has read and agrees to."""

    text: UUID


class WithdrawalIn(Body):
    """The purpose that one no longer agrees to."""

    purpose: Purpose


class Withdrawn(Row):
    """How many consents were withdrawn."""

    withdrawn: int


@room.reads("/me", MeOut)
def me(request: Request) -> Any:
    """Read what is kept about oneself."""
    user = request.user
    own = ("uuid", "email", "full_name", "romanised_name", "phone", "birth_on", "residence")
    return {name: getattr(user, name) for name in (*own, "language")} | {
        "roles": every(queries.memberships_of(user), RoleRow),
        "purposes": [_purpose(row) for row in queries.purposes_of(user, on=clock.today())],
        "readings": [
            {
                "at": found.reading.at,
                "reader": found.reader,
                "organisations": found.organisations,
                "purpose": found.reading.purpose,
            }
            for found in queries.accesses_to(user)
        ],
    }


def _purpose(row: queries.PurposeStanding) -> dict[str, Any]:
    consent = row.consent
    return {
        "purpose": row.purpose.value,
        "text": row.text.uuid,
        "version": row.text.version,
        "required": row.text.required,
        "consented_version": consent.text.version if consent else None,
        "consented_at": consent.given_at if consent else None,
    }


@room.writes("/me", Made, method="PATCH", body=PersonForm)
def me_edit(request: Request) -> Made:
    """Change one's own data; what is not named stays."""
    form = bind(request, PersonForm, instance=request.user)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.update_person(person=request.user, **facts))


@room.writes("/me/consents", Made, body=ConsentIn)
def consent_give(request: Request) -> Made:
    """Consent to a text by its identifier, so no other version can slip in."""
    asked = given(request).text
    standing = queries.purposes_of(request.user, on=clock.today())
    text = next((row.text for row in standing if row.text.uuid == asked), None)
    if text is None:
        message = _("The text has changed meanwhile. Please read the new one.")
        raise Problem("invalid", errors=[FieldError(place="body.text", message=message)])
    services.give_consents(person=request.user, texts=[text], by=request.user, at=clock.now())
    return made(text)


@room.writes("/me/consents/withdrawals", Withdrawn, body=WithdrawalIn)
def consent_withdraw(request: Request) -> Any:
    """Withdraw consent to a purpose; it takes effect at once."""
    purpose = given(request).purpose
    user, at = request.user, clock.now()
    number = services.withdraw_consent(person=user, purpose=purpose, by=user, at=at)
    return {"withdrawn": number}


room.hands_out("/me/data.json", pages.my_data, JSON, name="my_data")


@room.reads("/consent-texts/{purpose}/{int:version}", ConsentTextOut, public=True)
def consent_text(request: Request, purpose: Short, version: int) -> HttpResponse | Any:
    """Read one published version of a text."""
    access.require(0 < version <= LARGEST)
    published = ConsentText.objects.filter(published_on__lte=clock.today())
    return one(published, access.EVERYBODY, ConsentTextOut, purpose=purpose, version=version)
