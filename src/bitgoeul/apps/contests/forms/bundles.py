"""Forms of bundles of other platforms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.contests.forms.moments import WIDGET
from bitgoeul.apps.contests.rules import contest_owners_for
from bitgoeul.apps.labs.services import Content


class BundleUploadForm(forms.Form):
    """A bundle of another platform."""

    bundle = forms.FileField(
        label=_("Bundle"),
        help_text=_("The zip that the other platform takes, at most 64 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )


class BundleFactsForm(forms.Form):
    """What a bundle does not say: who holds the contest, what it is called here, and when."""

    token = forms.CharField(widget=forms.HiddenInput)
    key = forms.SlugField(
        label=_("Key"), max_length=60,
        help_text=_("Short, in Latin letters, for addresses and files."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(label=_("Organiser"), queryset=Organisation.objects.none())
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    opens_at = forms.DateTimeField(
        label=_("First phase opens"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET),
    )
    closes_at = forms.DateTimeField(
        label=_("Last phase closes"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET),
        help_text=_("Phases keep the distances that they have in the bundle."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(contest_owners_for(person))
        self.fields["owner"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows

    def facts(self, content: bytes) -> dict[str, Any]:
        """Return what the service takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {"bundle": Content(name="bundle.zip", data=content), **said}
