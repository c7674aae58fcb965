"""Forms of vacancies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import EmploymentType, VacancyState
from bitgoeul.apps.careers.forms.dates import day_input
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.credentials.models import Skill


class VacancyForm(forms.ModelForm):
    """A vacancy as its employer writes it; the share of local talents is asked in per cent."""

    local_percent = forms.IntegerField(
        label=_("Target share of local talents in per cent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("30 means that three of ten seats are meant for local talents."),
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills asked for"),
        required=False,
        help_text=_("They are held against what is taught. Without a choice, the text counts."),
    )

    class Meta:
        model = Vacancy
        fields = (
            "organisation",
            "number",
            "title_ko",
            "title_en",
            "description",
            "research_centre",
            "site",
            "region",
            "employment_type",
            "seats",
            "wage_from_won",
            "wage_to_won",
            "opens_on",
            "closes_on",
        )
        labels = {"organisation": _("Organisation")}
        widgets = {
            "opens_on": day_input(),
            "closes_on": day_input(),
            "description": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "number": _("Leave it empty to be given one."),
            "description": _(
                "Say what the work is. Never ask for looks, birthplace, family or wealth."
            ),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = rules.employers_of(person)  # type: ignore[attr-defined]  # a choice of rows
        self.fields["number"].required = False
        skills = Skill.objects.order_by("name_ko")
        self.fields["skills"].choices = [(row.key, row.name) for row in skills]  # type: ignore[attr-defined]  # a choice
        if self.instance.pk:
            del self.fields["organisation"]
            self.initial["local_percent"] = round(self.instance.local_share * 100)
            self.initial["skills"] = list(self.instance.skills)

    def clean_number(self) -> str:
        """An empty number keeps the present one, or asks for a new one."""
        return self.cleaned_data["number"] or (self.instance.number if self.instance.pk else "")

    def clean(self) -> dict[str, Any]:
        """Compare dates and wages with each other."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("opens_on"), cleaned.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day is before the first one."))
        low, high = cleaned.get("wage_from_won"), cleaned.get("wage_to_won")
        if low is not None and high is not None and high < low:
            self.add_error("wage_to_won", _("The highest wage is below the lowest one."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what the services take."""
        facts = {
            name: value for name, value in self.cleaned_data.items() if name != "local_percent"
        }
        facts["local_share"] = (self.cleaned_data.get("local_percent") or 0) / 100
        facts["skills"] = sorted(self.cleaned_data["skills"])
        return facts


class VacancyFilter(forms.Form):
    """Which vacancies to list."""

    q = forms.CharField(label=_("Words in title or organisation"), required=False, max_length=80)
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("All regions")), *Region.choices]
    )
    employment_type = forms.ChoiceField(
        label=_("Kind of employment"),
        required=False,
        choices=[("", _("All kinds")), *EmploymentType.choices],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *VacancyState.choices],
    )
    research_centre = forms.BooleanField(label=_("Research centre only"), required=False)
