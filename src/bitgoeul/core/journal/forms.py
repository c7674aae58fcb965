"""The forms of the journal's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """What a file with other people's data is needed for."""

    reason = forms.CharField(
        label=_("What the file is needed for"),
        min_length=5,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the steering committee asked for the list of 3 June."),
    )


class ReviewForm(forms.Form):
    """What the reviewer of a month found out about what was flagged."""

    note = forms.CharField(
        label=_("What I found out"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For each flag: whom you asked, and what they answered."),
    )

    def __init__(self, *args: object, flagged: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.fields["note"].required = flagged
