"""Forms of the labs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.apps.labs.enums import PREDICTION_METRICS, LabKind, LabState, SubmissionState
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.queries.specs import Question
from bitgoeul.apps.labs.rules import staff_organisations
from bitgoeul.apps.labs.services import (
    AUTOTESTS_DOOR,
    DATA_DOOR,
    LAB_DOOR,
    SUBMISSION_DOORS,
    Content,
    Mark,
)
from bitgoeul.core.uploads import Door

_FILES = ("train", "test", "sample", "truth")
_CSV = {"accept": ".csv,text/csv"}


_MOMENTS = ("opens_at", "closes_at")
_ASKED = {
    LabKind.PREDICTION: _("CSV in the form of the sample submission, at most 5 MB."),
    LabKind.FUNCTION: _("A Python file (.py) that defines the function, at most 200 kB."),
    LabKind.NOTEBOOK: _("The notebook (.ipynb) that you took from here, at most 5 MB."),
    LabKind.BUNDLE: _("A zip with your program or your results, or one file of results."),
}


class SubmissionForm(forms.Form):
    """A file to hand in; the service says what is wrong with it."""

    file = forms.FileField(label=_("File to hand in"), allow_empty_file=True)

    def __init__(self, *args: Any, kind: str = LabKind.PREDICTION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind in _ASKED:
            field = self.fields["file"]
            field.help_text = _ASKED[LabKind(kind)]
            suffixes = ",".join(f".{one}" for one in SUBMISSION_DOORS[kind].suffixes)
            field.widget.attrs["accept"] = suffixes


class AnswersForm(forms.Form):
    """A text field for each question."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            points = gettext("(%(points)s points)") % {"points": f"{question.points:g}"}
            self.fields[question.key] = forms.CharField(
                label=f"{question.text} {points}",
                required=False,
                max_length=5_000,
                widget=forms.Textarea(attrs={"rows": 5}),
            )


class MarksForm(forms.Form):
    """Points and a comment for each answer."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"points_{question.key}"] = forms.FloatField(
                label=gettext("Points for “%(question)s”") % {"question": question.text},
                min_value=0,
                max_value=question.points,
                help_text=question.rubric,
            )
            self.fields[f"comment_{question.key}"] = forms.CharField(
                label=gettext("Comment"),
                required=False,
                max_length=1_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def marks(self) -> dict[str, Mark]:
        """Return what the service takes."""
        given = self.cleaned_data
        return {
            question.key: Mark(
                points=given[f"points_{question.key}"], comment=given[f"comment_{question.key}"]
            )
            for question in self.questions
        }


def _moment_inputs() -> dict[str, forms.Widget]:
    return {
        name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        for name in _MOMENTS
    }


class LabForm(forms.ModelForm):
    """A new lab with its four files."""

    metric = forms.ChoiceField(label=_("Metric"), choices=PREDICTION_METRICS)
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
        widgets = _moment_inputs()
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


_TASK = (
    "key",
    "title_ko",
    "title_en",
    "task_ko",
    "task_en",
    "owner",
    "source",
    "pass_score",
    "daily_limit",
    "total_limit",
)


class _TaskLabForm(forms.ModelForm):
    """What the labs with points have in common; each names its files."""

    FILES: ClassVar[tuple[str, ...]] = ()
    DOOR_OF: ClassVar[dict[str, Door]] = {}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pass_score"].label = _("Points needed to pass")
        self.fields["owner"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            pk__in=staff_organisations(person)
        )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        facts = dict(self.cleaned_data)
        for name in self.FILES:
            upload = facts[name]
            door = self.DOOR_OF.get(name, SUBMISSION_DOORS[LabKind.NOTEBOOK])
            facts[name] = content_of(upload, door) if upload else None
        return facts


class FunctionLabForm(_TaskLabForm):
    """A new lab that asks for a Python function."""

    FILES = ("checks", "starter", "solution")
    checks = forms.FileField(
        label=_("Checks"),
        widget=forms.FileInput(attrs={"accept": ".json"}),
        help_text=_("JSON: the function's name, inputs, expected answers and points."),
    )
    starter = forms.FileField(
        label=_("File to start from"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".py"}),
    )
    solution = forms.FileField(
        label=_("Solution"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".py"}),
        help_text=_("Run against the checks before the lab is made; leaves the server for nobody."),
    )

    class Meta:
        model = Lab
        fields = (*_TASK, "seconds", "memory_mb", "open_to_all", *_MOMENTS)
        labels = {"owner": _("Given by")}
        widgets = _moment_inputs()


class NotebookLabForm(_TaskLabForm):
    """A new lab from a source notebook."""

    FILES = ("source_notebook", "data_file", "autotests_file")
    DOOR_OF: ClassVar[dict[str, Door]] = {
        "data_file": DATA_DOOR,
        "autotests_file": AUTOTESTS_DOOR,
    }
    source_notebook = forms.FileField(
        label=_("Source notebook"),
        widget=forms.FileInput(attrs={"accept": ".ipynb"}),
        help_text=_(
            "Of nbgrader or otter, with solutions and hidden tests; participants get it without."
        ),
    )
    data_file = forms.FileField(
        label=_("Data beside the notebook"), required=False, widget=forms.FileInput(attrs=_CSV)
    )
    autotests_file = forms.FileField(
        label=_("Templates of AUTOTEST lines (autotests.yml)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yml,.yaml"}),
        help_text=_(
            "Only where the source has such lines and templates of its own; otherwise nbgrader's "
            "are taken. The source runs once in the sandbox, and its values become the tests."
        ),
    )

    class Meta:
        model = Lab
        fields = (*_TASK, "seconds", "memory_mb", "open_to_all", *_MOMENTS)
        labels = {"owner": _("Given by")}
        widgets = _moment_inputs()

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        facts = super().facts()
        facts["notebook"] = facts.pop("source_notebook")
        facts["data"] = facts.pop("data_file")
        facts["autotests"] = facts.pop("autotests_file")
        return facts


class AnswerLabForm(_TaskLabForm):
    """A new lab whose questions are answered in words."""

    FILES = ("questions",)
    questions = forms.FileField(
        label=_("Questions"),
        widget=forms.FileInput(attrs={"accept": ".json"}),
        help_text=_("JSON: questions in Korean and English, points, and a rubric for each."),
    )

    class Meta:
        model = Lab
        fields = (*_TASK, "open_to_all", *_MOMENTS)
        labels = {"owner": _("Given by")}
        widgets = _moment_inputs()


class LabSettingsForm(forms.ModelForm):
    """What of a lab is changed while it stands."""

    skills = forms.ModelMultipleChoiceField(
        label=_("Skills proved"), queryset=Skill.objects.order_by("name_ko"), required=False
    )

    class Meta:
        model = Lab
        fields = (
            "title_ko",
            "title_en",
            "task_ko",
            "task_en",
            "source",
            "pass_score",
            "daily_limit",
            "total_limit",
            "open_to_all",
            *_MOMENTS,
            "skills",
            "achievement",
        )
        widgets = _moment_inputs()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["achievement"].queryset = Achievement.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            issuer=self.instance.owner_id, retired_at__isnull=True
        )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data) | {"skills": list(self.cleaned_data["skills"])}


class ChecksForm(forms.Form):
    """New checks for a lab with a function."""

    checks = forms.FileField(label=_("Checks"), widget=forms.FileInput(attrs={"accept": ".json"}))


class CatalogueFilter(forms.Form):
    """Which open labs to list."""

    q = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *LabKind.choices]
    )
    skill = forms.CharField(label=_("Skill"), required=False, max_length=80)


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
