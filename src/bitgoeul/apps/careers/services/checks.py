"""Answers to retention checks, and who does not count in the rate."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import people_having_withdrawn
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import CheckSource, CheckState, ExclusionReason
from bitgoeul.apps.careers.models import OutcomeExclusion, RetentionCheck
from bitgoeul.apps.careers.services.notices import tell_due
from bitgoeul.apps.careers.services.steps import allow, checked
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

ASKED_WITHIN = dt.timedelta(days=60)
"""Checks that were due longer ago belong to a year that was brought in, not to today."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody says about a check."""

    state: str
    answered_on: dt.date
    source: str


def answer_check(
    *,
    check: RetentionCheck,
    state: str,
    answered_on: dt.date,
    source: str,
    by: User | None,
    at: dt.datetime,
) -> RetentionCheck:
    """Say whether a job is kept."""
    allow(by is None or rules.can_answer_check(by, check))
    answer = Answer(state=state, answered_on=answered_on, source=source)
    write_answers(answers={check: answer}, by=by, at=at)
    return check


def write_answers(
    *, answers: Mapping[RetentionCheck, Answer], by: User | None, at: dt.datetime
) -> None:
    """Write answers in bulk (import); an answer given before the day it asks about is refused."""
    with transaction.atomic():
        changes = []
        _refuse_withdrawn(answers, by=by)
        for check, answer in answers.items():
            _refuse_answer(check, answer)
            before = {"state": check.state, "answered_on": check.answered_on}
            check.state = answer.state
            check.source = answer.source
            check.answered_on = answer.answered_on
            after = {"state": check.state, "answered_on": check.answered_on}
            changes.append(Change(on=check, before=before, after=after))
        RetentionCheck.objects.bulk_update(
            answers, ("state", "source", "answered_on"), batch_size=300
        )
        journal.record_many(event="check.answered", by=by, at=at, changes=changes)


def reset_checks(
    *, states: Mapping[RetentionCheck, Answer | None], by: User | None, at: dt.datetime
) -> None:
    """Give checks back the answers they had before an import; None: not asked yet."""
    with transaction.atomic():
        for check, answer in states.items():
            check.state = answer.state if answer else CheckState.DUE
            check.source = answer.source if answer else ""
            check.answered_on = answer.answered_on if answer else None
        RetentionCheck.objects.bulk_update(
            states, ("state", "source", "answered_on"), batch_size=300
        )
        changes = [Change(on=check, after={"state": check.state}) for check in states]
        journal.record_many(event="check.reset", by=by, at=at, changes=changes)


def ask_due_checks(*, at: dt.datetime) -> int:
    """Tell graduates and employers which checks are due; returns how many were told."""
    with transaction.atomic():
        due = RetentionCheck.objects.filter(
            state=CheckState.DUE,
            due_on__lte=at.astimezone(clock.SEOUL).date(),
            due_on__gt=at.astimezone(clock.SEOUL).date() - ASKED_WITHIN,
        )
        checks = list(due.select_related("placement__person", "placement__organisation"))
        return tell_due(checks, at=at)


def record_exclusion(
    *,
    person: User,
    cohort: Cohort,
    reason: str,
    evidence_on: dt.date,
    by: User | None,
    at: dt.datetime,
    evidence_note: str = "",
) -> OutcomeExclusion:
    """Record, with evidence, that a person does not count in the employment rate."""
    exclusion = OutcomeExclusion(
        person=person,
        cohort=cohort,
        reason=reason,
        evidence_on=evidence_on,
        evidence_note=evidence_note,
    )
    checked(exclusion)
    write_exclusions(cohort=cohort, created=[exclusion], changed=[], by=by, at=at)
    return exclusion


def write_exclusions(
    *,
    cohort: Cohort,
    created: Sequence[OutcomeExclusion],
    changed: Sequence[OutcomeExclusion],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Write exclusions in bulk (import)."""
    allow(by is None or rules.can_run_cohort(by, cohort))
    with transaction.atomic():
        _refuse_outsiders(cohort, [row.person_id for row in (*created, *changed)])
        OutcomeExclusion.objects.bulk_create(created, batch_size=300)
        OutcomeExclusion.objects.bulk_update(
            changed, ("reason", "evidence_on", "evidence_note"), batch_size=300
        )
        for event, rows in (("exclusion.recorded", created), ("exclusion.updated", changed)):
            changes = [Change(on=row, after=_reason_of(row)) for row in rows]
            journal.record_many(event=event, by=by, at=at, changes=changes)


def withdraw_exclusions(
    *, exclusions: Sequence[OutcomeExclusion], by: User | None, at: dt.datetime
) -> None:
    """Let people count in the rate again."""
    with transaction.atomic():
        changes = [Change(on=row, before=_reason_of(row)) for row in exclusions]
        journal.record_many(event="exclusion.withdrawn", by=by, at=at, changes=changes)
        OutcomeExclusion.objects.filter(pk__in=[row.pk for row in exclusions]).delete()


def source_of(*, by: User | None, check: RetentionCheck) -> str:
    """Whose word an answer is, from who gives it."""
    if by is None:
        return CheckSource.IMPORT
    if by.pk == check.placement.person_id:
        return CheckSource.GRADUATE
    if rules.employers_of(by).filter(pk=check.placement.organisation_id).exists():
        return CheckSource.EMPLOYER
    return CheckSource.OFFICE


def _refuse_withdrawn(checks: Iterable[RetentionCheck], *, by: User | None) -> None:
    """Nobody but the person answers once they have ended being followed up."""
    people = {check.placement.person_id for check in checks} - {by.pk if by else None}
    if people_having_withdrawn(Purpose.OUTCOME_FOLLOW_UP).filter(pk__in=people).exists():
        raise Refused(
            _("Somebody in this answer has ended the follow-up on their employment."),
            code="withdrawn",
        )


def _refuse_answer(check: RetentionCheck, answer: Answer) -> None:
    if answer.state not in CheckState.values or answer.state == CheckState.DUE:
        raise Refused(_("This is not an answer to a check."), code="invalid")
    if answer.answered_on < check.due_on and answer.state == CheckState.KEPT:
        raise Refused(_("The day this check asks about has not come yet."), code="too_early")


def _refuse_outsiders(cohort: Cohort, people: Sequence[int]) -> None:
    finished = (EnrolmentState.COMPLETED, EnrolmentState.EMPLOYED_EARLY)
    known = set(
        Enrolment.objects.filter(
            cohort=cohort, state__in=finished, person__in=list(people)
        ).values_list("person", flat=True)
    )
    if set(people) - known:
        raise Refused(
            _("Only those who completed or left for a job can be excluded."), code="outsider"
        )


def _reason_of(row: OutcomeExclusion) -> dict[str, object]:
    return {"reason": ExclusionReason(row.reason).value, "evidence_on": row.evidence_on}
