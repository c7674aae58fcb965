"""Forms of the top room."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.programmes.models import Cohort, Programme
from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.models.extract import PURPOSE_LENGTH
from bitgoeul.apps.reports.queries import extract_fields
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


class ExtractForm(forms.Form):
    """A request for an extract: for which study, which columns, of whom, how long."""

    title = forms.CharField(label=_("Title of the study"), max_length=160)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=PURPOSE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The question of the study, and what happens with the rows."),
    )
    ethics = forms.CharField(
        label=_("Approval of the ethics committee"),
        max_length=160,
        help_text=_("Committee, number and date, such as: University IRB 2025-031, 2 May 2025."),
    )
    columns = forms.MultipleChoiceField(
        label=_("What is needed"),
        choices=extract_fields.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the question needs: every column more makes all of them coarser."),
    )
    programmes = forms.ModelMultipleChoiceField(
        label=_("Programmes"),
        queryset=Programme.objects.filter(agreement__isnull=False),
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(
        label=_("Enrolled from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Enrolled until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    days = forms.IntegerField(
        label=_("Needed for (days)"),
        min_value=1,
        max_value=365,
        initial=90,
        help_text=_("Then file and key are destroyed, with a certificate."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The period ends before it begins."))
        return cleaned


class ExtractDecisionForm(forms.Form):
    """Whether an extract may be made."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("allow", _("Allow it")), ("refuse", _("Refuse it"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Needed to refuse; whoever asked reads it."),
    )
