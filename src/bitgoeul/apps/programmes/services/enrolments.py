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
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    EnrolmentState,
    OfferCause,
    OfferState,
)
from bitgoeul.apps.programmes.models import (
    Application,
    Assignment,
    Cohort,
    Enrolment,
    SeatOffer,
    Selection,
    Track,
)
from bitgoeul.apps.programmes.services.offers import withdraw_seat
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
        chosen = _chosen(cohort)
        day = max(at.astimezone(clock.SEOUL).date(), cohort.starts_on)
        enrolments = [
            Enrolment(
                cohort=cohort,
                track=track,
                person=application.person,
                application=application,
                enrolled_on=day,
            )
            for application, track in chosen
        ]
        if not enrolments:
            raise Refused(_("There is no published selection to enrol from."), code="wrong_state")
        Enrolment.objects.bulk_create(enrolments, batch_size=_CHUNK)
        cohort.state = after
        cohort.save(update_fields=["state"])
        _record_enrolments(cohort, enrolments, before, by=by, at=at)
        _admit(cohort, enrolments, by=by, at=at)
    return enrolments


def enrol_called(*, offer: SeatOffer, by: User | None, at: dt.datetime) -> Enrolment:
    """Enrol somebody who accepted a seat after the cohort had started."""
    with transaction.atomic():
        cohort = _locked_cohort(offer.round.cohort)
        if cohort.state != CohortState.RUNNING or offer.state != OfferState.ACCEPTED:
            raise Refused(_("This seat cannot be enrolled now."), code="wrong_state")
        enrolment = Enrolment(
            cohort=cohort,
            track=offer.track,
            person=offer.application.person,
            application=offer.application,
            enrolled_on=at.astimezone(clock.SEOUL).date(),
        )
        check(enrolment)
        enrolment.save(force_insert=True)
        journal.record(
            event="enrolment.begun",
            by=by,
            at=at,
            on=enrolment,
            after=enrolment_state(enrolment),
            details={"track": offer.track.key, "turn": offer.turn},
        )
        _admit(cohort, [enrolment], by=by, at=at)
    return enrolment


def _chosen(cohort: Cohort) -> list[tuple[Application, Track]]:
    """Who is enrolled: who accepted, where an answer is asked; else who was given a seat."""
    if cohort.answer_days is not None:
        waiting = SeatOffer.objects.filter(round__cohort=cohort, state=OfferState.MADE)
        if waiting.exists():
            raise Refused(
                _("Some offers wait for an answer: enrol once they are answered or lapsed."),
                code="too_early",
            )
        accepted = SeatOffer.objects.filter(round__cohort=cohort, state=OfferState.ACCEPTED)
        rows = accepted.select_related("application__person", "track").order_by("id")
        return [(offer.application, offer.track) for offer in rows]
    chosen = Selection.objects.filter(
        round__cohort=cohort,
        round__published_at__isnull=False,
        track__isnull=False,
        application__state=ApplicationState.SELECTED,
    ).select_related("application__person", "track")
    return [(row.application, row.track) for row in chosen if row.track is not None]


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
        if enrolment.application is not None:
            withdraw_seat(enrolment.application, cause=OfferCause.LEFT, by=by, at=at)
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
