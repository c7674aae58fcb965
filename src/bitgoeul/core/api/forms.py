"""The form for a new token."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .registry import rooms

_DAYS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("1 year")))


class TokenForm(forms.Form):
    """What a token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("For example: the school's nightly transfer of attendance."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never can do more than you may do yourself. Writing includes reading."),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=_DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a choice field
            (f"{room.key}:{right}", text % {"room": room.title})
            for room in rooms()
            for right, text in (
                ("read", gettext("%(room)s: read")),
                ("write", gettext("%(room)s: read and change")),
            )
        ]

    def facts(self, *, at: dt.datetime) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        expires = at + dt.timedelta(days=data["days"])
        return {"name": data["name"], "scopes": data["scopes"], "expires_at": expires}
