"""Forms of the alliance."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What sign-up asks besides e-mail and password: one full name."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it stands in your official papers."),
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Keep the name on the new person."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
