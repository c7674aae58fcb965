"""The form by which anybody checks a transcript, and the one by which certificates are settled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.credentials.forms import CodeForm


class TranscriptCodeForm(CodeForm):
    """A verification code as it stands on a transcript."""


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
