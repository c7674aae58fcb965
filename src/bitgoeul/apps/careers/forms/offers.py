"""Forms of offers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.enums import OfferState


class OfferFilter(forms.Form):
    """Which offers to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *OfferState.choices]
    )
