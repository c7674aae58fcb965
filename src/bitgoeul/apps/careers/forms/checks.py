"""Forms of retention checks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.enums import CheckState


class CheckFilter(forms.Form):
    """Which retention checks to list."""

    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), ("open", _("Without an answer")), *CheckState.choices],
    )


class AnswerForm(forms.Form):
    """The answer to a retention check."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[choice for choice in CheckState.choices if choice[0] != CheckState.DUE],
    )
