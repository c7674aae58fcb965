"""Whether a person may take part: by the rules of the cohort, never by a constant."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.programmes.models import RuleValues

REASONS: Mapping[str, Any] = {
    "age_unknown": gettext_lazy("The date of birth is missing."),
    "too_young": gettext_lazy("Younger than the age from which people may take part."),
    "too_old": gettext_lazy("Older than the age up to which people may take part."),
    "work_status": gettext_lazy("People with this work status may not take part."),
    "stage_cut": gettext_lazy("A stage of the selection did not lead on: this page says why."),
    "declined": gettext_lazy("The seat was declined."),
    "lapsed": gettext_lazy("The offer of the seat was not answered in time."),
    "stage_missing": gettext_lazy("A stage of the selection has no score."),
}
"""Reasons the system itself gives; they are stored by key and read in the reader's language."""


def age_on(birth_on: dt.date, day: dt.date) -> int:
    """Return the age in full years on a day."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def obstacles(
    values: RuleValues, *, birth_on: dt.date | None, work_status: str, on: dt.date
) -> list[str]:
    """Return the keys of what stands against a person; empty when they may take part."""
    found = []
    if values.age_from is not None or values.age_to is not None:
        if birth_on is None:
            found.append("age_unknown")
        else:
            age = age_on(birth_on, on)
            if values.age_from is not None and age < values.age_from:
                found.append("too_young")
            if values.age_to is not None and age > values.age_to:
                found.append("too_old")
    if values.work_statuses and work_status not in values.work_statuses:
        found.append("work_status")
    return found


def reason_text(stored: str) -> str:
    """Put a stored reason into words: known keys are translated, an officer's words stay."""
    parts = stored.split(",") if all(part in REASONS for part in stored.split(",")) else []
    return " ".join(str(REASONS[part]) for part in parts) if parts else stored


def conditions(values: RuleValues) -> list[str]:
    """Say who may take part, one sentence per condition."""
    said = []
    if values.age_from is not None and values.age_to is not None:
        said.append(
            _("Age from %(low)s to %(high)s on the last day of applications.")
            % {"low": values.age_from, "high": values.age_to}
        )
    elif values.age_from is not None:
        said.append(
            _("At least %(low)s years old on the last day of applications.")
            % {"low": values.age_from}
        )
    elif values.age_to is not None:
        said.append(
            _("At most %(high)s years old on the last day of applications.")
            % {"high": values.age_to}
        )
    return said
