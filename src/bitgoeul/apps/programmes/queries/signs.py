"""What a model may look at when it warns of dropping out: attendance and work, nothing else.

No attribute of a person is among the signs, nor why somebody was absent: those who audit the
model look at sex, age and residence, the model does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import Inputs
from bitgoeul.apps.programmes.models.attendance_rule import Counted

LATELY = 10
"""The newest days that are looked at apart."""

SIGNS: Mapping[str, Any] = {
    "elapsed": _("how much of the course is over"),
    "missed": _("share of the days missed so far"),
    "missed_lately": _("share of the last ten days missed"),
    "in_a_row": _("days missed in a row"),
    "events": _("times late, early or out"),
    "work_missing": _("share of the due work that was not handed in"),
    "nothing_handed_in": _("work is due and nothing was handed in"),
}
NAMES = tuple(SIGNS)


def signs_of(
    inputs: Inputs, counted: Counted, *, planned: int, in_a_row: int, due: int, missing: int
) -> tuple[float, ...]:
    """Return the signs of one person on a day, in the order of `SIGNS`."""
    days = [on for on, _hours in inputs.calendar]
    absent = set(counted.absent)
    held = len(days)
    return (
        _share(held, max(planned, held)),
        _share(len(absent), held),
        _share(sum(day in absent for day in days[-LATELY:]), min(held, LATELY)),
        _share(min(in_a_row, LATELY), LATELY),
        _share(counted.events, held),
        _share(missing, due),
        float(due > 0 and missing == due),
    )


def sign_words(names: Sequence[str]) -> list[str]:
    """Say signs in the reader's language; one that this version does not know stays a name."""
    return [str(SIGNS.get(name, name)) for name in names]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
