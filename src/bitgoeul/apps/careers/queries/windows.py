"""The programme's thresholds on outcomes, and the dates they lead to."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.programmes.models import Cohort

# What the 2026 guideline of K-Digital Training says, for rule sets that say nothing.
EMPLOYED_WITHIN_MONTHS = 6
EVIDENCE_WITHIN_MONTHS = 7
RETENTION_MONTHS = (3, 6, 12)


@dataclass(frozen=True)
class Window:
    """When a job must have begun and be proved to count in a cohort's employment rate."""

    from_on: dt.date
    ended_on: dt.date
    begins_by: dt.date
    evidence_by: dt.date

    def is_closed(self, as_of: dt.date) -> bool:
        """Whether everything that can count has happened."""
        return as_of >= self.evidence_by

    def __str__(self) -> str:
        return f"{self.from_on} – {self.begins_by} ({self.evidence_by})"


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last day of a shorter month.

    >>> add_months(dt.date(2025, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def employment_window(cohort: Cohort) -> Window:
    """Return the window of a cohort, by its rule set."""
    values = cohort.rule_set.values
    within = _months(values, "employment_within_months", EMPLOYED_WITHIN_MONTHS)
    proved = _months(values, "employment_evidence_within_months", EVIDENCE_WITHIN_MONTHS)
    return Window(
        from_on=cohort.starts_on,
        ended_on=cohort.ends_on,
        begins_by=add_months(cohort.ends_on, within),
        evidence_by=add_months(cohort.ends_on, proved),
    )


def retention_months(cohort: Cohort | None) -> tuple[int, ...]:
    """Return after how many months the jobs of a cohort are checked."""
    months = cohort.rule_set.values.get("retention_check_months") if cohort else None
    return tuple(sorted({int(month) for month in months})) if months else RETENTION_MONTHS


def _months(values: dict[str, Any], key: str, otherwise: int) -> int:
    return int(values.get(key, otherwise))
