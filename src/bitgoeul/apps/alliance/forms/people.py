"""Forms of the alliance."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import queries, rules
from bitgoeul.apps.alliance.enums import InvitationState, OrganisationKind, Purpose, Role
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    ConsentText,
    Membership,
    NameKey,
    Organisation,
    RoleInvitation,
    SecondFactorReset,
    User,
)
from bitgoeul.apps.alliance.services import ArticleText
from bitgoeul.core import indicators
from bitgoeul.core.imports.clean import business_number, phone
from bitgoeul.core.imports.errors import CellError

_BAR = re.compile(r"(?:^|\s)\|(?:\s|$)")
_ARTICLE_LENGTH = Article._meta.get_field("text_ko").max_length or 0


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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
        with transaction.atomic():
            user.save(update_fields=["full_name"])
            NameKey.objects.keep([user])


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


class OrganisationField(forms.ModelChoiceField):
    """One organisation of many, by its name or a part of it: a list of all would be endless."""

    widget = forms.TextInput
    SHOWN = 5

    def to_python(self, value: Any) -> Organisation | None:
        """Find what was named; several are told apart in words. Programs name it by its uuid."""
        if self.to_field_name or value in self.empty_values:
            return super().to_python(value)
        name = str(value).strip()
        exact = Q(name_ko__iexact=name) | Q(name_en__iexact=name)
        for found in (Organisation.objects.filter(exact), queries.organisations_listed(name=name)):
            some = list(found.order_by("name_ko")[: self.SHOWN + 1])
            if len(some) == 1:
                return some[0]
            if some:
                raise forms.ValidationError(self._several(some))
        raise forms.ValidationError(_("No organisation has this in its name."))

    def prepare_value(self, value: Any) -> Any:
        """Show what was typed, or the name of what is chosen."""
        return str(value) if isinstance(value, Organisation) else value

    def _several(self, some: list[Organisation]) -> str:
        names = ", ".join(map(str, some[: self.SHOWN])) + (" …" if len(some) > self.SHOWN else "")
        return gettext("Several organisations have this in their name: %(names)s") % {
            "names": names
        }


class MembershipForm(forms.ModelForm):
    """A role to give to a person."""

    organisation = OrganisationField(
        label=_("Organisation"),
        queryset=Organisation.objects.all(),
        help_text=_("Its name, or a part of it that no other organisation has."),
    )

    class Meta:
        model = Membership
        fields = ("organisation", "role", "started_on")
        widgets = {"started_on": _day_input()}


class MembershipEndForm(forms.Form):
    """When and why a role ends."""

    ended_on = forms.DateField(
        label=_("Last day"),
        widget=_day_input(),
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

    q = forms.CharField(
        label=_("Name, initial consonants or e-mail"), required=False, max_length=80
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )


class RoleInvitationForm(forms.ModelForm):
    """Whom to ask into which role."""

    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LANGUAGES, initial="ko"
    )

    class Meta:
        model = RoleInvitation
        fields = ("email", "organisation", "role", "language")
        labels = {"organisation": _("Organisation")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if rules.is_administrator(person):
            self.fields["organisation"] = OrganisationField(
                label=_("Organisation"),
                queryset=Organisation.objects.all(),
                help_text=_("Its name, or a part of it that no other organisation has."),
            )
        else:
            mine = rules.officer_organisations(person)
            organisation: Any = self.fields["organisation"]
            organisation.queryset = Organisation.objects.filter(pk__in=mine)
            role: Any = self.fields["role"]
            role.choices = [each for each in role.choices if each[0] != Role.ADMINISTRATOR]

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def validate_constraints(self) -> None:
        """Leave it to the service, which says it in words."""


class InvitationFilter(forms.Form):
    """Which invitations to list."""

    q = forms.CharField(label=_("Part of the e-mail"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *InvitationState.choices],
    )


class ResetForm(forms.ModelForm):
    """Why somebody's second step should be removed."""

    class Meta:
        model = SecondFactorReset
        fields = ("reason",)
        help_texts = {"reason": _("For example: came to the office with an identity card.")}


class ConsentFilter(forms.Form):
    """Which consents to list."""

    q = forms.CharField(
        label=_("Name, initial consonants or e-mail"), required=False, max_length=80
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), required=False, choices=[("", _("All purposes")), *Purpose.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), ("standing", _("Stands")), ("withdrawn", _("Withdrawn"))],
    )


class ConsentTextForm(forms.ModelForm):
    """The next version of what people are asked for a purpose."""

    class Meta:
        model = ConsentText
        fields = ("purpose", "text_ko", "text_en", "required", "asks_again", "published_on")
        widgets = {"published_on": _day_input()}
        help_texts = {
            "text_ko": _(
                "Say what for, which data, how long it is kept, who receives it, and that one may "
                "refuse and what follows from it."
            ),
        }


