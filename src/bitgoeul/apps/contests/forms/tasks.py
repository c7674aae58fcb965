"""Forms of tasks and of scoring them anew."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.forms.uploads import CSV, content_of
from bitgoeul.apps.contests.models import Contest
from bitgoeul.apps.labs.enums import PREDICTION_METRICS, LabKind, LabState
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.services import LAB_DOOR


class _TaskForm(forms.Form):
    """What every task says of itself."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)


class PredictionTaskForm(_TaskForm):
    """A task whose answer is a table of predictions."""

    FILES = ("train", "test", "sample", "truth")
    task_ko = forms.CharField(
        label=_("Task in Korean"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    task_en = forms.CharField(
        label=_("Task in English"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = forms.CharField(
        label=_("Source and licence of the data"), max_length=300, required=False
    )
    metric = forms.ChoiceField(label=_("Metric"), choices=PREDICTION_METRICS)
    id_column = forms.CharField(label=_("Id column"), max_length=60, initial="id")
    target_column = forms.CharField(label=_("Target column"), max_length=60, initial="target")
    usage_column = forms.CharField(
        label=_("Column that splits the truth"),
        max_length=60,
        required=False,
        initial="Usage",
        help_text=_(
            "It says Public or Private for each row, as in Kaggle's solution.csv. "
            "Empty: every row counts for both."
        ),
    )
    train = forms.FileField(label=_("Training data"), widget=forms.FileInput(attrs=CSV))
    test = forms.FileField(label=_("Test data"), widget=forms.FileInput(attrs=CSV))
    sample = forms.FileField(
        label=_("Sample submission"),
        widget=forms.FileInput(attrs=CSV),
        help_text=_("A file as it may be handed in; it must score against the truth."),
    )
    truth = forms.FileField(
        label=_("Truth"),
        widget=forms.FileInput(attrs=CSV),
        help_text=_("Never leaves the server, for nobody."),
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        facts = dict(self.cleaned_data)
        return facts | {name: content_of(facts[name], LAB_DOOR) for name in self.FILES}


class LabTaskForm(_TaskForm):
    """A task from a lab that was made for it: a function or a notebook."""

    lab = forms.ModelChoiceField(
        label=_("Lab"),
        queryset=Lab.objects.none(),
        help_text=_(
            "A draft of the organiser; it is reached through the contest only from now on."
        ),
    )

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = Lab.objects.filter(
            owner=contest.owner_id, state=LabState.DRAFT, held_by_kind="",
            kind__in=(LabKind.FUNCTION, LabKind.NOTEBOOK, LabKind.PREDICTION),
        )  # fmt: skip
        self.fields["lab"].queryset = drafts  # type: ignore[attr-defined]  # a choice of rows


class RejudgeForm(forms.Form):
    """Why everything is scored anew, and a corrected truth."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Everybody who takes part is told.")
    )
    truth = forms.FileField(
        label=_("Corrected truth"),
        required=False,
        widget=forms.FileInput(attrs=CSV),
        help_text=_("Without one, the present truth is used with the present engine."),
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        upload = self.cleaned_data["truth"]
        truth = content_of(upload, LAB_DOOR) if upload else None
        return {"reason": self.cleaned_data["reason"], "truth": truth}
