"""Forms of the top room."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.reports import rules
from bitgoeul.core import uploads
from bitgoeul.core.imports import FileRefused

REPORT_DOOR = uploads.Door(suffixes=("json", "txt"), most_bytes=20 * 1024 * 1024, memory_mb=256)
"""Anyone may bring a report, so its reading gets less memory than a signed-in person's table."""


class ReportForm(forms.Form):
    """A new report: over which agreement and cohort, as of which day."""

    agreement = forms.ModelChoiceField(label=_("Agreement"), queryset=Agreement.objects.none())
    cohort = forms.ModelChoiceField(
        label=_("Cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        help_text=_("Leave empty to count every cohort of the agreement."),
    )
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160, required=False)
    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Numbers speak about what was known and true on this day."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Agreement.objects.filter(rules.agreements_reported_by(person)).distinct()
        # A form's fields are typed without what a model choice adds to them.
        self.fields["agreement"].queryset = mine  # type: ignore[attr-defined]
        cohorts = Cohort.objects.filter(programme__agreement__in=mine)
        near = cohorts.select_related("programme")
        # The same here.
        self.fields["cohort"].queryset = near  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a cohort that belongs to another agreement."""
        cleaned = super().clean() or {}
        cohort, agreement = cleaned.get("cohort"), cleaned.get("agreement")
        if cohort and agreement and cohort.programme.agreement_id != agreement.pk:
            self.add_error("cohort", _("This cohort does not belong to the agreement."))
        return cleaned


class CheckForm(forms.Form):
    """A report file that anyone brings to have it checked."""

    file = forms.FileField(
        label=_("Report file (JSON)"),
        help_text=_("The file that you downloaded from a published report."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        """Read the file as JSON; the document replaces the upload."""
        upload = self.cleaned_data["file"]
        content = upload.read(REPORT_DOOR.most_bytes + 1)
        try:
            uploads.admit(content, name=upload.name, door=REPORT_DOOR)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return json.loads(content.decode("utf-8-sig"))
