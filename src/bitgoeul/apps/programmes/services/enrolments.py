"""Enrolment of the selected, its early end, labs for the cohort, and the final test."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.services import admit_people
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState, EnrolmentState
from bitgoeul.apps.programmes.models import Assignment, Cohort, Enrolment, Selection
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500


def enrol_selected(*, cohort: Cohort, by: User | None, at: dt.datetime) -> list[Enrolment]:
    """Enrol everyone whom the published selection gave a seat, and start the cohort."""
    with transaction.atomic():
        cohort = _locked_cohort(cohort)
        require(by, rules.can_manage_cohort, cohort)
        before = cohort.state
        after = workflow.go(workflow.COHORT, before, "enrol_selected")
        chosen = Selection.objects.filter(
            round__cohort=cohort,
            round__published_at__isnull=False,
            track__isnull=False,
            application__state=ApplicationState.SELECTED,
        ).select_related("application__person", "track")
        day = max(at.astimezone(clock.SEOUL).date(), cohort.starts_on)
        enrolments = [
            Enrolment(
                cohort=cohort,
                track=selection.track,
                person=selection.application.person,
                application=selection.application,
                enrolled_on=day,
            )
            for selection in chosen
            if selection.track is not None
        ]
        if not enrolments:
            raise Refused(_("There is no published selection to enrol from."), code="wrong_state")
        Enrolment.objects.bulk_create(enrolments, batch_size=_CHUNK)
        cohort.state = after
        cohort.save(update_fields=["state"])
        _record_enrolments(cohort, enrolments, before, by=by, at=at)
        _admit(cohort, enrolments, by=by, at=at)
    return enrolments


def end_enrolment(
    *,
    enrolment: Enrolment,
    state: str,
    on: dt.date,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Enrolment:
    """End an enrolment early: withdrawn, removed, or left for a job; the reason is kept."""
    with transaction.atomic():
        enrolment = _locked(enrolment)
        require(by, rules.can_manage_enrolment, enrolment)
        action = workflow.ENDINGS.get(EnrolmentState(state)) if state in ENDED_EARLY else None
        if action is None or not reason.strip():
            raise Refused(_("Say how and why the enrolment ended."), code="incomplete")
        if on < enrolment.enrolled_on:
            raise Refused(_("An enrolment cannot end before it began."), code="invalid")
        before = enrolment_state(enrolment)
        enrolment.state = workflow.go(workflow.ENROLMENT, enrolment.state, action)
        enrolment.ended_on = on
        enrolment.end_reason = reason.strip()[:300]
        enrolment.save(update_fields=["state", "ended_on", "end_reason"])
        journal.record(
            event="enrolment.ended",
            by=by,
            at=at,
            on=enrolment,
            before=before,
            after=enrolment_state(enrolment),
            details={"state": enrolment.state, "on": on.isoformat()},
        )
    return enrolment


def record_exam_score(
    *, enrolment: Enrolment, score: Decimal | None, by: User | None, at: dt.datetime
) -> Enrolment:
    """Write the score of the final test, out of 100; None takes it back."""
    with transaction.atomic():
        enrolment = _locked(enrolment)
        require(by, rules.can_teach_enrolment, enrolment)
        if enrolment.state not in _DECIDABLE:
            raise Refused(_("This enrolment has ended."), code="wrong_state")
        before = {"exam_score": enrolment.exam_score}
        enrolment.exam_score = score
        check(enrolment)
        enrolment.save(update_fields=["exam_score"])
        journal.record(
            event="enrolment.exam_scored",
            by=by,
            at=at,
            on=enrolment,
            before=before,
            after={"exam_score": score},
        )
    return enrolment


def assign_lab(
    *,
    cohort: Cohort,
    lab: Lab,
    due_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    required: bool = True,
) -> Assignment:
    """Give a lab to a cohort: everyone enrolled is admitted to it."""
    with transaction.atomic():
        cohort = _locked_cohort(cohort)
        require(by, rules.can_teach_cohort, cohort)
        if cohort.state not in {CohortState.SELECTING, CohortState.RUNNING}:
            raise Refused(_("Labs are given to a cohort before it ends."), code="wrong_state")
        assignment = Assignment(cohort=cohort, lab=lab, required=required, due_at=due_at)
        check(assignment)
        assignment.save(force_insert=True)
        journal.record(
            event="assignment.made",
            by=by,
            at=at,
            on=assignment,
            details={"lab": str(lab.uuid), "required": required, "due_at": due_at.isoformat()},
        )
        people = [
            enrolment.person
            for enrolment in cohort.enrolments.filter(state=EnrolmentState.ENROLLED).select_related(
                "person"
            )
        ]
        if people:
            admit_people(lab=lab, people=people, by=None, at=at, admitted_by=cohort)
    return assignment


def enrolment_state(enrolment: Enrolment) -> dict[str, object]:
    """What of an enrolment the journal digests."""
    return {
        "state": enrolment.state,
        "track": enrolment.track_id,
        "enrolled_on": enrolment.enrolled_on,
        "ended_on": enrolment.ended_on,
        "reason": enrolment.end_reason,
    }


ENDED_EARLY = frozenset(workflow.ENDINGS)
_DECIDABLE = frozenset(
    (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
)


def _locked(enrolment: Enrolment) -> Enrolment:
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__programme", "cohort__rule_set", "person")
        .get(pk=enrolment.pk)
    )


def _locked_cohort(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )


def _record_enrolments(
    cohort: Cohort,
    enrolments: Sequence[Enrolment],
    before: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    journal.record_many(
        event="enrolment.begun",
        by=by,
        at=at,
        changes=[
            Change(
                on=enrolment,
                after=enrolment_state(enrolment) | {"person": enrolment.person.uuid},
                details={"track": enrolment.track.key},
            )
            for enrolment in enrolments
        ],
    )
    journal.record(
        event="cohort.started",
        by=by,
        at=at,
        on=cohort,
        details={"from": before, "to": cohort.state, "enrolled": len(enrolments)},
    )


def _admit(
    cohort: Cohort, enrolments: Sequence[Enrolment], *, by: User | None, at: dt.datetime
) -> None:
    people = [enrolment.person for enrolment in enrolments]
    for assignment in cohort.assignments.select_related("lab"):
        # The system admits: the officer's right to enrol carries the place in the lab with it.
        admit_people(lab=assignment.lab, people=people, by=None, at=at, admitted_by=cohort)
