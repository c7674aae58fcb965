"""The room as programs know it, and how its operations load what they are asked for."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import access, journal
from bitgoeul.core.api.rooms import Request, Room

room = Room("labs", title=gettext_lazy("Labs"))


def visible_lab(request: Request, uuid: UUID) -> Lab:
    """Return a lab that the person may read."""
    rows = Lab.objects.select_related("owner")
    return access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)


def managed_lab(request: Request, uuid: UUID) -> Lab:
    """Return a lab that the person runs."""
    lab = visible_lab(request, uuid)
    access.require(rules.can_manage_lab(request.user, lab))
    return lab


def staffed_lab(request: Request, uuid: UUID) -> Lab:
    """Return a lab of which the person sees everybody's submissions."""
    lab = visible_lab(request, uuid)
    access.require(rules.can_view_submissions(request.user, lab))
    return lab


def note_reading(request: Request, of: list[UUID], *, what: str, about: UUID) -> None:
    """Record whose data was read, and why."""
    journal.note_page(request, of, what=what, purpose=_("Teaching and marking"), about=about)
