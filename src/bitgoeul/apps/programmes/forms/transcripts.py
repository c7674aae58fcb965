"""The form by which anybody checks a transcript, and the one by which certificates are settled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.credentials.queries.verification import typed_code


class TranscriptCodeForm(forms.Form):
    """A verification code as it stands on paper."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=60,
        help_text=_("Four groups of five, such as ABCDE-FGHJK-23456-7MNPQ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code as it is kept; what has signs that no code has is refused."""
        try:
            return typed_code(self.cleaned_data["code"])
        except ValueError as error:
            raise forms.ValidationError(str(error), code="characters") from error


class CertificateForm(forms.Form):
    """Whether a certificate that was revoked by hand is issued again, and why."""

    again = forms.BooleanField(
        label=_("Issue a new one where it was revoked by hand"), required=False
    )
    reason = forms.CharField(
        label=_("Why a new certificate is issued"), max_length=300, required=False
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"again": self.cleaned_data["again"], "why": self.cleaned_data["reason"]}
