"""Forms of the labs."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.labs.enums import LabState, Metric, SubmissionState
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.rules import staff_organisations
from bitgoeul.apps.labs.services import LAB_DOOR, Content
from bitgoeul.core.uploads import Door

_FILES = ("train", "test", "sample", "truth")
_CSV = {"accept": ".csv,text/csv"}


class SubmissionForm(forms.Form):
    """A file of predictions to hand in; the service says what is wrong with it."""

    file = forms.FileField(
        label=_("File of predictions"),
        help_text=_("CSV in the form of the sample submission, at most 5 MB."),
        widget=forms.FileInput(attrs=_CSV),
        allow_empty_file=True,
    )


class LabForm(forms.ModelForm):
    """A new lab with its four files."""

    metric = forms.ChoiceField(label=_("Metric"), choices=Metric.choices)
    train = forms.FileField(label=_("Training data"), widget=forms.FileInput(attrs=_CSV))
    test = forms.FileField(
        label=_("Test data"),
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("Without the column that is to be predicted."),
    )
    sample = forms.FileField(
        label=_("Sample submission"),
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("A file as it may be handed in; it must score against the truth."),
    )
    truth = forms.FileField(
        label=_("Truth"),
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("Never leaves the server, for nobody."),
    )

    class Meta:
        model = Lab
        fields = (
            "key",
            "title_ko",
            "title_en",
            "task_ko",
            "task_en",
            "owner",
            "source",
            "metric",
            "id_column",
            "target_column",
            "pass_score",
            "daily_limit",
            "opens_at",
            "closes_at",
        )
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("opens_at", "closes_at")
        }
        labels = {"owner": _("Given by")}
        help_texts = {"key": _("Short, in Latin letters, for addresses and files.")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            pk__in=staff_organisations(person)
        )

    def facts(self) -> dict[str, Any]:
        """Return what `services.create_lab` takes."""
        facts = dict(self.cleaned_data)
        for name in _FILES:
            facts[name] = content_of(facts[name], LAB_DOOR)
        return facts


class LabFilter(forms.Form):
    """Which labs to list."""

    q = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *LabState.choices]
    )


class SubmissionFilter(forms.Form):
    """Which submissions to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *SubmissionState.choices]
    )


def content_of(upload: UploadedFile, door: Door) -> Content:
    """Read an uploaded file: of one that is too long, only as much as shows that it is."""
    return Content(name=upload.name or "file", data=upload.read(door.most_bytes + 1))
