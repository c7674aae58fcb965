"""The rules of a programme in words, each with its source: what people are measured by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import Excuse, WorkStatus
from bitgoeul.apps.programmes.models import RuleValues
from bitgoeul.apps.programmes.queries.rulebook_course import COURSE_WORDS, Said
from bitgoeul.apps.programmes.queries.rulebook_course import percent as _percent
from bitgoeul.core import formats


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """One rule: what it is about, what it says, where it comes from."""

    title: str
    text: str
    source: str


def rulebook(values: RuleValues) -> list[RuleText]:
    """Say every rule that is in force."""
    said = []
    for name, say in _WORDS.items():
        found = say(values)
        if found is not None:
            title, text = found
            said.append(RuleText(title=title, text=text, source=_(RuleValues.source_of(name))))
    return said


def _attendance(values: RuleValues) -> Said:
    unit = _("hours") if values.attendance_unit == "hours" else _("days")
    text = _("At least %(share)s of the planned %(unit)s.")
    facts = {"share": _percent(values.attendance_share_at_least), "unit": unit}
    return _("Attendance"), text % facts


def _half_day(values: RuleValues) -> Said:
    text = _("A day with less than %(share)s of its hours counts as absent.")
    return _("Absent day"), text % {"share": _percent(values.day_absent_below)}


def _conversion(values: RuleValues) -> Said:
    if not values.events_per_absence:
        return None
    if values.conversion_period == "unit":
        text = _("%(number)s times late, early or out within a unit period make a day absent.")
    else:
        text = _("%(number)s times late, early or out over the course make a day absent.")
    return _("Late, early, out"), text % {"number": values.events_per_absence}


def _unit_removal(values: RuleValues) -> Said:
    if values.unit_absent_share_at_least is None:
        return None
    text = _("Missing %(share)s or more of a unit period of at least %(days)s days.")
    facts = {
        "share": _percent(values.unit_absent_share_at_least),
        "days": values.unit_days_at_least,
    }
    return _("Removal within a unit period"), text % facts


def _total_removal(values: RuleValues) -> Said:
    if values.total_absent_share_above is None:
        return None
    text = _("Missing more than %(share)s of all training days.")
    return _("Removal over the course"), text % {"share": _percent(values.total_absent_share_above)}


def _excuses(values: RuleValues) -> Said:
    days = [
        _("%(kind)s: %(days)s days") % {"kind": Excuse(kind).label, "days": most}
        for kind, most in values.excuse_days_at_most.items()
    ]
    shares = [
        _("%(kind)s: %(share)s of all days") % {"kind": Excuse(kind).label, "share": _percent(part)}
        for kind, part in values.excuse_share_at_most.items()
    ]
    return (
        (_("Recognised absence at most"), "; ".join([*days, *shares])) if days or shares else None
    )


def _labs(values: RuleValues) -> Said:
    text = _("%(share)s of the labs that are needed must be passed.")
    return _("Labs"), text % {"share": _percent(values.required_lab_share)}


def _exam(values: RuleValues) -> Said:
    if values.exam_pass_mark is None:
        return None
    text = _("At least %(mark)s of 100 points.")
    return _("Final test"), text % {"mark": formats.number(values.exam_pass_mark)}


def _work(values: RuleValues) -> Said:
    if not values.work_statuses:
        return None
    return _("Open to"), ", ".join(str(WorkStatus(key).label) for key in values.work_statuses)


def _employment(values: RuleValues) -> Said:
    text = _("Counts when it begins within %(months)s months and is proved within %(evidence)s.")
    facts = {
        "months": values.employment_window_months,
        "evidence": values.evidence_deadline_months,
    }
    return _("Employment"), text % facts


def _projects(values: RuleValues) -> Said:
    if values.project_share_at_least is None:
        return None
    text = _("At least %(share)s of the hours are projects of companies.")
    return _("Company projects"), text % {"share": _percent(values.project_share_at_least)}


def _times(values: RuleValues) -> Said:
    text = _(
        "Late from %(late)s minutes after the beginning on, early from %(early)s minutes before "
        "the end on, out from %(out)s minutes away on."
    )
    facts = {
        "late": values.late_after_minutes,
        "early": values.early_before_minutes,
        "out": values.out_after_minutes,
    }
    return _("Times at a session"), text % facts


_WORDS: Mapping[str, Callable[[RuleValues], Said]] = {
    "attendance_share_at_least": _attendance,
    "day_absent_below": _half_day,
    "events_per_absence": _conversion,
    "unit_absent_share_at_least": _unit_removal,
    "total_absent_share_above": _total_removal,
    "excuse_days_at_most": _excuses,
    "required_lab_share": _labs,
    "exam_pass_mark": _exam,
    "work_statuses": _work,
    "employment_window_months": _employment,
    "project_share_at_least": _projects,
    "late_after_minutes": _times,
    **COURSE_WORDS,
}
