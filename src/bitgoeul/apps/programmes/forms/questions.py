"""The form that makes a form: one question; and its questions as fields on the applicant's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import DuplicateVerdict, QuestionKind
from bitgoeul.apps.programmes.models import Question
from bitgoeul.apps.programmes.models.form import LONGEST

PREFIX = "q_"
"""What stands before a question's key in the name of its field."""
_PARTS = (2, 3)
_ACCEPT = {"accept": ".pdf,.hwpx,.hwp,.docx,.xlsx,.pptx,.txt,.csv,.png,.jpg,.jpeg"}


class QuestionForm(forms.ModelForm[Question]):
    """One question of a form."""

    options = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line: key | Korean | English; the English may be empty."),
    )

    class Meta:
        model = Question
        fields = (
            "kind", "key", "label_ko", "label_en", "help_ko", "help_en", "options", "required",
            "blind",
        )  # fmt: skip
        labels = {
            "kind": _("Kind of answer"),
            "key": _("Key"),
            "label_ko": _("Question in Korean"),
            "label_en": _("Question in English"),
            "help_ko": _("Help in Korean"),
            "help_en": _("Help in English"),
            "required": _("Must be answered"),
            "blind": _("Hidden from reviewers"),
        }
        help_texts = {
            "key": _("Small letters, digits and _; it names the answer in files."),
            "help_ko": _("Of a consent: the text that people agree to."),
            "blind": _("For what would tell who somebody is, or is nobody's to judge."),
        }
        widgets = {
            "help_ko": forms.Textarea(attrs={"rows": 3}),
            "help_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        if question is not None:
            kwargs.setdefault("initial", first_values(question))
        super().__init__(*args, **kwargs)

    def clean_options(self) -> list[dict[str, str]]:
        """Read the choices line by line; every line that cannot be read is named."""
        found: list[dict[str, str]] = []
        faults: list[str] = []
        lines = self.cleaned_data["options"].splitlines()
        for number, line in enumerate(lines, start=1):
            parts = [part.strip() for part in line.split("|")]
            if not any(parts):
                continue
            if len(parts) not in _PARTS or not parts[0] or not parts[1]:
                text = gettext("Line %(number)s: key | Korean | English is needed.")
                faults.append(text % {"number": number})
            elif parts[0] in {each["key"] for each in found}:
                text = gettext("Line %(number)s: the key “%(key)s” stands above already.")
                faults.append(text % {"number": number, "key": parts[0]})
            else:
                english = parts[2] if len(parts) == max(_PARTS) else ""
                found.append({"key": parts[0][:40], "ko": parts[1][:200], "en": english[:200]})
        if faults:
            raise ValidationError(faults)
        return found

    def plan(self) -> services.QuestionPlan:
        """Return what the service wants."""
        return services.QuestionPlan(**self.cleaned_data)


class DuplicateForm(forms.Form):
    """Whether two applications are of one person."""

    verdict = forms.ChoiceField(
        label=_("These are"), choices=DuplicateVerdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AccommodationForm(forms.Form):
    """The office's answer to what somebody needs."""

    granted = forms.ChoiceField(
        label=_("Is it possible?"), choices=[("yes", _("Yes")), ("no", _("No"))]
    )
    answer = forms.CharField(
        label=_("What is done, or why it is not possible"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def first_values(question: Question) -> dict[str, Any]:
    """Return a question as the builder's form begins with it."""
    lines = (" | ".join((each["key"], each["ko"], each.get("en", ""))) for each in question.options)
    plain = {name: getattr(question, name) for name in QuestionForm.Meta.fields}
    return plain | {"options": "\n".join(lines)}


def field_of(question: Question) -> forms.Field:
    """Return the field in which a question is answered."""
    said: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    choices = question.choices() if question.options else []
    kind = QuestionKind(question.kind)
    if kind in (QuestionKind.SHORT, QuestionKind.LONG):
        widget = forms.Textarea(attrs={"rows": 6}) if kind == QuestionKind.LONG else None
        return forms.CharField(max_length=LONGEST[kind], widget=widget, **said)
    if kind == QuestionKind.NUMBER:
        return forms.DecimalField(max_digits=18, decimal_places=6, **said)
    if kind == QuestionKind.DATE:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=day, **said)
    if kind == QuestionKind.SINGLE:
        return forms.ChoiceField(choices=[("", _("Please choose")), *choices], **said)
    if kind == QuestionKind.MULTIPLE:
        several = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=several, **said)
    if kind == QuestionKind.YES_NO:
        either = [("", _("Please choose")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=either, **said)
    if kind == QuestionKind.FILE:
        return forms.FileField(allow_empty_file=True, widget=forms.FileInput(attrs=_ACCEPT), **said)
    return forms.BooleanField(**said)


def given_of(
    cleaned: Mapping[str, Any], questions: Sequence[Question], *, need: str | None
) -> services.Given:
    """Return what was answered as the service wants it."""
    values: dict[str, Any] = {}
    papers: dict[str, Paper] = {}
    for question in questions:
        value = cleaned.get(PREFIX + question.key)
        if question.kind == QuestionKind.FILE:
            # Without a new upload the field gives back the name of the file that stands.
            if isinstance(value, UploadedFile):
                papers[question.key] = Paper(name=value.name or "", content=value.read())
        else:
            values[question.key] = "" if value is None else _plain(value)
    return services.Given(values=values, papers=papers, need=need)


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | list | str) else str(value)
