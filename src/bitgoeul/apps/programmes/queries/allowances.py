"""Allowances of a cohort by unit period: what is calculated, approved, due when, paid to whom."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.programmes.enums import AllowanceKind, AllowanceState
from bitgoeul.apps.programmes.models import (
    AllowanceLine,
    AllowanceRun,
    AllowanceTerms,
    Cohort,
    Enrolment,
)
from bitgoeul.apps.programmes.models.allowance_rule import Allowance, AllowanceInputs, allowance
from bitgoeul.apps.programmes.models.attendance_rule import unit_of, unit_starts
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.queries.calendar import public_holidays
from bitgoeul.apps.programmes.queries.completion import calendar_of, planned_days_of
from bitgoeul.apps.programmes.queries.limits import sparse_inputs
from bitgoeul.apps.programmes.queries.rule_words import exact_won
from bitgoeul.engines.evidence import digest

_ONE = dt.timedelta(days=1)

ALLOWANCE_HEADER = (
    gettext_lazy("Application number"),
    gettext_lazy("Full name"),
    gettext_lazy("Track"),
    gettext_lazy("Unit period"),
    gettext_lazy("Training allowance"),
    gettext_lazy("Special allowance"),
    gettext_lazy("Correction"),
    gettext_lazy("To be paid"),
    gettext_lazy("Digest of the inputs"),
)


@dataclass(frozen=True, kw_only=True)
class ClaimDates:
    """When a unit period's allowance is claimed, settled, checked and paid."""

    opens_on: dt.date
    settled_by: dt.date
    checked_by: dt.date
    paid_by: dt.date


@dataclass(frozen=True, kw_only=True)
class UnitPeriod:
    """A unit period of a cohort with its calculation, if there is one."""

    number: int
    starts_on: dt.date
    ends_on: dt.date
    claim: ClaimDates
    run: AllowanceRun | None
    people: int = 0
    won: int = 0
    has_ended: bool = False


def claim_dates(ends_on: dt.date, values: RuleValues) -> ClaimDates:
    """Return the dates of a unit period that ends on a day: from the 16th, or from the 1st."""
    if ends_on.day < 16:
        opens = ends_on.replace(day=16)
    else:
        opens = (ends_on.replace(day=28) + 4 * _ONE).replace(day=1)
    settled = _working_days_after(opens, values.settle_working_days)
    checked = _working_days_after(settled, values.check_working_days)
    return ClaimDates(
        opens_on=opens,
        settled_by=settled,
        checked_by=checked,
        paid_by=checked + values.paid_within_days * _ONE,
    )


def _working_days_after(day: dt.date, number: int) -> dt.date:
    free = public_holidays(day, day + 40 * _ONE)
    while number:
        day += _ONE
        number -= day.weekday() < 5 and day not in free
    return day


def pays_anything(values: RuleValues) -> bool:
    """Whether a version of the rules knows an allowance."""
    needed = (values.allowance_course_hours_at_least, values.special_course_hours_at_least)
    return any(each is not None for each in needed)


def unit_dates(cohort: Cohort, number: int) -> tuple[dt.date, dt.date]:
    """Return first and last day of a unit period, counted from 1; the last ends with the course."""
    first = unit_starts(number - 1, starts_on=cohort.starts_on)
    last = unit_starts(number, starts_on=cohort.starts_on) - _ONE
    return first, min(last, cohort.ends_on)


def unit_periods(cohort: Cohort, *, today: dt.date) -> list[UnitPeriod]:
    """Return every unit period of a cohort, with totals of those that are calculated."""
    values = cohort.rule_set.thresholds
    runs = AllowanceRun.objects.filter(cohort=cohort).select_related("made_by", "approved_by")
    won = Sum("lines__training_won") + Sum("lines__special_won") + Sum("lines__correction_won")
    counted = {run.unit: run for run in runs.annotate(people=Count("lines"), total=won)}
    found = []
    for number in range(1, unit_of(cohort.ends_on, starts_on=cohort.starts_on) + 2):
        first, last = unit_dates(cohort, number)
        run = counted.get(number)
        found.append(
            UnitPeriod(
                number=number,
                starts_on=first,
                ends_on=last,
                claim=claim_dates(last, values),
                run=run,
                people=getattr(run, "people", 0),
                won=getattr(run, "total", None) or 0,
                has_ended=last < today,
            )
        )
    return found


def people_of_unit(cohort: Cohort, first: dt.date, last: dt.date) -> list[Enrolment]:
    """Return who was enrolled on a day of a unit period."""
    there = Q(ended_on__isnull=True) | Q(ended_on__gte=first)
    rows = Enrolment.objects.filter(there, cohort=cohort, enrolled_on__lte=last)
    return list(rows.select_related("person", "track", "application").order_by("pk"))


def people_to_pay(cohort: Cohort, first: dt.date, last: dt.date) -> list[Enrolment]:
    """Return who was there in a unit period, and who was paid before: a correction may be due."""
    found = people_of_unit(cohort, first, last)
    known = [row.pk for row in found]
    paid = Enrolment.objects.filter(allowance_lines__run__cohort=cohort).exclude(pk__in=known)
    near = ("person", "track", "application")
    return found + list(paid.select_related(*near).distinct().order_by("pk"))


