"""Forms of allowances."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import AllowanceKind


class UnitForm(forms.Form):
    """Which unit period to calculate."""

    unit = forms.IntegerField(label=_("Unit period"), min_value=1, max_value=60)


class AllowanceKindForm(forms.Form):
    """By which rate somebody is paid, and why."""

    kind = forms.ChoiceField(label=_("Rate"), choices=AllowanceKind.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)
