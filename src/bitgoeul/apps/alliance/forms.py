"""Forms of the alliance."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.core.imports.clean import business_number, phone
from bitgoeul.core.imports.errors import CellError


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


class PersonForm(forms.ModelForm):
    """What a person keeps up to date about themselves."""

    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields: tuple[str, ...] = ("romanised_name", "phone", "residence", "language")
        widgets = {
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {
            "phone": _("For example 010-1234-5678."),
            "romanised_name": _("As in your passport; it stands on English certificates."),
        }

    def clean_phone(self) -> str:
        """Bring a number into the one form in which numbers are kept."""
        return _converted(phone(), self.cleaned_data["phone"])


class NameForm(PersonForm):
    """The same for administrators, who also correct a name."""

    class Meta(PersonForm.Meta):
        fields = ("full_name", *PersonForm.Meta.fields)


class OrganisationForm(forms.ModelForm):
    """An organisation's entry."""

    class Meta:
        model = Organisation
        fields = ("name_ko", "name_en", "kind", "business_number", "region")
        help_texts = {"business_number": _("Ten digits, like 123-45-67891.")}

    def clean_business_number(self) -> str:
        """Check the digits and write them in the usual form."""
        return _converted(business_number(), self.cleaned_data["business_number"])


class MembershipForm(forms.ModelForm):
    """A role to give to a person."""

    class Meta:
        model = Membership
        fields = ("organisation", "role", "started_on")
        labels = {"organisation": _("Organisation")}
        widgets = {"started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class MembershipEndForm(forms.Form):
    """When and why a role ends."""

    ended_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class NewPersonForm(forms.ModelForm):
    """A person to make known, who will be invited."""

    class Meta:
        model = User
        fields = ("full_name", "email", "phone", "language")

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> str:
        """Bring a number into the one form in which numbers are kept."""
        return _converted(phone(), self.cleaned_data["phone"])


class PeopleFilter(forms.Form):
    """Which people to list."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )


class OrganisationFilter(forms.Form):
    """Which organisations to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *OrganisationKind.choices]
    )


class FirstPasswordForm(forms.Form):
    """The first password of somebody who was invited, typed twice."""

    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password2(self) -> str:
        """Both must be the same."""
        typed = str(self.cleaned_data["password2"])
        if typed != self.cleaned_data.get("password1"):
            raise forms.ValidationError(_("The two passwords are not the same."))
        return typed


def _converted(convert: Any, typed: str) -> str:
    if not typed:
        return ""
    try:
        return str(convert(typed))
    except CellError as error:
        raise forms.ValidationError(str(error)) from error
