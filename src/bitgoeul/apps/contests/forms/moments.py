"""Moments as they are typed."""

from django import forms

WIDGET = "%Y-%m-%dT%H:%M"


def moments(*names: str) -> dict[str, forms.Widget]:
    """A field for a day and a time for each name."""
    return {
        name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET) for name in names
    }
