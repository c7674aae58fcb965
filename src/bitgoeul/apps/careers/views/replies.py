"""What several pages answer with: a table to download, a note of what was read, a step taken."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.core import exports, journal
from bitgoeul.core.errors import Refused

PAGE = 50
FORMS = ("csv", "xlsx")


def download(
    form: str, *, header: Sequence[Any], rows: Iterable[Sequence[Any]], name: str
) -> HttpResponseBase:
    """Hand out a table as `csv` or `xlsx`."""
    if form == "csv":
        return exports.csv_response(rows, header, f"{name}.csv")
    if form == "xlsx":
        return exports.xlsx_response(rows, header, f"{name}.xlsx")
    raise Http404


def note_reading(
    request: SignedInRequest, of: Iterable[UUID], *, what: str, about: UUID | None = None
) -> None:
    """Record that somebody read about other people's careers."""
    purpose = _("Placing graduates and following up")
    journal.note_page(request, of, what=what, purpose=purpose, about=about)


def note_download(
    request: SignedInRequest, of: Iterable[UUID], *, what: str, about: UUID | None = None
) -> None:
    """The same for a file, which asks for its reason."""
    purpose = _("Placing graduates and following up")
    journal.note_download(request, of, what=what, purpose=purpose, about=about)


def attempt(request: SignedInRequest, step: Callable[[], object], *, success: Any) -> bool:
    """Take a step and say how it went; False when it was refused."""
    try:
        step()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, success)
    return True
