"""The columns that a research extract can have: none says who somebody is; dates are periods."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.programmes.models import Enrolment

UNKNOWN = ""
_CAPITAL = frozenset({Region.SEOUL, Region.INCHEON, Region.GYEONGGI})
_HONAM = frozenset({Region.GWANGJU, Region.JEONBUK, Region.JEONNAM})


class Facts:
    """An enrolment with what followed from it, each looked up once."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment

    @property
    def age(self) -> int | None:
        """Years on the day of enrolment."""
        born, day = self.enrolment.person.birth_on, self.enrolment.enrolled_on
        if born is None:
            return None
        return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))

    @cached_property
    def placement(self) -> Any:
        """The first job that began after the enrolment."""
        later = (
            each
            for each in self.enrolment.person.placements.all()
            if each.started_on >= self.enrolment.enrolled_on
        )
        return next(later, None)

    @property
    def attended(self) -> float | None:
        """The share of planned hours that were attended."""
        marks = "".join(each.hours for each in self.enrolment.attendances.all())
        return marks.count("1") / len(marks) if marks else None


Value = Callable[[Facts], Any]
Step = Callable[[Any], str]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `steps` make it coarser where it could tell people apart."""

    key: str
    title: str | Promise
    value: Value
    steps: tuple[Step, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def step_names(self) -> tuple[str, ...]:
        """How the codebook names the steps; after the last a column is not told."""
        return (*self.named, "not_told")


def _band(width: int) -> Step:
    def told(age: int | None) -> str:
        if age is None:
            return UNKNOWN
        low = age // width * width
        return f"{low}-{low + width - 1}"

    return told


def _area(region: str) -> str:
    if region in _CAPITAL:
        return "capital"
    if region in _HONAM:
        return "honam"
    return "other" if region else UNKNOWN


def _quarter(day: dt.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _asked(name: str) -> Value:
    """What was true when the person applied."""

    def value(facts: Facts) -> str:
        return str(getattr(facts.enrolment.application, name, "") or UNKNOWN)

    return value


def _attended(facts: Facts) -> str:
    share = facts.attended
    return UNKNOWN if share is None else f"{round(share * 20) * 5}"


def _exam(facts: Facts) -> str:
    score = facts.enrolment.exam_score
    return UNKNOWN if score is None else f"{round(float(score) / 10) * 10}"


def _completed(facts: Facts) -> str:
    verdicts = facts.enrolment.verdicts.all()
    return ("yes" if verdicts[0].completed else "no") if verdicts else UNKNOWN


def _placed(facts: Facts) -> str:
    """How long after the end of the cohort the first job began, in quarters of a year."""
    if facts.placement is None:
        return "no"
    days = (facts.placement.started_on - facts.enrolment.cohort.ends_on).days
    bands = ((0, "before_end"), (91, "0-3"), (183, "4-6"), (365, "7-12"))
    return next((name for limit, name in bands if days < limit), "later")


def _kept(facts: Facts) -> str:
    checks = facts.placement.checks.all() if facts.placement else ()
    return str(checks[0].state) if checks else UNKNOWN


def _programme(facts: Facts) -> str:
    return facts.enrolment.cohort.programme.name_ko


def _as_it_is(key: str, title: str | Promise, value: Value) -> Column:
    """A column that is told as it is, or not at all."""
    return Column(key=key, title=title, value=value, steps=(str,), named=("as_it_is",))


def _region(key: str, title: str | Promise) -> Column:
    """A region on the day of applying, coarser as an area."""
    named = ("province", "area")
    return Column(key=key, title=title, value=_asked(key), steps=(str, _area), named=named)


FIELDS: dict[str, Column] = {
    column.key: column
    for column in (
        Column(
            key="age",
            title=_("Age on enrolment"),
            value=lambda facts: facts.age,
            steps=(_band(5), _band(10)),
            named=("five_years", "ten_years"),
        ),
        _as_it_is("sex", _("Sex"), lambda facts: facts.enrolment.person.sex),
        _region("residence", _("Region of residence")),
        _region("school_region", _("Region of the last school")),
        _as_it_is("major", _("Major"), _asked("major")),
        _as_it_is("work_status", _("Work"), _asked("work_status")),
        _as_it_is("programme", _("Programme"), _programme),
        _as_it_is("track", _("Track"), lambda facts: facts.enrolment.track.name_ko),
        Column(
            key="enrolled",
            title=_("Enrolled in"),
            value=lambda facts: facts.enrolment.enrolled_on,
            steps=(_quarter, lambda day: str(day.year)),
            named=("quarter", "year"),
        ),
        Column(
            key="outcome",
            title=_("How the enrolment ended"),
            value=lambda facts: facts.enrolment.state,
        ),
        Column(key="attended", title=_("Hours attended, in steps of 5 %"), value=_attended),
        Column(key="exam", title=_("Final test, in steps of 10 points"), value=_exam),
        Column(key="completed", title=_("Completed"), value=_completed),
        Column(key="placed", title=_("First job, months after the end"), value=_placed),
        Column(
            key="placed_as",
            title=_("Kind of the first job"),
            value=lambda facts: facts.placement.kind if facts.placement else UNKNOWN,
        ),
        Column(key="kept", title=_("Still in the job after six months"), value=_kept),
    )
}
"""Every column, in the order of the file."""


def choices() -> list[tuple[str, str | Promise]]:
    """The columns as a form offers them."""
    return [(column.key, column.title) for column in FIELDS.values()]


TOLD: dict[str, str | Promise] = {
    "five_years": _("in steps of five years"),
    "ten_years": _("in steps of ten years"),
    "province": _("by province"),
    "area": _("by area: capital, Honam, other"),
    "quarter": _("by quarter"),
    "year": _("by year"),
    "as_it_is": _("as it is"),
    "not_told": _("not told, for it would point at people"),
}
"""The steps in words."""
