"""Rules about courses, allowances and time limits in words; `rulebook` says them with the rest."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import Evidence, Excuse, TrainingArea
from bitgoeul.apps.programmes.models import RuleValues
from bitgoeul.apps.programmes.queries.rule_words import RATE_NAMES, exact_won
from bitgoeul.core import formats

Said = tuple[str, str] | None


def percent(part: Decimal) -> str:
    """Return a share as people read a threshold: without decimals that say nothing."""
    return formats.share(part).replace(".0%", "%")


def _evidence(values: RuleValues) -> Said:
    said = [f"{Excuse(k).label}: {Evidence(v).label}" for k, v in values.excuse_evidence.items()]
    return (_("Evidence of a recognised absence"), "; ".join(said)) if said else None


def _in_a_unit(values: RuleValues) -> Said:
    said = [
        _("%(kind)s: %(days)s days") % {"kind": Excuse(kind).label, "days": most}
        for kind, most in values.excuse_days_a_unit_at_most.items()
    ]
    return (_("Recognised within a unit period at most"), "; ".join(said)) if said else None


def _leave(values: RuleValues) -> Said:
    if values.leave_course_months_at_least is None:
        return None
    text = _(
        "Only in courses of at least %(months)s months with at least %(days)s days a week and "
        "%(hours)s hours a day."
    )
    return _("Leave"), text % {
        "months": values.leave_course_months_at_least,
        "days": values.leave_week_days_at_least,
        "hours": values.leave_day_hours_at_least,
    }


def _request(values: RuleValues) -> Said:
    if values.excuse_request_days is None:
        return None
    text = _("To be asked for within %(days)s days after the last day missed.")
    return _("Request for recognition"), text % {"days": values.excuse_request_days}


def _remote(values: RuleValues) -> Said:
    if values.remote_progress_at_least is None:
        return None
    text = _("At least %(share)s of the remote part must be worked through.")
    return _("Remote part"), text % {"share": percent(values.remote_progress_at_least)}


def _course(values: RuleValues) -> Said:
    said = []
    if values.course_hours_at_least is not None:
        said.append(_("at least %(hours)s hours") % {"hours": values.course_hours_at_least})
    if values.course_months_at_least is not None:
        said.append(_("at least %(months)s months") % {"months": values.course_months_at_least})
    if values.course_months_at_most is not None:
        said.append(_("at most %(months)s months") % {"months": values.course_months_at_most})
    if values.day_hours_at_most is not None:
        said.append(_("at most %(hours)s hours a day") % {"hours": values.day_hours_at_most})
    return (_("The course"), "; ".join(said)) if said else None


def _allowance(values: RuleValues) -> Said:
    if values.allowance_course_hours_at_least is None:
        return None
    rates = [
        _("%(rate)s %(won)s a day, at most %(cap)s a unit period")
        % {
            "rate": RATE_NAMES[rate],
            "won": exact_won(won),
            "cap": exact_won(values.allowance_month_cap_won.get(rate)),
        }
        for rate, won in values.allowance_day_won.items()
    ]
    text = _(
        "In courses of at least %(hours)s hours, for a unit period of which %(share)s was "
        "attended; a long day has %(long)s hours or more: %(rates)s."
    )
    return _("Training allowance"), text % {
        "hours": values.allowance_course_hours_at_least,
        "share": percent(values.allowance_unit_share_at_least),
        "long": values.allowance_day_hours_at_least,
        "rates": "; ".join(rates),
    }


def _special(values: RuleValues) -> Said:
    if values.special_course_hours_at_least is None:
        return None
    area = values.training_area
    text = _(
        "In courses of at least %(hours)s hours, for days of at least %(day)s hours in a unit "
        "period of which %(share)s was attended; %(area)s: %(won)s a day, at most %(cap)s."
    )
    return _("Special allowance"), text % {
        "hours": values.special_course_hours_at_least,
        "day": values.special_day_hours_at_least,
        "share": percent(values.special_unit_share_at_least),
        "area": TrainingArea(area).label,
        "won": exact_won(values.special_day_won[area]),
        "cap": exact_won(values.special_month_cap_won.get(area)),
    }


def _appeal(values: RuleValues) -> Said:
    text = _("Against a verdict on completion within %(days)s days, by anyone it concerns.")
    return _("Objection"), text % {"days": values.completion_appeal_days}


COURSE_WORDS: Mapping[str, Callable[[RuleValues], Said]] = {
    "excuse_evidence": _evidence,
    "excuse_days_a_unit_at_most": _in_a_unit,
    "leave_course_months_at_least": _leave,
    "excuse_request_days": _request,
    "remote_progress_at_least": _remote,
    "course_hours_at_least": _course,
    "allowance_day_won": _allowance,
    "special_day_won": _special,
    "completion_appeal_days": _appeal,
}
