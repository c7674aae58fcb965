"""Forms of teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.enums import TeamState
from bitgoeul.apps.contests.models import Team


class TeamForm(forms.Form):
    """A new team."""

    name = forms.CharField(label=_("Team name"), max_length=60)
    agreed = forms.BooleanField(
        label=_("I have read the texts above and agree to them"), required=False
    )

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields["agreed"].widget = forms.HiddenInput()


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("A letter with a link that works once. Empty: a link for you to pass on."),
    )
    days = forms.IntegerField(label=_("Works for days"), min_value=1, max_value=30, initial=7)


class PersonForm(forms.Form):
    """One of a team's people."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["person"].queryset = some  # type: ignore[attr-defined]  # a choice of rows


class MergeForm(forms.Form):
    """Which team is asked to join."""

    joining = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.filter(contest=team.contest_id, state=TeamState.ACTIVE)
        self.fields["joining"].queryset = others.exclude(pk=team.pk)  # type: ignore[attr-defined]  # the same


class ReasonForm(forms.Form):
    """Why the organiser acts on a team."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class TeamFilter(forms.Form):
    """Which teams to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *TeamState.choices]
    )
