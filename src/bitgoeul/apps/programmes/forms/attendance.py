"""Forms of a day's attendance: each person's marks, and why a recorded day is changed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import Excuse
from bitgoeul.apps.programmes.models import Attendance, Enrolment


class DayForm(forms.Form):
    """One person's day on the attendance page; a row without marks is left alone."""

    hours = forms.RegexField(
        r"^[01e]{1,24}$",
        label=_("Hours"),
        required=False,
        error_messages={"invalid": _("Write 1, 0 or e once per hour.")},
    )
    late = forms.BooleanField(label=_("Late"), required=False)
    left_early = forms.BooleanField(label=_("Left early"), required=False)
    went_out = forms.BooleanField(label=_("Went out"), required=False)
    excuse = forms.ChoiceField(label=_("Excuse"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        enrolment: Enrolment,
        stored: Attendance | None,
        hours: int,
        masked: bool = False,
    ) -> None:
        # Everyone is proposed as there: the instructor only changes who was not.
        initial: dict[str, Any] = {"hours": "1" * hours}
        if stored is not None:
            initial = {name: getattr(stored, name) for name in self.base_fields}
        if masked:
            initial["excuse"] = ""
        super().__init__(data, prefix=str(enrolment.uuid), initial=initial)
        self.enrolment, self.stored = enrolment, stored
        kept = initial.get("excuse", "")
        known = [("", "–"), *Excuse.choices]
        if kept and kept not in Excuse.values:
            known.append((kept, kept))
        if masked:
            known, self.fields["excuse"].disabled = [("", _("recognised on request"))], True
        self.fields["excuse"].choices = known  # type: ignore[attr-defined]  # a choice field
        name = str(enrolment.person)
        for field in self.fields.values():
            # A table cell has no room for labels: each control says whose it is.
            field.widget.attrs["aria-label"] = f"{name}: {field.label}"

    def clean_hours(self) -> str:
        """Refuse to empty a recorded day."""
        hours = str(self.cleaned_data["hours"])
        if self.stored is not None and not hours:
            raise forms.ValidationError(_("A recorded day cannot be emptied."))
        return hours

    def changes_a_record(self) -> bool:
        """Tell whether a day that was recorded before would be another one."""
        return self.stored is not None and self.has_changed()

    def is_to_write(self) -> bool:
        """Tell whether the day is new or changed; an empty new one is left alone."""
        if self.stored is None:
            return bool(self.cleaned_data["hours"])
        return self.has_changed()

    def entry(self, *, day: dt.date) -> services.DayEntry:
        """Return the day as the service wants it."""
        return services.DayEntry(
            enrolment=self.enrolment,
            held_on=day,
            **{name: self.cleaned_data[name] for name in self.base_fields},
        )


class ReasonForm(forms.Form):
    """Why days that stood already are changed."""

    reason = forms.CharField(
        label=_("Reason for changes"),
        max_length=300,
        required=False,
        help_text=_("Needed when a day that was recorded before is changed."),
    )
