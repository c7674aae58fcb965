"""The consent register: texts, who consented to which version, and one's own history."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.me import ConsentTextOut
from bitgoeul.apps.alliance.api.room import made, room
from bitgoeul.apps.alliance.forms import ConsentFilter, ConsentTextForm
from bitgoeul.apps.alliance.models import ConsentText
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, listed


class OwnConsentRow(Row):
    """A consent that one gave, and when one took it back."""

    uuid: UUID
    purpose: Annotated[str, At("text__purpose")]
    version: Annotated[int, At("text__version")]
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None
    source: str


class ConsentRow(OwnConsentRow):
    """A consent in the register."""

    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]


@room.lists("/consents", ConsentRow, filters=ConsentFilter)
def consent_register(request: Request) -> Any:
    """List who consented to which version; the reading is recorded."""
    access.require(rules.can_read_consents(request.user))
    q, purpose, state = (request.asked[name] or "" for name in ("q", "purpose", "state"))
    found = queries.consents_listed(name=q, purpose=purpose, state=state)
    page = listed(request, found, ConsentRow, newest_first=True)
    journal.note_page(
        request,
        [row["person"] for row in page["items"]],
        what="alliance.consent_register",
        purpose=_("Keeping the consent register"),
    )
    return page


@room.lists("/me/consents", OwnConsentRow)
def consent_history(request: Request) -> Any:
    """List everything that one consented to and took back, the newest first."""
    found = queries.consent_history(request.user)
    return listed(request, found, OwnConsentRow, newest_first=True)


@room.lists("/consent-texts", ConsentTextOut)
def consent_text_list(request: Request) -> Any:
    """List every version of every text."""
    access.require(rules.can_publish_consent_text(request.user))
    return listed(request, ConsentText.objects.all(), ConsentTextOut)


@room.writes("/consent-texts", Made, status=201, body=ConsentTextForm)
def consent_text_create(request: Request) -> Made:
    """Publish the next version of what people are asked for a purpose."""
    access.require(rules.can_publish_consent_text(request.user))
    form = bind(request, ConsentTextForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.publish_consent_text(**facts))
