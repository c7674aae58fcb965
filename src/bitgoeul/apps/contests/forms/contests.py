"""Forms of contests and of the texts to agree to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Agreement, Organisation, User
from bitgoeul.apps.alliance.rules import officer_organisations
from bitgoeul.apps.contests.enums import ContestKind, ContestState
from bitgoeul.apps.contests.forms.moments import moments
from bitgoeul.apps.contests.models import Contest, Terms
from bitgoeul.apps.contests.rules import contest_owners_for


class ContestChangesForm(forms.ModelForm):
    """What of a contest is changed while it stands."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        choices=Region.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever lives there may take part; without a choice everybody may."),
    )

    class Meta:
        model = Contest
        fields: tuple[str, ...] = (
            "title_ko",
            "title_en",
            "summary_ko",
            "summary_en",
            "text_ko",
            "text_en",
            "prizes_ko",
            "prizes_en",
            "prize_places",
            "agreement",
            "registration_opens_at",
            "registration_closes_at",
            "team_least",
            "team_most",
            "age_from",
            "age_to",
            "regions",
            "external_data",
        )
        widgets = moments("registration_opens_at", "registration_closes_at")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = officer_organisations(person)
        agreements = Agreement.objects.filter(signatories__organisation__in=mine).distinct()
        if self.instance.agreement_id:
            standing = Agreement.objects.filter(pk=self.instance.agreement_id)
            agreements = agreements | standing.distinct()
        self.fields["agreement"].queryset = agreements  # type: ignore[attr-defined]  # a choice of rows
        self.fields["agreement"].help_text = _(
            "Officers of its city and university parties run the contest, too."
        )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)


class ContestForm(ContestChangesForm):
    """A new contest."""

    class Meta(ContestChangesForm.Meta):
        fields = ("kind", "key", "owner", *ContestChangesForm.Meta.fields)
        help_texts = {"key": _("Short, in Latin letters, for addresses and files.")}
        labels = {"owner": _("Organiser")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        mine = Organisation.objects.filter(contest_owners_for(person))
        self.fields["owner"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows


class TermsForm(forms.ModelForm):
    """The next version of a text to agree to."""

    class Meta:
        model = Terms
        fields = ("kind", "text_ko", "text_en")


class ContestFilter(forms.Form):
    """Which contests to list."""

    q = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *ContestKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *ContestState.choices]
    )
