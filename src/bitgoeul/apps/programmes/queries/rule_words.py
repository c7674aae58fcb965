"""Names of the thresholds about courses, allowances and dates, and of what their values say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import Evidence, Excuse, TrainingArea
from bitgoeul.apps.programmes.models.rule_fields import AREAS
from bitgoeul.core import formats

COURSE_LABELS: Mapping[str, Any] = {
    "excuse_days_a_unit_at_most": _("Recognised absence, days within a unit period at most"),
    "excuse_evidence": _("Evidence of a recognised absence"),
    "leave_course_months_at_least": _("Leave only in courses of so many months"),
    "leave_week_days_at_least": _("Leave only with so many training days a week"),
    "leave_day_hours_at_least": _("Leave only with so many hours a day"),
    "excuse_request_days": _("Days after an absence to ask for its recognition"),
    "device_request_days": _("Days to ask for the correction of a failed check-in"),
    "remote_progress_at_least": _("Share of the remote part that must be worked through"),
    "course_hours_at_least": _("Hours of a course at least"),
    "course_months_at_least": _("Months of a course at least"),
    "course_months_at_most": _("Months of a course at most"),
    "day_hours_at_most": _("Hours of a day at most"),
    "training_area": _("Where the training is held"),
    "allowance_course_hours_at_least": _("Training allowance from so many hours of the course"),
    "allowance_unit_share_at_least": _("Training allowance: share of a unit period attended"),
    "allowance_day_hours_at_least": _("Training allowance: hours of a long day"),
    "allowance_day_won": _("Training allowance, won a day"),
    "allowance_month_cap_won": _("Training allowance, won a unit period at most"),
    "special_course_hours_at_least": _("Special allowance from so many hours of the course"),
    "special_unit_share_at_least": _("Special allowance: share of a unit period attended"),
    "special_day_hours_at_least": _("Special allowance: hours of a day that is paid"),
    "special_day_won": _("Special allowance, won a day"),
    "special_month_cap_won": _("Special allowance, won a unit period at most"),
    "settle_working_days": _("Working days to settle a unit period"),
    "check_working_days": _("Working days to check it and to apply"),
    "paid_within_days": _("Days until it is paid"),
    "attitude_appeal_days": _("Days to object to a removal for attitude"),
    "completion_appeal_days": _("Days to object to a verdict on completion"),
    "survey_within_days": _("Days after the end for the survey of satisfaction"),
    "warn_consecutive_days": _("Early warning: days missed in a row"),
    "warn_limit_used_at_least": _("Early warning: part of a limit that is used up"),
}

AREA_NAMES: Mapping[str, Any] = {area: TrainingArea(area).label for area in AREAS}
RATE_NAMES: Mapping[str, Any] = {
    "standard_long": _("standard, long day"),
    "standard_short": _("standard, short day"),
    "self_employed_long": _("self-employed and insured, long day"),
    "self_employed_short": _("self-employed and insured, short day"),
}
EXCUSE_NAMES: Mapping[str, Any] = {kind.value: kind.label for kind in Excuse}
EVIDENCE_NAMES: Mapping[str, Any] = {kind.value: kind.label for kind in Evidence}

KEYS: Mapping[str, Mapping[str, Any]] = {
    "excuse_days_at_most": EXCUSE_NAMES,
    "excuse_share_at_most": EXCUSE_NAMES,
    "excuse_days_a_unit_at_most": EXCUSE_NAMES,
    "excuse_evidence": EXCUSE_NAMES,
    "allowance_day_won": RATE_NAMES,
    "allowance_month_cap_won": RATE_NAMES,
    "special_day_won": AREA_NAMES,
    "special_month_cap_won": AREA_NAMES,
}
"""Thresholds that hold a value per key, and what the keys are called."""

COURSE_CHOICES: Mapping[str, Mapping[str, Any]] = {
    "training_area": {area.value: area.label for area in TrainingArea},
    "excuse_evidence": EVIDENCE_NAMES,
}

COURSE_SHARES = frozenset(
    {
        "remote_progress_at_least",
        "allowance_unit_share_at_least",
        "special_unit_share_at_least",
        "warn_limit_used_at_least",
    }
)

WON = frozenset(
    {"allowance_day_won", "allowance_month_cap_won", "special_day_won", "special_month_cap_won"}
)

SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("Attendance"),
        (
            "attendance_unit", "attendance_share_at_least", "day_absent_below",
            "events_per_absence", "conversion_period", "short_course_days", "short_course_hours",
            "device_request_days",
        ),
    ),
    (
        _("Signing in and out"),
        (
            "sign_in_before_minutes", "sign_out_needed", "late_after_minutes",
            "early_before_minutes", "out_after_minutes", "hour_attended_at_least",
        ),
    ),
    (
        _("Recognised absence"),
        (
            "excuse_days_at_most", "excuse_days_a_unit_at_most", "excuse_share_at_most",
            "excuse_evidence", "leave_course_months_at_least", "leave_week_days_at_least",
            "leave_day_hours_at_least", "excuse_request_days",
        ),
    ),
    (
        _("Removal and early warning"),
        (
            "unit_absent_share_at_least", "unit_days_at_least", "total_absent_share_above",
            "attitude_appeal_days", "warn_consecutive_days", "warn_limit_used_at_least",
        ),
    ),
    (
        _("Completion"),
        (
            "required_lab_share", "exam_pass_mark", "remote_progress_at_least",
            "completion_report_days", "completion_appeal_days", "survey_within_days",
        ),
    ),
    (
        _("Rounding"),
        ("share_decimals", "rounding", "round_completion_share", "round_removal_share"),
    ),
    (
        _("The course"),
        (
            "course_hours_at_least", "course_months_at_least", "course_months_at_most",
            "day_hours_at_most", "project_share_at_least", "training_area",
        ),
    ),
    (
        _("Training allowance"),
        (
            "allowance_course_hours_at_least", "allowance_unit_share_at_least",
            "allowance_day_hours_at_least", "allowance_day_won", "allowance_month_cap_won",
            "settle_working_days", "check_working_days", "paid_within_days",
        ),
    ),
    (
        _("Special allowance"),
        (
            "special_course_hours_at_least", "special_unit_share_at_least",
            "special_day_hours_at_least", "special_day_won", "special_month_cap_won",
        ),
    ),
    (
        _("Selection"),
        (
            "age_from", "age_to", "work_statuses", "all_stages_needed", "local_definition",
            "local_seat_rounding",
        ),
    ),
    (
        _("Employment"),
        (
            "employment_window_months", "evidence_deadline_months",
            "retention_checkpoints_months",
        ),
    ),
)  # fmt: skip
"""Every threshold under the heading under which people look for it."""


def exact_won(value: int | None) -> str:
    """Return an amount in full, in the reader's language."""
    return formats.won_exact(value, get_language() or "ko")
