"""The versions of a programme's rules: every threshold by name, and what a version changed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import WorkStatus
from bitgoeul.apps.programmes.models import Programme, RuleSet, RuleValues
from bitgoeul.apps.programmes.queries.rule_words import (
    COURSE_CHOICES,
    COURSE_LABELS,
    COURSE_SHARES,
    KEYS,
    WON,
    exact_won,
)
from bitgoeul.apps.programmes.queries.rulebook import RuleText, rulebook
from bitgoeul.core import formats

LABELS: Mapping[str, Any] = {
    "attendance_unit": _("Attendance is counted in"),
    "attendance_share_at_least": _("Share that must be attended to complete"),
    "day_absent_below": _("A day attended less than this counts as absent"),
    "events_per_absence": _("So many times late, early or out make one day absent"),
    "conversion_period": _("These are counted together within"),
    "unit_absent_share_at_least": _("Removal: share missed of a unit period"),
    "unit_days_at_least": _("Removal: days that a unit period must have"),
    "total_absent_share_above": _("Removal: share missed of the whole course, above"),
    "excuse_days_at_most": _("Recognised absence, days at most"),
    "excuse_share_at_most": _("Recognised absence, share of all days at most"),
    "short_course_days": _("A course with fewer days is counted in hours"),
    "short_course_hours": _("A course with fewer hours is counted in hours"),
    "required_lab_share": _("Share of the needed labs that must be passed"),
    "exam_pass_mark": _("Passing mark of the final test"),
    "share_decimals": _("Decimals of a percentage"),
    "rounding": _("A percentage is rounded"),
    "round_completion_share": _("Round before completion is judged"),
    "round_removal_share": _("Round before removal is judged"),
    "age_from": _("Lowest age"),
    "age_to": _("Highest age"),
    "work_statuses": _("Open to"),
    "all_stages_needed": _("A score of every stage is needed"),
    "local_definition": _("Local talent by"),
    "local_seat_rounding": _("Local seats are rounded"),
    "employment_window_months": _("Employment counts within so many months"),
    "evidence_deadline_months": _("Evidence of employment within so many months"),
    "retention_checkpoints_months": _("Months after which retention is checked"),
    "completion_report_days": _("Days within which completion is reported"),
    "project_share_at_least": _("Share of the hours that must be company projects"),
    "late_after_minutes": _("Late from so many minutes after the beginning on"),
    "early_before_minutes": _("Left early from so many minutes before the end on"),
    "out_after_minutes": _("Went out from so many minutes away on"),
    "hour_attended_at_least": _("An hour counts from this share of its minutes on"),
    "sign_in_before_minutes": _("Signing in is possible so many minutes before the beginning"),
    "sign_out_needed": _("Who does not sign out counts as there for one hour only"),
    **COURSE_LABELS,
}
"""The name of every threshold of `RuleValues` as people read it."""

CHOICES: Mapping[str, Mapping[str, Any]] = {
    "attendance_unit": {"hours": _("hours"), "days": _("days")},
    "conversion_period": {"unit": _("a unit period"), "course": _("the whole course")},
    "rounding": {"half_up": _("half up"), "down": _("rounded down")},
    "local_definition": {
        "residence": _("place of residence"),
        "school": _("place of the last school"),
        "either": _("either of both"),
    },
    "local_seat_rounding": {
        "down": _("rounded down"),
        "nearest": _("to the nearest"),
        "up": _("rounded up"),
    },
    **COURSE_CHOICES,
}
"""What the values of a threshold with few possible values are called."""

SHARES = frozenset(
    {
        "attendance_share_at_least",
        "day_absent_below",
        "unit_absent_share_at_least",
        "total_absent_share_above",
        "excuse_share_at_most",
        "required_lab_share",
        "project_share_at_least",
        "hour_attended_at_least",
    }
    | COURSE_SHARES
)
"""Thresholds that are fractions of one and read as percentages."""


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """One threshold that differs between two versions, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version: its rules, what it changed against the one in force, the cohorts under it."""

    rule_set: RuleSet
    rulebook: list[RuleText]
    changes: list[RuleChange]
    compared_with: int | None
    cohorts: list[int]


def said(name: str, value: Any) -> str:
    """Put one threshold's value into words."""
    if value is None or (isinstance(value, tuple | Mapping) and not value):
        return gettext("no such rule")
    if isinstance(value, Mapping):
        return "; ".join(f"{KEYS[name][key]}: {_plain(name, value[key])}" for key in value)
    if name in CHOICES:
        return str(CHOICES[name][value])
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "work_statuses":
        return ", ".join(str(WorkStatus(key).label) for key in value)
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return _plain(name, value)


def _plain(name: str, value: Any) -> str:
    if name in CHOICES:
        return str(CHOICES[name][value])
    if name in WON:
        return exact_won(value)
    if name in SHARES:
        return formats.share(value).replace(".0%", "%")
    return formats.number(value) if isinstance(value, Decimal) else str(value)


def changes_between(before: RuleValues, after: RuleValues) -> list[RuleChange]:
    """Name every threshold that differs, whatever it is."""
    return [
        RuleChange(
            title=str(LABELS[one.name]), before=said(one.name, old), after=said(one.name, new)
        )
        for one in dataclasses.fields(RuleValues)
        if (old := getattr(before, one.name)) != (new := getattr(after, one.name))
    ]


def versions_of(programme: Programme, visible: Q) -> list[Version]:
    """Return the versions that somebody may see, newest first.

    Each is compared with the newest approved version before it.
    """
    found = (
        programme.rule_sets.filter(visible)
        .distinct()
        .select_related("approved_by", "proposed_by")
        .prefetch_related("cohorts")
        .order_by("version")
    )
    made: list[Version] = []
    in_force: RuleSet | None = None
    for rule_set in found:
        values = rule_set.thresholds
        made.append(
            Version(
                rule_set=rule_set,
                rulebook=rulebook(values),
                changes=changes_between(in_force.thresholds, values) if in_force else [],
                compared_with=in_force.version if in_force else None,
                cohorts=sorted(cohort.number for cohort in rule_set.cohorts.all()),
            )
        )
        in_force = rule_set if rule_set.approved_at else in_force
    return made[::-1]
