"""Forms of entries."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import EntryState, ExternalData
from bitgoeul.apps.contests.models import Entry, Task, Team
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.services import SUBMISSION_DOORS


class EntryForm(forms.Form):
    """A file to hand in for the team."""

    file = forms.FileField(label=_("File to hand in"), allow_empty_file=True)
    note = forms.CharField(
        label=_("Note for the team"), max_length=200, required=False,
        help_text=_("For instance which model it is; only your team and the organiser read it."),
    )  # fmt: skip
    external_data = forms.CharField(
        label=_("Data from elsewhere that was used"), max_length=1000, required=False
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = task.lab.kind if task.lab else LabKind.PREDICTION
        suffixes = ",".join(f".{one}" for one in SUBMISSION_DOORS[kind].suffixes)
        self.fields["file"].widget.attrs["accept"] = suffixes
        if task.phase.contest.external_data == ExternalData.NONE:
            del self.fields["external_data"]


class FinalsForm(forms.Form):
    """Which entries count in the end."""

    entries = forms.ModelMultipleChoiceField(
        label=_("Entries"), queryset=Entry.objects.none(), required=False
    )

    def __init__(self, *args: Any, team: Team, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Entry.objects.filter(team=team, task=task)
        self.fields["entries"].queryset = own  # type: ignore[attr-defined]  # a choice of rows


class EntryFilter(forms.Form):
    """Which entries to list."""

    q = forms.CharField(label=_("Part of the team's name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *EntryState.choices]
    )
