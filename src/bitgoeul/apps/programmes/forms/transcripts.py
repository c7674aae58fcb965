"""The form by which anybody checks a transcript."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TranscriptCodeForm(forms.Form):
    """A verification code as it stands on paper."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=60,
        help_text=_("Four groups of five, such as ABCDE-FGHJK-23456-7MNPQ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
