"""Forms of requests to recognise an absence."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import AbsenceState, Excuse
from bitgoeul.apps.programmes.models.enrolment import HOURS_A_DAY_AT_MOST
from bitgoeul.core.uploads import PAPERS

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_ACCEPT = {"accept": ",".join(f".{suffix}" for suffix in PAPERS.suffixes)}


def _paper(upload: UploadedFile | None) -> Paper | None:
    if upload is None:
        return None
    # Of a file that is too long only as much as shows that it is.
    return Paper(name=upload.name or "file", content=upload.read(PAPERS.most_bytes + 1))


class AbsenceForm(forms.Form):
    """What somebody asks for."""

    kind = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *Excuse.choices])
    from_on = forms.DateField(label=_("First day missed"), widget=_DAY)
    until_on = forms.DateField(
        label=_("Last day missed"),
        widget=_DAY,
        required=False,
        help_text=_("Empty: the same day."),
    )
    first_hour = forms.IntegerField(
        label=_("From which hour"),
        required=False,
        min_value=1,
        max_value=HOURS_A_DAY_AT_MOST,
        help_text=_("Only for hours of one day; empty: whole days."),
    )
    last_hour = forms.IntegerField(
        label=_("Up to which hour"), required=False, min_value=1, max_value=HOURS_A_DAY_AT_MOST
    )
    words = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=forms.FileInput(attrs=_ACCEPT),
        help_text=format_lazy(
            _("It can follow later, before the decision. At most 20 MB: {kinds}."),
            kinds=PAPERS.allowed,
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Fill in the last day, and look at the hours."""
        found = super().clean() or {}
        first, last = found.get("from_on"), found.get("until_on")
        if first and last is None and "until_on" not in self.errors:
            found["until_on"] = first
        if (found.get("first_hour") is None) != (found.get("last_hour") is None):
            name = "last_hour" if found.get("last_hour") is None else "first_hour"
            self.add_error(name, gettext("Hours need the first and the last of them."))
        return found

    def facts(self) -> services.AbsenceFacts:
        """Return what is asked for as the service wants it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return services.AbsenceFacts(**values)

    def paper(self) -> Paper | None:
        """Return the file that came with it."""
        return _paper(self.cleaned_data.get("file"))


class EvidenceForm(forms.Form):
    """The evidence of a request that waits."""

    file = forms.FileField(
        label=_("Evidence"),
        widget=forms.FileInput(attrs=_ACCEPT),
        help_text=format_lazy(_("At most 20 MB: {kinds}."), kinds=PAPERS.allowed),
    )

    def paper(self) -> Paper:
        """Return the file."""
        found = _paper(self.cleaned_data["file"])
        if found is None:
            raise ValueError("a file is required")
        return found


class AbsenceDecisionForm(forms.Form):
    """The decision on a request."""

    accept = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Recognise")), ("no", _("Do not recognise"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why"),
        max_length=900,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it. Needed unless every rule is met and you recognise."),
    )


class RevokeForm(forms.Form):
    """Why a recognition is taken back."""

    answer = forms.CharField(
        label=_("Why"),
        max_length=900,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
    )


class AbsenceFilter(forms.Form):
    """What of the requests is shown."""

    q = forms.CharField(label=_("Name"), max_length=80, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *AbsenceState.choices]
    )
    kind = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("All")), *Excuse.choices]
    )
