"""Days and moments as they are typed."""

from django import forms

_DAY = {"type": "date"}


def day_input() -> forms.DateInput:
    """A field for a day, as browsers send it."""
    return forms.DateInput(attrs=_DAY, format="%Y-%m-%d")


def moment_input() -> forms.DateTimeInput:
    """A field for a day and a time, as browsers send them."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
