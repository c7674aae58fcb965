"""Forms of announcements, questions and answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.models import Announcement


class AnnouncementForm(forms.ModelForm):
    """What is announced."""

    class Meta:
        model = Announcement
        fields = ("title_ko", "title_en", "text_ko", "text_en")


class QuestionForm(forms.Form):
    """What is asked."""

    text = forms.CharField(
        label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The answer is read by everybody; your name is not."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What is answered."""

    answer = forms.CharField(
        label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    hidden = forms.BooleanField(label=_("For whoever asked only"), required=False)
