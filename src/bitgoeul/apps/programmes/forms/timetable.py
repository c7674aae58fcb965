"""Forms of the timetable: which day to look at, where a session moves to, why it is cancelled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.forms.design import PersonChoice, teachers_for
from bitgoeul.apps.programmes.models import Session
from bitgoeul.apps.programmes.models.design import HOURS_A_DAY_AT_MOST


class DayFilter(forms.Form):
    """The day whose week is shown."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MoveForm(forms.Form):
    """Where a session moves to, and why."""

    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    first_hour = forms.IntegerField(
        label=_("First hour"), min_value=1, max_value=HOURS_A_DAY_AT_MOST
    )
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=HOURS_A_DAY_AT_MOST)
    room = forms.CharField(label=_("Room"), max_length=80, required=False)
    instructor = PersonChoice(
        label=_("Instructor"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Everyone whom it concerns reads it.")
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        names = ("held_on", "first_hour", "hours", "room")
        start = {name: getattr(session, name) for name in names}
        kwargs["initial"] = {**start, "instructor": session.instructor_id}
        super().__init__(*args, **kwargs)
        cohort = session.class_group.track.cohort
        self.fields["instructor"].queryset = teachers_for(cohort)  # type: ignore[attr-defined]  # a choice field


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Everyone whom it concerns reads it.")
    )
