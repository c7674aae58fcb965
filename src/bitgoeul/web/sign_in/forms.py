"""The library's forms, with labels that people understand."""

from typing import Any

from allauth.account.internal import flows
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.forms import DisconnectForm, SignupForm
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_removed
from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.web.sign_in.provider import provider_of


def _as_code(field: forms.Field, *, digits_only: bool) -> None:
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "off"}
    if digits_only:
        field.widget.attrs |= {"inputmode": "numeric"}


class CodeForm(AuthenticateForm):
    """A code from the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app, or a recovery code")
        _as_code(self.fields["code"], digits_only=True)


class CodeAgainForm(ReauthenticateForm):
    """The same, asked again before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app, or a recovery code")
        _as_code(self.fields["code"], digits_only=True)


class FirstCodeForm(ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that the app shows now")
        _as_code(self.fields["code"], digits_only=True)


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey: a name, and whether it is enough to sign in without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("So that you know it again, for example “Phone”.")
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Sign in with it, without a password")
            self.fields["passwordless"].help_text = _(
                "The device then asks for your fingerprint, your face or its PIN."
            )
            self.fields["passwordless"].initial = True


class RenamePasskeyForm(EditWebAuthnForm):
    """A passkey's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")


class ExternalSignupForm(SignupForm):
    """A new account for somebody who came from a provider: the name as in official papers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].initial = self.sociallogin.user.full_name


class UnlinkForm(DisconnectForm):
    """Removes a link, also one to a provider that the operator has taken away."""

    def save(self) -> None:
        """Remove it."""
        account = self.cleaned_data["account"]
        if provider_of(account.provider) is not None:
            super().save()
            return
        flows.reauthentication.raise_if_reauthentication_required(
            self.request, app="allauth.socialaccount"
        )
        account.delete()
        social_account_removed.send(
            sender=SocialAccount, request=self.request, socialaccount=account
        )
