"""Forms of exclusions from the employment rate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import ExclusionReason
from bitgoeul.apps.careers.forms.dates import day_input
from bitgoeul.apps.programmes.models import Cohort


class ExclusionFilter(forms.Form):
    """Which exclusions to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)


class ExclusionForm(forms.Form):
    """A person who does not count in the employment rate."""

    cohort = forms.ModelChoiceField(label=_("Cohort"), queryset=Cohort.objects.none())
    email = forms.EmailField(label=_("E-mail of the graduate"))
    reason = forms.ChoiceField(label=_("Reason"), choices=ExclusionReason.choices)
    evidence_on = forms.DateField(label=_("Date of the evidence"), widget=day_input())
    evidence_note = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=200,
        help_text=_("What was shown, such as a letter of admission. No diagnosis, no number."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.filter(pk__in=rules.cohorts_run_by(person).values("pk"))
        self.fields["cohort"].queryset = cohorts.select_related("programme")  # type: ignore[attr-defined]  # a choice of rows

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()
