"""What no text field of the house takes in: resident registration numbers.

The law lets nobody keep them without an act that says so, and none does here. The validator is
set on Django's own text fields, of forms and of models, so that no field can forget it: pages,
imports, the admin and the API refuse alike.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.core.imports import resident

_FORM_FIELDS: tuple[Any, ...] = (forms.CharField, forms.EmailField, forms.URLField, forms.SlugField)
_MODEL_FIELDS: tuple[Any, ...] = (
    models.CharField,
    models.TextField,
    models.EmailField,
    models.URLField,
    models.SlugField,
)


def no_resident_number(value: object) -> None:
    """Refuse a text with what looks like a resident registration number in it."""
    if isinstance(value, str) and resident.has_number(value):
        raise ValidationError(
            _(
                "Resident registration numbers may not be entered anywhere. Please take the "
                "number out."
            ),
            code="resident_number",
        )


def install() -> None:
    """Set the validator on Django's text fields, once; must run before any form is defined."""
    for kind in (*_FORM_FIELDS, *_MODEL_FIELDS):
        if no_resident_number not in kind.default_validators:
            kind.default_validators = [*kind.default_validators, no_resident_number]
