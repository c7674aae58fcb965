"""Forms of surveys: one survey, one question, and the sheet that somebody fills in."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import SurveyKind
from bitgoeul.apps.programmes.models import (
    SURVEY_PRESETS,
    ClassGroup,
    Cohort,
    Module,
    Survey,
    SurveyQuestion,
)
from bitgoeul.apps.programmes.models.survey import POINTS
from bitgoeul.apps.programmes.queries.surveys import SCALE_WORDS

PRESET_WORDS = {"k-scale": _("Satisfaction with the training (five-point scale)")}


def _presets() -> list[tuple[str, Any]]:
    return [("", _("no questions yet")), *((key, PRESET_WORDS[key]) for key in SURVEY_PRESETS)]


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class SurveyForm(forms.ModelForm[Survey]):
    """A survey: for whom, about what, and when."""

    preset = forms.ChoiceField(label=_("Questions start from"), choices=_presets, required=False)
    opens_at = _moment(_("Opens at"))
    closes_at = _moment(_("Closes at"))

    class Meta:
        model = Survey
        fields = (
            "title_ko", "title_en", "about_ko", "about_en", "module", "class_group", "opens_at",
            "closes_at",
        )  # fmt: skip
        labels = {
            "title_ko": _("Title in Korean"),
            "title_en": _("Title in English"),
            "about_ko": _("Introduction in Korean"),
            "about_en": _("Introduction in English"),
            "module": _("About the module"),
            "class_group": _("Only this class"),
        }
        help_texts = {
            "module": _("Empty: about the course. Who teaches it reads the results."),
            "class_group": _("Empty: everybody of the cohort or of the module's track."),
        }
        widgets = {
            "about_ko": forms.Textarea(attrs={"rows": 3}),
            "about_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = Module.objects.filter(cohort=cohort)
        classes = ClassGroup.objects.filter(track__cohort=cohort)
        self.fields["module"].queryset = modules  # type: ignore[attr-defined]  # a choice of rows
        self.fields["class_group"].queryset = classes  # type: ignore[attr-defined]  # a choice of rows
        if self.instance.pk:
            del self.fields["preset"]

    def facts(self) -> dict[str, Any]:
        """Return what the service wants."""
        data = dict(self.cleaned_data)
        preset = data.pop("preset", "")
        return {"values": data} if self.instance.pk else {"values": data, "preset": preset}

    def _post_clean(self) -> None:
        """Leave the row to the service: it checks it in one transaction."""


class SurveyQuestionForm(forms.ModelForm[SurveyQuestion]):
    """One question."""

    class Meta:
        model = SurveyQuestion
        fields = ("kind", "area_ko", "area_en", "text_ko", "text_en")
        labels = {
            "kind": _("Kind of answer"),
            "area_ko": _("Area in Korean"),
            "area_en": _("Area in English"),
            "text_ko": _("Question in Korean"),
            "text_en": _("Question in English"),
        }

    def _post_clean(self) -> None:
        """Leave the row to the service: it checks it in one transaction."""


class SheetForm(forms.Form):
    """The questions as somebody answers them."""

    def __init__(self, *args: Any, questions: list[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = [(point, words) for point, words in zip(POINTS, SCALE_WORDS, strict=True)]
        for question in questions:
            name = str(question.uuid)
            label = f"{question.area}: {question.text}" if question.area else question.text
            if question.kind == SurveyKind.SCALE:
                self.fields[name] = forms.TypedChoiceField(
                    label=label, choices=points, coerce=int, widget=forms.RadioSelect
                )
            else:
                self.fields[name] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=2000,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=_("Write nothing that says who you are."),
                )

    def answers(self) -> dict[UUID, int | str]:
        """Return the answers by question."""
        return {UUID(name): value for name, value in self.cleaned_data.items()}
