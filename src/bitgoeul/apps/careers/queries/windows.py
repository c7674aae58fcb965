"""The dates that decide about a cohort's outcomes, by its programme's rule set."""

import calendar
import datetime as dt
from dataclasses import dataclass

from bitgoeul.apps.programmes.models import Cohort, RuleValues


@dataclass(frozen=True)
class Window:
    """When a job must have begun and be proved to count in a cohort's employment rate."""

    ended_on: dt.date
    begins_by: dt.date
    evidence_by: dt.date

    def is_closed(self, as_of: dt.date) -> bool:
        """Whether everything that can count has happened."""
        return as_of > self.evidence_by


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last day of a shorter month.

    >>> add_months(dt.date(2025, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = calendar.monthrange(year, month)[1]
    return day.replace(year=year, month=month, day=min(day.day, last))


def employment_window(cohort: Cohort) -> Window:
    """Return the window of a cohort's employment rate."""
    values = cohort.rule_set.thresholds
    return Window(
        ended_on=cohort.ends_on,
        begins_by=add_months(cohort.ends_on, values.employment_window_months),
        evidence_by=add_months(cohort.ends_on, values.evidence_deadline_months),
    )


def retention_months(cohort: Cohort | None) -> tuple[int, ...]:
    """Return after how many months jobs are checked; without a cohort, by the usual rules."""
    values = cohort.rule_set.thresholds if cohort else RuleValues()
    return values.retention_checkpoints_months
