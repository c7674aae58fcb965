"""Keeping a view, making it the one that opens, and forgetting it."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

from .models import SavedView

MOST = 30
PASSING = ("page", "form", "reason", "csrfmiddlewaretoken")
"""Parts of an address that belong to one visit, not to a view."""


def cleaned_query(query: str) -> str:
    """The filter of an address, without what belongs to one visit and without empty fields."""
    asked = QueryDict(query, mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if full := [value for value in values if value]:
            kept.setlist(name, full)
    return str(kept.urlencode())


def save_view(
    *, person: Any, path: str, query: str, name: str, default: bool, by: Any, at: dt.datetime
) -> SavedView:
    """Keep a view under a name; the same name on the same list is replaced.

    Raises
    ------
    Refused
        When there is no filter to keep, or too many views are kept already.
    """
    query, name = cleaned_query(query), name.strip()
    if not query or len(query) > 1000:
        raise Refused(_("There is no filter to keep. Choose something and press Show first."))
    if not name or len(name) > 60:
        raise Refused(_("Give the view a name of at most 60 characters."))
    with transaction.atomic():
        _one_at_a_time(person.pk)
        mine = SavedView.objects.filter(person=person, path=path)
        kept = {view.name: view for view in mine}
        if name not in kept and len(kept) >= MOST:
            raise Refused(_("No more views can be kept for this list. Delete one first."))
        view = kept.get(name) or SavedView(person=person, path=path, name=name, created_at=at)
        if default:
            mine.exclude(pk=view.pk).update(is_default=False)
        view.query, view.is_default = query, default
        view.save()
        journal.record(event="view.saved", by=by, at=at, on=view)
    return view


def choose_default(*, view: SavedView, default: bool, by: Any, at: dt.datetime) -> None:
    """Have a view open by itself when its list is opened, or no longer."""
    with transaction.atomic():
        _one_at_a_time(view.person_id)
        mine = SavedView.objects.filter(person=view.person_id, path=view.path)
        mine.update(is_default=False)
        if default:
            mine.filter(pk=view.pk).update(is_default=True)
        journal.record(event="view.chosen", by=by, at=at, on=view, details={"default": default})


def forget_view(*, view: SavedView, by: Any, at: dt.datetime) -> None:
    """Delete a view."""
    with transaction.atomic():
        journal.record(event="view.forgotten", by=by, at=at, on=view)
        view.delete()


def _one_at_a_time(person: int) -> None:
    """A form sent twice waits for itself: rows that are not there yet cannot be locked."""
    people = get_user_model()._default_manager.select_for_update(no_key=True)
    people.filter(pk=person).values_list("pk").first()
