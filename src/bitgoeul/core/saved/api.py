"""One's saved views for programs."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import Request, Room
from bitgoeul.core.api.rows import Made, Row, listed

from . import listing, rules, services
from .forms import SaveForm
from .models import SavedView

room = Room("saved", title=_("Saved views"))


class ViewRow(Row):
    """A list with a filter, under a name."""

    uuid: UUID
    name: str
    path: str
    query: str
    is_default: bool
    created_at: dt.datetime


class DefaultIn(Body):
    """Whether the view opens by itself."""

    default: bool


@room.lists("", ViewRow)
def view_list(request: Request) -> Any:
    """List the views that one keeps."""
    access.require(request.user.is_authenticated)
    return listed(request, SavedView.objects.filter(rules.views_visible_to(request.user)), ViewRow)


@room.writes("", Made, status=201, body=SaveForm)
def view_save(request: Request) -> Made:
    """Keep the filter of a list under a name; the same name on the same list is replaced."""
    facts = bind(request, SaveForm).cleaned_data
    listing.require_list(facts["path"])
    by, at = request.user, clock.now()
    return Made(uuid=services.save_view(person=by, by=by, at=at, **facts).uuid)


@room.writes("/{uuid:uuid}/default", Made, method="PUT", body=DefaultIn)
def view_default(request: Request, uuid: UUID) -> Made:
    """Have a view open by itself, or no longer."""
    view = _view(request, uuid)
    services.choose_default(
        view=view, default=given(request).default, by=request.user, at=clock.now()
    )
    return Made(uuid=uuid)


@room.writes("/{uuid:uuid}", None, method="DELETE")
def view_delete(request: Request, uuid: UUID) -> None:
    """Forget a view."""
    services.forget_view(view=_view(request, uuid), by=request.user, at=clock.now())


def _view(request: Request, uuid: UUID) -> SavedView:
    return access.get(SavedView.objects.all(), rules.views_visible_to(request.user), uuid=uuid)
