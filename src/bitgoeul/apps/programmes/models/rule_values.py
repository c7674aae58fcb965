"""The thresholds of a programme, by name, with unit and source; `RuleSet.values` holds them.

Every number that decides about a person stands here as data of one approved version. The article
numbers are those of the 2026 K-Digital Training guideline and of the card regulation behind it,
as restated in the field's facts; where sources disagree the field's text says so.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from bitgoeul.apps.programmes.models.course_rules import CourseRules
from bitgoeul.apps.programmes.models.rule_fields import EXCUSES, RuleValuesError
from bitgoeul.apps.programmes.models.rule_fields import check as _check
from bitgoeul.apps.programmes.models.rule_fields import of as _of
from bitgoeul.apps.programmes.models.rule_fields import plain as _plain
from bitgoeul.apps.programmes.models.rule_fields import read as _read

ATTENDANCE_UNITS = ("hours", "days")
CONVERSION_PERIODS = ("unit", "course")
LOCAL_DEFINITIONS = ("residence", "school", "either")
SEAT_ROUNDINGS = ("down", "nearest", "up")
ROUNDINGS = ("half_up", "down")


@dataclass(frozen=True, kw_only=True)
class RuleValues(CourseRules):
    """One version of a programme's rules. Shares are fractions of one; `None` = no such rule.

    Parameters
    ----------
    attendance_unit : {"hours", "days"}
        What the attended share is counted in.
    attendance_share_at_least : Decimal
        Share of the planned hours or days that must be attended to complete.
    day_absent_below : Decimal
        A day with less than this share of its hours counts as absent as a whole.
    events_per_absence : int
        So many times late, leaving early or going out make one day absent; 0 = never.
    conversion_period : {"unit", "course"}
        Within which the events are counted together.
    unit_absent_share_at_least, unit_days_at_least : Decimal, int
        Removal: this share of a unit period of at least so many days was missed.
    total_absent_share_above : Decimal
        Removal: more than this share of all training days was missed.
    excuse_days_at_most, excuse_share_at_most : mapping of kind of excuse
        So many days, or this share of all training days, are recognised at most.
    short_course_days, short_course_hours : int
        A course with fewer days or fewer hours is counted in hours, whatever the unit.
    required_lab_share : Decimal
        Share of the labs needed for completion that must be passed.
    exam_pass_mark : Decimal
        Lowest passing mark of the final test.
    share_decimals, rounding, round_completion_share, round_removal_share
        How a percentage is rounded, and whether it is rounded before it is compared.
    age_from, age_to : int
        Age in full years on the last day of applications.
    work_statuses : tuple of str
        Work statuses that may take part; empty = all.
    all_stages_needed : bool
        Who lacks the score of a stage cannot be selected.
    local_definition, local_seat_rounding
        What makes a local talent, and how the share of seats becomes a number of seats.
    employment_window_months, evidence_deadline_months : int
        Employment counts within so many months of the end; its evidence may come so long.
    retention_checkpoints_months : tuple of int
        When the alliance looks who still works there.
    completion_report_days : int
        Days after the end within which completion is reported.
    project_share_at_least : Decimal
        Share of the hours that must be project work for companies.
    late_after_minutes, early_before_minutes, out_after_minutes : int
        Coming so many minutes after the beginning is late, leaving so many before the end is
        early, being away for so many is going out; within these minutes nothing is noted.
    hour_attended_at_least : Decimal
        An hour counts as attended from this share of its minutes on.
    sign_in_before_minutes : int
        Signing in at a session is possible so many minutes before it begins.
    sign_out_needed : bool
        Who signed in and did not sign out counts as having left after the first hour.
    """

    attendance_unit: str = field(
        default="hours", metadata=_of(source=_("programme"), among=ATTENDANCE_UNITS)
    )
    attendance_share_at_least: Decimal = field(
        default=Decimal("0.8"), metadata=_of(source=_("guideline p.38, §38"), low=0, high=1)
    )
    day_absent_below: Decimal = field(
        default=Decimal("0.5"), metadata=_of(source=_("guideline p.24, §34"), low=0, high=1)
    )
    events_per_absence: int = field(
        default=3, metadata=_of(source=_("guideline p.24, §34"), low=0, high=20)
    )
    conversion_period: str = field(
        default="unit",
        metadata=_of(
            source=_("guideline p.24-26 leaves it open; operators count per unit or per course"),
            among=CONVERSION_PERIODS,
        ),
    )
    unit_absent_share_at_least: Decimal | None = field(
        default=None, metadata=_of(source=_("guideline p.30, §35"), low=0, high=1)
    )
    unit_days_at_least: int = field(
        default=14, metadata=_of(source=_("guideline p.30, §35"), low=1, high=31)
    )
    total_absent_share_above: Decimal | None = field(
        default=None, metadata=_of(source=_("guideline p.30, §35"), low=0, high=1)
    )
    excuse_days_at_most: Mapping[str, int] = field(
        default_factory=dict,
        metadata=_of(source=_("guideline p.24-26"), keys=EXCUSES, low=0, high=366),
    )
    excuse_share_at_most: Mapping[str, Decimal] = field(
        default_factory=dict,
        metadata=_of(source=_("guideline p.24-26"), keys=EXCUSES, low=0, high=1),
    )
    short_course_days: int = field(
        default=0, metadata=_of(source=_("guideline p.38, §38"), low=0, high=366)
    )
    short_course_hours: int = field(
        default=0, metadata=_of(source=_("guideline p.38, §38"), low=0, high=5000)
    )
    required_lab_share: Decimal = field(
        default=Decimal(1), metadata=_of(source=_("programme"), low=0, high=1)
    )
    exam_pass_mark: Decimal | None = field(
        default=None,
        metadata=_of(source=_("guideline p.38, §38 (60 for remote courses)"), low=0, high=100),
    )
    share_decimals: int = field(
        default=1, metadata=_of(source=_("guideline p.30, §35"), low=0, high=4)
    )
    rounding: str = field(
        default="half_up", metadata=_of(source=_("guideline p.30, §35"), among=ROUNDINGS)
    )
    round_completion_share: bool = field(default=False, metadata=_of(source=_("programme")))
    round_removal_share: bool = field(default=True, metadata=_of(source=_("guideline p.30, §35")))
    age_from: int | None = field(
        default=None, metadata=_of(source=_("call for applications"), low=0, high=120)
    )
    age_to: int | None = field(
        default=None, metadata=_of(source=_("call for applications"), low=0, high=120)
    )
    work_statuses: tuple[str, ...] = field(
        default=(), metadata=_of(source=_("call for applications"))
    )
    all_stages_needed: bool = field(default=True, metadata=_of(source=_("call for applications")))
    local_definition: str = field(
        default="residence",
        metadata=_of(source=_("definitions differ by scheme"), among=LOCAL_DEFINITIONS),
    )
    local_seat_rounding: str = field(
        default="down", metadata=_of(source=_("call for applications"), among=SEAT_ROUNDINGS)
    )
    employment_window_months: int = field(
        default=6, metadata=_of(source=_("guideline p.38, §40"), low=1, high=36)
    )
    evidence_deadline_months: int = field(
        default=7, metadata=_of(source=_("guideline p.38, §40"), low=1, high=48)
    )
    retention_checkpoints_months: tuple[int, ...] = field(
        default=(3, 6, 12), metadata=_of(source=_("funders; no such rule in the guideline"))
    )
    completion_report_days: int = field(
        default=10, metadata=_of(source=_("guideline p.38, §38"), low=1, high=90)
    )
    project_share_at_least: Decimal | None = field(
        default=None,
        metadata=_of(
            source=_("K-Digital Training as published: 30 % company projects"), low=0, high=1
        ),
    )
    late_after_minutes: int = field(
        default=10, metadata=_of(source=_("programme"), low=0, high=240)
    )
    early_before_minutes: int = field(
        default=10, metadata=_of(source=_("programme"), low=0, high=240)
    )
    out_after_minutes: int = field(default=10, metadata=_of(source=_("programme"), low=0, high=240))
    hour_attended_at_least: Decimal = field(
        default=Decimal("0.5"), metadata=_of(source=_("programme"), low=0, high=1)
    )
    sign_in_before_minutes: int = field(
        default=30, metadata=_of(source=_("programme"), low=0, high=240)
    )
    sign_out_needed: bool = field(default=False, metadata=_of(source=_("programme")))

    def __post_init__(self) -> None:
        """Refuse what no programme can mean.

        Raises
        ------
        RuleValuesError
            Names the field and the reason.
        """
        for one in dataclasses.fields(self):
            _check(one, getattr(self, one.name))
        if self.events_per_absence == 1:
            raise RuleValuesError("events_per_absence", "one event cannot be an absence")
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise RuleValuesError("age_to", "is below age_from")
        if self.evidence_deadline_months < self.employment_window_months:
            raise RuleValuesError("evidence_deadline_months", "ends before the window does")
        points = self.retention_checkpoints_months
        if any(point < 1 for point in points) or list(points) != sorted(set(points)):
            raise RuleValuesError("retention_checkpoints_months", "must rise from 1 on")
        self.check_course()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "RuleValues":
        """Read stored values; a field left out keeps its default.

        Raises
        ------
        RuleValuesError
            For an unknown name or a value of another kind.
        """
        known = {one.name: one for one in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise RuleValuesError(name, "is not a rule")
        return cls(**{name: _read(known[name], value) for name, value in values.items()})

    def as_json(self) -> dict[str, Any]:
        """Return every value in JSON types; decimals become text so that none is lost."""
        return {one.name: _plain(getattr(self, one.name)) for one in dataclasses.fields(self)}

    @classmethod
    def source_of(cls, name: str) -> str:
        """Return where a rule comes from."""
        return str(cls.__dataclass_fields__[name].metadata.get("source", ""))