class OrganisationFilter(forms.Form):
    """Which organisations to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *OrganisationKind.choices]
    )


class AgreementForm(forms.ModelForm):
    """What was signed: title, days, parties, and the articles one a line."""

    parties = forms.ModelMultipleChoiceField(
        label=_("Parties"),
        queryset=Organisation.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who signed: at least two organisations."),
    )
    articles = forms.CharField(
        label=_("Articles"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One article a line, in their order; English, if any, after “ | ”."),
    )

    class Meta:
        model = Agreement
        fields = ("title_ko", "title_en", "signed_on", "ends_on")
        widgets = {"signed_on": _day_input(), "ends_on": _day_input()}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_parties(self) -> list[Organisation]:
        """Two sides at least, and an officer enters only what their own side signed."""
        parties = list(self.cleaned_data["parties"])
        if len(parties) < 2:
            raise forms.ValidationError(_("An agreement has at least two parties."))
        if not rules.can_sign_agreement(self.person, parties):
            raise forms.ValidationError(
                _("You enter agreements of your own city or university: choose it as a party.")
            )
        return parties

    def clean_articles(self) -> list[ArticleText]:
        """Number the lines that say something."""
        lines = [line for line in str(self.cleaned_data["articles"]).splitlines() if line.strip()]
        return [_article(number, line) for number, line in enumerate(lines, start=1)]

    def clean(self) -> None:
        """An end follows the beginning."""
        super().clean()
        signed, ends = self.cleaned_data.get("signed_on"), self.cleaned_data.get("ends_on")
        if signed and ends and ends < signed:
            self.add_error("ends_on", _("An agreement cannot end before it was signed."))


class ArticleField(forms.ModelChoiceField):
    """One article, told by its number and how it begins."""

    def label_from_instance(self, obj: Article) -> str:
        """Name it as the agreement's page does."""
        number = _("Article %(number)s") % {"number": obj.number}
        return f"{number}: {Truncator(obj.text).chars(40)}"


class CommitmentForm(forms.ModelForm):
    """What one party of an agreement promises by when."""

    article = ArticleField(
        label=_("Article of the agreement"),
        queryset=Article.objects.none(),
        required=False,
        empty_label=_("Under no article"),
    )
    indicator_key = forms.ChoiceField(label=_("Measured by"))
    target = forms.IntegerField(
        label=_("Target"),
        min_value=0,
        max_value=10**15,
        help_text=_("A whole number in the indicator's unit; shares in whole percent."),
    )

    class Meta:
        model = Commitment
        fields = (
            "article",
            "responsible",
            "title_ko",
            "title_en",
            "indicator_key",
            "target",
            "starts_on",
            "ends_on",
        )
        labels = {"responsible": _("Responsible")}
        widgets = {"starts_on": _day_input(), "ends_on": _day_input()}

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators.collect()
        articles: Any = self.fields["article"]
        articles.queryset = agreement.articles.all()
        responsible: Any = self.fields["responsible"]
        responsible.queryset = queries.parties_of(agreement)
        measured: Any = self.fields["indicator_key"]
        titles = [(key, indicator.title) for key, indicator in self.indicators.items()]
        measured.choices = [("", "---------"), *titles]

    def clean(self) -> None:
        """An end follows the beginning, and no share is more than the whole."""
        super().clean()
        data = self.cleaned_data
        if (starts := data.get("starts_on")) and (ends := data.get("ends_on")) and ends < starts:
            self.add_error("ends_on", _("The end lies before the beginning."))
        indicator = self.indicators.get(data.get("indicator_key", ""))
        if indicator and indicator.unit == "share" and data.get("target", 0) > 100:
            self.add_error("target", _("A share is at most 100 percent."))


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


class JoinForm(FirstPasswordForm):
    """Name and first password of somebody who was invited into a role."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it stands in your official papers."),
    )
    field_order = ("full_name", "password1", "password2")


def _article(number: int, line: str) -> ArticleText:
    korean, _bar, english = (part.strip() for part in _BAR.sub("\n", line, count=1).partition("\n"))
    if not korean:
        raise forms.ValidationError(
            _("Article %(number)s has no Korean text."), params={"number": number}
        )
    if max(len(korean), len(english)) > _ARTICLE_LENGTH:
        raise forms.ValidationError(
            _("Article %(number)s is longer than %(length)s characters."),
            params={"number": number, "length": _ARTICLE_LENGTH},
        )
    return ArticleText(number=number, text_ko=korean, text_en=english)


def _converted(convert: Any, typed: str) -> str:
    if not typed:
        return ""
    try:
        return str(convert(typed))
    except CellError as error:
        raise forms.ValidationError(str(error)) from error
