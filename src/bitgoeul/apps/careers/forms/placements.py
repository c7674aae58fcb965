"""Forms of placements: how they begin, what proves them, how they end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.careers.enums import EvidenceKind, PlacementKind
from bitgoeul.apps.careers.forms.dates import day_input


class StartForm(forms.Form):
    """A job that an accepted offer led to."""

    started_on = forms.DateField(label=_("First day at work"), widget=day_input())
    evidence_kind = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[("", _("None yet")), *EvidenceKind.choices],
    )
    evidence_on = forms.DateField(
        label=_("Date of the evidence"), required=False, widget=day_input()
    )

    def clean(self) -> dict[str, Any]:
        """Evidence has a kind and a date, or neither."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("evidence_kind")) != bool(cleaned.get("evidence_on")):
            name = "evidence_on" if cleaned.get("evidence_kind") else "evidence_kind"
            self.add_error(name, _("Evidence needs both its kind and its date."))
        return cleaned


class PlacementForm(StartForm):
    """A job or an own company that began without an offer."""

    email = forms.EmailField(label=_("E-mail of the graduate"))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.order_by("name_ko")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)

    field_order = ("email", "organisation", "kind")

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class EvidenceForm(StartForm):
    """What proves a job."""

    started_on = None  # type: ignore[assignment]  # Django's way to leave out an inherited field


class EndForm(forms.Form):
    """The last day at work."""

    ended_on = forms.DateField(label=_("Last day at work"), widget=day_input())


class PlacementFilter(forms.Form):
    """Which placements to list."""

    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *PlacementKind.choices]
    )
    proof = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[
            ("", _("With and without")),
            ("there", _("Evidence there")),
            ("missing", _("Evidence missing")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), ("current", _("Still at work")), ("ended", _("Ended"))],
    )
