"""What a course must be, what it pays, and the time limits around it: part of `RuleValues`.

`None` or an empty mapping means: no such rule. A version that was stored before a rule existed
lacks it, so every rule here is absent by default and old verdicts replay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_noop as _

from bitgoeul.apps.programmes.models.rule_fields import (
    AREAS,
    EVIDENCE,
    EXCUSES,
    RATES,
    RuleValuesError,
    of,
)

WON_AT_MOST = 10_000_000
_EVIDENCE = _("guideline p.24-26 asks for evidence by kind; its names are the alliance's")
_EXCUSE = _("guideline p.24-26")
_COURSE = _("operating rules of K-Digital Training: what a course must be")
_ALLOWANCE = _("guideline p.35, §49")
_SPECIAL = _("guideline p.36, §49-2")
_CLAIM = _("§53")


@dataclass(frozen=True, kw_only=True)
class CourseRules:
    """Recognised absences in detail, limits of a course, allowances, and dates.

    Parameters
    ----------
    excuse_days_a_unit_at_most : mapping of kind of excuse
        So many days are recognised within one unit period.
    excuse_evidence : mapping of kind of excuse to kind of evidence
        What has to be handed in for it.
    leave_course_months_at_least, leave_week_days_at_least, leave_day_hours_at_least : int
        Leave is recognised only in a course that is so long and so dense.
    excuse_request_days : int
        Recognition is asked for within so many days after the last day missed.
    device_request_days : int
        A failed check-in is asked to be corrected within so many days.
    remote_progress_at_least : Decimal
        Share of a course's remote part that must be worked through; none = nothing is remote.
    course_hours_at_least, course_months_at_least, course_months_at_most, day_hours_at_most : int
        Limits of a course.
    training_area : {"", "decline", "regional", "capital"}
        Where the training is held, which sets the special allowance.
    allowance_course_hours_at_least : int
        Training allowance is paid in courses of so many hours; none = it is not paid.
    allowance_unit_share_at_least : Decimal
        Share of a unit period's days that must be attended to be paid for it.
    allowance_day_hours_at_least : int
        A day of so many hours is a long day.
    allowance_day_won, allowance_month_cap_won : mapping of rate
        Won a day, and at most in a unit period.
    special_course_hours_at_least, special_unit_share_at_least, special_day_hours_at_least
        The same conditions of the special allowance; only days of so many hours are paid.
    special_day_won, special_month_cap_won : mapping of area
        Won a day, and at most in a unit period.
    settle_working_days, check_working_days, paid_within_days : int
        After a unit period's claim opens: days to settle, to check and apply, and to be paid.
    attitude_appeal_days, completion_appeal_days : int
        How long one may object to a removal for attitude, and to a verdict on completion.
    survey_within_days : int
        The survey of satisfaction is held within so many days of the end.
    warn_consecutive_days : int
        So many days missed in a row call for a talk.
    warn_limit_used_at_least : Decimal
        So does having used this part of a limit of absence.
    """

    excuse_days_a_unit_at_most: Mapping[str, int] = field(
        default_factory=dict, metadata=of(source=_EXCUSE, keys=EXCUSES, low=0, high=31)
    )
    excuse_evidence: Mapping[str, str] = field(
        default_factory=dict, metadata=of(source=_EVIDENCE, keys=EXCUSES, among=EVIDENCE)
    )
    leave_course_months_at_least: int | None = field(
        default=None, metadata=of(source=_EXCUSE, low=0, high=60)
    )
    leave_week_days_at_least: int = field(default=5, metadata=of(source=_EXCUSE, low=1, high=7))
    leave_day_hours_at_least: int = field(default=6, metadata=of(source=_EXCUSE, low=1, high=24))
    excuse_request_days: int | None = field(
        default=None, metadata=of(source=_("programme"), low=0, high=366)
    )
    device_request_days: int = field(
        default=1, metadata=of(source=_("guideline p.24-26"), low=0, high=60)
    )
    remote_progress_at_least: Decimal | None = field(
        default=None, metadata=of(source=_("guideline p.38, §38"), low=0, high=1)
    )
    course_hours_at_least: int | None = field(
        default=None, metadata=of(source=_COURSE, low=1, high=10_000)
    )
    course_months_at_least: int | None = field(
        default=None, metadata=of(source=_COURSE, low=1, high=60)
    )
    course_months_at_most: int | None = field(
        default=None, metadata=of(source=_COURSE, low=1, high=60)
    )
    day_hours_at_most: int | None = field(default=None, metadata=of(source=_COURSE, low=1, high=24))
    training_area: str = field(default="", metadata=of(source=_SPECIAL, among=("", *AREAS)))
    allowance_course_hours_at_least: int | None = field(
        default=None, metadata=of(source=_ALLOWANCE, low=1, high=10_000)
    )
    allowance_unit_share_at_least: Decimal = field(
        default=Decimal("0.8"), metadata=of(source=_ALLOWANCE, low=0, high=1)
    )
    allowance_day_hours_at_least: int = field(
        default=5, metadata=of(source=_ALLOWANCE, low=1, high=24)
    )
    allowance_day_won: Mapping[str, int] = field(
        default_factory=dict, metadata=of(source=_ALLOWANCE, keys=RATES, low=0, high=WON_AT_MOST)
    )
    allowance_month_cap_won: Mapping[str, int] = field(
        default_factory=dict, metadata=of(source=_ALLOWANCE, keys=RATES, low=0, high=WON_AT_MOST)
    )
    special_course_hours_at_least: int | None = field(
        default=None, metadata=of(source=_SPECIAL, low=1, high=10_000)
    )
    special_unit_share_at_least: Decimal = field(
        default=Decimal("0.8"), metadata=of(source=_SPECIAL, low=0, high=1)
    )
    special_day_hours_at_least: int = field(default=5, metadata=of(source=_SPECIAL, low=1, high=24))
    special_day_won: Mapping[str, int] = field(
        default_factory=dict, metadata=of(source=_SPECIAL, keys=AREAS, low=0, high=WON_AT_MOST)
    )
    special_month_cap_won: Mapping[str, int] = field(
        default_factory=dict, metadata=of(source=_SPECIAL, keys=AREAS, low=0, high=WON_AT_MOST)
    )
    settle_working_days: int = field(default=3, metadata=of(source=_CLAIM, low=0, high=60))
    check_working_days: int = field(default=3, metadata=of(source=_CLAIM, low=0, high=60))
    paid_within_days: int = field(default=10, metadata=of(source=_CLAIM, low=0, high=90))
    attitude_appeal_days: int = field(
        default=3, metadata=of(source=_("guideline p.30, §35"), low=0, high=90)
    )
    completion_appeal_days: int = field(
        default=7, metadata=of(source=_("programme"), low=0, high=90)
    )
    survey_within_days: int | None = field(
        default=None,
        metadata=of(source=_("operating rules of K-Digital Training"), low=1, high=365),
    )
    warn_consecutive_days: int = field(
        default=3, metadata=of(source=_("programme"), low=1, high=31)
    )
    warn_limit_used_at_least: Decimal = field(
        default=Decimal("0.7"), metadata=of(source=_("programme"), low=0, high=1)
    )

    def check_course(self) -> None:
        """Refuse rules that contradict each other.

        Raises
        ------
        RuleValuesError
            Names the field and the reason.
        """
        least, most = self.course_months_at_least, self.course_months_at_most
        if least is not None and most is not None and most < least:
            raise RuleValuesError("course_months_at_most", "is below course_months_at_least")
        if self.allowance_course_hours_at_least is not None and not self.allowance_day_won:
            raise RuleValuesError("allowance_day_won", "must say how much a day is paid")
        if self.special_course_hours_at_least is not None:
            if not self.training_area:
                raise RuleValuesError("training_area", "must be known to pay a special allowance")
            if self.training_area not in self.special_day_won:
                raise RuleValuesError("special_day_won", "must have a rate for the training area")
