"""Forms of matching rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.forms.dates import moment_input
from bitgoeul.apps.careers.models import MatchingRound, Vacancy
from bitgoeul.apps.programmes.models import Cohort


class RoundForm(forms.ModelForm):
    """A round before it opens."""

    vacancies = forms.ModelMultipleChoiceField(
        label=_("Vacancies in the round"),
        queryset=Vacancy.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = MatchingRound
        fields = (
            "cohort",
            "name_ko",
            "name_en",
            "closes_at",
            "offers_expire_at",
            "reserve_mode",
            "reserve_rounding",
            "reserve_min_seats",
            "reserve_floor",
            "reserve_extra_cap",
            "vacancies",
        )
        labels = {"cohort": _("Cohort")}
        widgets = {"closes_at": moment_input(), "offers_expire_at": moment_input()}
        help_texts = {
            "reserve_mode": _("The share itself stands at each vacancy."),
            "reserve_floor": _("Only where extra people pass above the seats; empty: no floor."),
            "reserve_extra_cap": _("Only where extra people pass; 0.1 is a tenth of the seats."),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.filter(pk__in=rules.cohorts_run_by(person).values("pk"))
        self.fields["cohort"].queryset = cohorts.select_related("programme")  # type: ignore[attr-defined]  # a choice of rows
        self.fields["vacancies"].queryset = Vacancy.objects.filter(  # type: ignore[attr-defined]  # the same
            state=VacancyState.OPEN
        ).select_related("organisation")
        self.fields["vacancies"].label_from_instance = _vacancy_label  # type: ignore[attr-defined]  # the same
        if self.instance.pk:
            del self.fields["cohort"]

    def clean(self) -> dict[str, Any]:
        """Answers cannot end before the collecting does."""
        cleaned = super().clean() or self.cleaned_data
        closes, expire = cleaned.get("closes_at"), cleaned.get("offers_expire_at")
        if closes and expire and expire < closes:
            self.add_error("offers_expire_at", _("This is before ratings and rankings have ended."))
        return cleaned


def _vacancy_label(vacancy: Vacancy) -> str:
    return f"{vacancy.organisation} – {vacancy.title} ({vacancy.number}, {vacancy.seats})"
