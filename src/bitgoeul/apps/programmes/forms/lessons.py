"""Forms of lessons, announcements, questions and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.forms.projects import HandInForm
from bitgoeul.apps.programmes.models import Announcement, ClassGroup, ClassQuestion, Cohort, Lesson


class LessonForm(forms.ModelForm):
    """A lesson; a file is added to those that it has."""

    file = HandInForm.base_fields["file"]

    class Meta:
        model = Lesson
        fields = ("order", "title_ko", "title_en", "text", "video", "released_on")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 14}),
            "released_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "text": _(
                "Markdown: # heading, **bold**, - list, 1. list, `code`, [words](https://…), "
                "tables. Look at it with “Preview”; a file is chosen after that."
            ),
            "video": _("Begins with https://."),
            "released_on": _("Trainees read it from this day on."),
        }

    def values(self) -> dict[str, Any]:
        """Return what is written."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def work(self) -> services.Work | None:
        """Return the file."""
        return HandInForm.work(self)  # type: ignore[arg-type]  # it has the field


class AnnouncementForm(forms.ModelForm):
    """An announcement for everyone or one class."""

    class Meta:
        model = Announcement
        fields = ("title", "text", "class_group")
        labels = {"class_group": _("Class")}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["class_group"]
        classes = ClassGroup.objects.filter(track__cohort=cohort).order_by("track__key", "key")
        field.queryset = classes  # type: ignore[attr-defined]  # a choice field
        field.empty_label = _("All classes")  # type: ignore[attr-defined]  # a choice field


class QuestionForm(forms.ModelForm):
    """A question to who teaches."""

    class Meta:
        model = ClassQuestion
        fields = ("title", "text", "module", "shared")
        labels = {"module": _("Module")}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = cohort.modules.order_by("order", "key")
        self.fields["module"].queryset = modules  # type: ignore[attr-defined]  # a choice field


class AnswerForm(forms.Form):
    """An answer, or what one asks back."""

    text = forms.CharField(
        label=_("Answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
