"""Forms of objections and counselling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import CounselAction, CounselOutcome


class AppealForm(forms.Form):
    """What somebody objects to."""

    words = forms.CharField(
        label=_("What do you object to, and why?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    """The answer to an objection."""

    accept = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Accept: it will be corrected and decided again")), ("no", _("Reject"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=_("Why"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CounselForm(forms.Form):
    """What was done after a warning."""

    action = forms.ChoiceField(label=_("What was done"), choices=CounselAction.choices)
    words = forms.CharField(
        label=_("Note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Only you and overseeing officers read it; every reading is recorded."),
    )


class OutcomeForm(forms.Form):
    """Whether the person recovered."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=CounselOutcome.choices)
