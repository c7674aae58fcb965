"""Allowances: the rate of a person, the calculation of a unit period, and its approval."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import AllowanceKind, AllowanceState, CohortState
from bitgoeul.apps.programmes.models import (
    AllowanceLine,
    AllowanceRun,
    AllowanceTerms,
    Cohort,
    Enrolment,
)
from bitgoeul.apps.programmes.queries.allowances import (
    lines_for,
    pays_anything,
    people_to_pay,
    unit_dates,
)
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused


def set_allowance_kind(
    *, enrolment: Enrolment, kind: str, reason: str, by: User | None, at: dt.datetime
) -> AllowanceTerms:
    """Say by which rate somebody is paid, and why; it counts from the next calculation on."""
    require(by, rules.can_manage_enrolment, enrolment)
    if kind not in AllowanceKind.values or not reason.strip():
        raise Refused(_("Say the rate and the reason."), code="incomplete")
    with transaction.atomic():
        terms = AllowanceTerms.objects.filter(enrolment=enrolment).first()
        before = {"kind": terms.kind if terms else AllowanceKind.STANDARD.value}
        terms = terms or AllowanceTerms(enrolment=enrolment)
        terms.kind, terms.reason = kind, reason.strip()[:300]
        check(terms)
        terms.save()
        journal.record(
            event="allowance.rate_set",
            by=by,
            at=at,
            on=enrolment,
            before=before,
            after={"kind": kind},
            reason=terms.reason,
        )
    return terms


def calculate_allowances(
    *, cohort: Cohort, unit: int, by: User | None, at: dt.datetime
) -> AllowanceRun:
    """Calculate a unit period that has ended, or calculate it anew as long as nobody approved it.

    Raises
    ------
    Refused
        When the rules pay nothing, the unit period is not over, it is approved already, or
        another one still waits for approval (its corrections would be paid twice).
    """
    with transaction.atomic():
        rows = Cohort.objects.select_for_update(of=("self",))
        cohort = rows.select_related("programme", "rule_set").get(pk=cohort.pk)
        require(by, rules.can_manage_cohort, cohort)
        _refuse_calculation(cohort, unit, at)
        first, last = unit_dates(cohort, unit)
        run = AllowanceRun.objects.filter(cohort=cohort, unit=unit).first()
        run = run or AllowanceRun(cohort=cohort, unit=unit)
        if run.state == AllowanceState.APPROVED:
            raise Refused(_("This unit period is approved already."), code="wrong_state")
        run.starts_on, run.ends_on, run.rule_set = first, last, cohort.rule_set
        run.cohort, run.made_by, run.made_at = cohort, by, at
        check(run)
        run.save()
        run.lines.all().delete()
        lines = lines_for(run, people_to_pay(cohort, first, last))
        AllowanceLine.objects.bulk_create(lines, batch_size=100)
        journal.record(
            event="allowance.calculated",
            by=by,
            at=at,
            on=run,
            after={"digests": sorted(line.inputs_digest for line in lines)},
            details={"unit": unit, "people": len(lines), "won": sum(line.won for line in lines)},
        )
    return run


def _refuse_calculation(cohort: Cohort, unit: int, at: dt.datetime) -> None:
    if not pays_anything(cohort.rule_set.thresholds):
        raise Refused(_("The rules of this cohort know no allowance."), code="wrong_state")
    if cohort.state not in {CohortState.RUNNING, CohortState.ENDED}:
        raise Refused(_("Allowances are calculated once a cohort runs."), code="wrong_state")
    first, last = unit_dates(cohort, unit)
    if unit < 1 or first > cohort.ends_on:
        raise Refused(_("The course has no such unit period."), code="invalid")
    if last >= at.astimezone(clock.SEOUL).date():
        raise Refused(_("This unit period is not over yet."), code="too_early")
    waiting = AllowanceRun.objects.filter(cohort=cohort, state=AllowanceState.DRAFT)
    other = waiting.exclude(unit=unit).first()
    if other is not None:
        raise Refused(
            _("Unit period %(unit)s waits for approval first.") % {"unit": other.unit},
            code="wrong_state",
        )


def approve_allowances(*, run: AllowanceRun, by: User | None, at: dt.datetime) -> AllowanceRun:
    """Approve what somebody else calculated; from then on it never changes."""
    with transaction.atomic():
        rows = AllowanceRun.objects.select_for_update(of=("self",))
        run = rows.select_related("cohort__programme", "rule_set").get(pk=run.pk)
        require(by, rules.can_approve_allowance_run, run)
        if run.state != AllowanceState.DRAFT:
            raise Refused(_("This unit period is approved already."), code="wrong_state")
        run.state, run.approved_by, run.approved_at = AllowanceState.APPROVED, by, at
        run.save(update_fields=["state", "approved_by", "approved_at"])
        won = [line.won for line in run.lines.defer("inputs")]
        journal.record(
            event="allowance.approved",
            by=by,
            at=at,
            on=run,
            details={"unit": run.unit, "people": len(won), "won": sum(won)},
        )
    return run
