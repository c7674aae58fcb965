"""Forms of the classroom: the code one types, and the instructor's list."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import Excuse
from bitgoeul.apps.programmes.models import Enrolment, Presence, Session
from bitgoeul.core.clock import SEOUL

STATES = (
    ("present", _("There")), ("late", _("Late")), ("left_early", _("Left early")),
    ("absent", _("Was away")), ("excused", _("Excused")),
)  # fmt: skip


class CodeForm(forms.Form):
    """The code beside the QR on the screen."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8}
        ),
    )


class RosterFilter(forms.Form):
    """Which class of the cohort is looked at."""

    class_group = forms.ChoiceField(label=_("Class"), required=False)

    def __init__(self, *args: Any, classes: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _("All classes")), *((str(one.uuid), one.name) for one in classes)]
        self.fields["class_group"].choices = named  # type: ignore[attr-defined]  # a choice field


class LineForm(forms.Form):
    """One person of the instructor's list: how it was, and times where they are known."""

    state = forms.ChoiceField(label=_("How it was"), choices=STATES)
    arrived = forms.TimeField(
        label=_("Came at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    left = forms.TimeField(
        label=_("Left at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    out_minutes = forms.IntegerField(
        label=_("Minutes away"), required=False, min_value=0, max_value=720
    )
    excuse = forms.ChoiceField(
        label=_("Excuse"), required=False, choices=[("", "–"), *Excuse.choices]
    )

    def __init__(
        self,
        *args: Any,
        session: Session,
        enrolment: Enrolment,
        known: Presence | None,
        **kwargs: Any,
    ) -> None:
        self.session, self.enrolment, self.known = session, enrolment, known
        kwargs.setdefault("prefix", str(enrolment.uuid))
        kwargs["initial"] = first_values(session, known)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A table cell has no room for labels: each control says whose it is.
            field.widget.attrs["aria-label"] = f"{enrolment.person.full_name}: {field.label}"

    def clean(self) -> dict[str, Any]:
        """Refuse an excused absence without its kind, and leaving before coming."""
        data = super().clean() or {}
        if data.get("state") == "excused" and not data.get("excuse"):
            self.add_error("excuse", _("Say why the absence is recognised."))
        arrived, left = data.get("arrived"), data.get("left")
        if arrived and left and left < arrived:
            raise ValidationError(_("Nobody leaves before they come."))
        return data

    def entry(self) -> services.ListEntry:
        """Return the line as the service wants it."""
        data = self.cleaned_data
        return services.ListEntry(
            enrolment=self.enrolment,
            state=data["state"],
            arrived_at=self._moment(data["arrived"]),
            left_at=self._moment(data["left"]),
            out_minutes=data["out_minutes"] or 0,
            excuse=data["excuse"],
        )

    def _moment(self, time: dt.time | None) -> dt.datetime | None:
        if time is None:
            return None
        return dt.datetime.combine(self.session.held_on, time, tzinfo=SEOUL)


class TakeForm(forms.Form):
    """Why an attendance that was taken changes."""

    reason = forms.CharField(
        label=_("Reason for changes"),
        max_length=300,
        required=False,
        help_text=_("Needed once the attendance was taken. The trainee reads it."),
    )


def first_values(session: Session, known: Presence | None) -> dict[str, Any]:
    """Return what the list proposes: what is known, else that everyone is there."""
    if known is None:
        return {"state": "absent" if session.closed_at else "present"}
    return {
        "state": _state(known),
        "arrived": _time(known.arrived_at) if known.arrived_at != session.starts_at else None,
        "left": _time(known.left_at),
        "out_minutes": known.out_minutes or None,
        "excuse": known.excuse if known.excuse in Excuse.values else "",
    }


def _state(known: Presence) -> str:
    if known.hours and set(known.hours) == {"e"}:
        return "excused"
    if known.arrived_at is None:
        return "absent"
    return "late" if known.late else "left_early" if known.left_early else "present"


def _time(moment: dt.datetime | None) -> dt.time | None:
    if moment is None:
        return None
    return moment.astimezone(SEOUL).time().replace(second=0, microsecond=0)