def kinds_of(enrolments: Iterable[Enrolment]) -> Mapping[int, str]:
    """Return the rate of each enrolment."""
    pks = [row.pk for row in enrolments]
    known = dict(AllowanceTerms.objects.filter(enrolment__in=pks).values_list("enrolment", "kind"))
    return {pk: known.get(pk, AllowanceKind.STANDARD.value) for pk in pks}


def lines_for(run: AllowanceRun, enrolments: Sequence[Enrolment]) -> list[AllowanceLine]:
    """Return the lines of a run as attendance and rules stand now; saves nothing."""
    cohort, values = run.cohort, run.rule_set.thresholds
    calendar = calendar_of(cohort)
    attendance = sparse_inputs(cohort, enrolments, calendar=calendar)
    planned = len(planned_days_of(cohort, calendar))
    kinds, paid = kinds_of(enrolments), _paid_before(cohort)
    lines = []
    there = {row.pk for row in people_of_unit(cohort, run.starts_on, run.ends_on)}
    for row in enrolments:
        whole = replace(attendance[row.pk], planned_days=planned, exam_score=None)
        inputs = _until(whole, run.ends_on, run.unit, kinds[row.pk])
        found = allowance(inputs, values)
        corrections = [
            each
            for unit, before in sorted(paid.get(row.pk, {}).items())
            if unit != run.unit
            if (each := _correction(whole, unit, before, run)) is not None
        ]
        if row.pk in there or corrections:
            lines.append(_line(run, row, inputs, found, corrections))
    return lines


def _line(
    run: AllowanceRun,
    row: Enrolment,
    inputs: AllowanceInputs,
    found: Allowance,
    corrections: list[dict[str, int]],
) -> AllowanceLine:
    stored = inputs.as_json()
    return AllowanceLine(
        run=run,
        enrolment=row,
        training_won=found.training_won,
        special_won=found.special_won,
        correction_won=sum(each["difference"] for each in corrections),
        inputs=stored,
        inputs_digest=digest(stored),
        trace=[line.as_json() for line in found.lines],
        corrections=corrections,
    )


def _until(whole: Any, last: dt.date, unit: int, kind: str) -> AllowanceInputs:
    """Cut attendance at a unit period's end: what came later does not count for it."""
    return AllowanceInputs(
        attendance=replace(
            whole,
            calendar=tuple(day for day in whole.calendar if day[0] <= last),
            days=tuple(day for day in whole.days if day.on <= last),
        ),
        unit=unit,
        kind=kind,
    )


def _correction(
    whole: Any, unit: int, before: tuple[int, str], run: AllowanceRun
) -> dict[str, int] | None:
    """Tell what an earlier unit period would be paid today, at the rate it was paid by."""
    paid, kind = before
    _first, last = unit_dates(run.cohort, unit)
    now = allowance(_until(whole, last, unit, kind), run.rule_set.thresholds).won
    if now == paid:
        return None
    return {"unit": unit, "before": paid, "now": now, "difference": now - paid}


def _paid_before(cohort: Cohort) -> dict[int, dict[int, tuple[int, str]]]:
    """What is approved by enrolment and unit period, later corrections of it included."""
    rows = AllowanceLine.objects.filter(run__cohort=cohort, run__state=AllowanceState.APPROVED)
    paid: Counter[tuple[int, int]] = Counter()
    kinds: dict[tuple[int, int], str] = {}
    names = ("enrolment", "run__unit", "training_won", "special_won", "corrections", "inputs__kind")
    for pk, unit, training, special, corrections, kind in rows.values_list(*names):
        paid[pk, unit] += training + special
        kinds[pk, unit] = kind
        for each in corrections:
            paid[pk, each["unit"]] += each["difference"]
    found: dict[int, dict[int, tuple[int, str]]] = {}
    for (pk, unit), won in paid.items():
        found.setdefault(pk, {})[unit] = (won, kinds[pk, unit])
    return found


def lines_listed(run: AllowanceRun, *, name: str = "") -> QuerySet[AllowanceLine]:
    """Return the lines of a run, by name; without the stored inputs."""
    rows = AllowanceLine.objects.filter(run=run).defer("inputs")
    near = ("enrolment__person", "enrolment__track", "enrolment__application")
    rows = rows.select_related(*near).order_by("enrolment__person__full_name", "pk")
    return rows.filter(enrolment__person__full_name__icontains=name) if name else rows


def lines_of_enrolment(enrolment: Enrolment, *, all_states: bool) -> list[AllowanceLine]:
    """Return what one person was and is paid; calculations in the making only for officers."""
    rows = AllowanceLine.objects.filter(enrolment=enrolment).select_related("run__rule_set")
    if not all_states:
        rows = rows.filter(run__state=AllowanceState.APPROVED)
    return list(rows.order_by("-run__unit"))


def corrections_said(line: AllowanceLine) -> list[str]:
    """Say what earlier unit periods change."""
    text = _("Unit period %(unit)s: %(now)s now, %(before)s paid: %(difference)s")
    return [
        text
        % {
            "unit": each["unit"],
            **{name: exact_won(each[name]) for name in ("now", "before", "difference")},
        }
        for each in line.corrections
    ]


def allowance_rows(lines: Iterable[AllowanceLine]) -> Iterator[list[Any]]:
    """Yield a row per person, as the office pays it: amounts are plain numbers of won."""
    for line in lines:
        row = line.enrolment
        yield [
            row.application.number if row.application else "",
            row.person.full_name,
            row.track.name,
            line.run.unit,
            line.training_won,
            line.special_won,
            line.correction_won,
            line.won,
            line.inputs_digest,
        ]
