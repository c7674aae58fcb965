"""Jobs that began, ended, and the checks whether they are kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import CheckState, OfferState, PlacementKind
from bitgoeul.apps.careers.models import Offer, Placement, RetentionCheck, Vacancy
from bitgoeul.apps.careers.queries.people import latest_cohorts_of
from bitgoeul.apps.careers.queries.windows import add_months, retention_months
from bitgoeul.apps.careers.services.steps import allow, checked
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import UndoRefused, delete_unreferenced
from bitgoeul.core.journal.services import Change


def record_placement(
    *,
    person: User,
    organisation: Organisation,
    started_on: dt.date,
    by: User | None,
    at: dt.datetime,
    kind: str = PlacementKind.EMPLOYMENT,
    vacancy: Vacancy | None = None,
    offer: Offer | None = None,
    evidence_kind: str = "",
    evidence_on: dt.date | None = None,
) -> Placement:
    """Record that a job or an own company began, and plan the checks whether it lasts."""
    allow(by is None or rules.can_record_placement(by, person, organisation))
    placement = Placement(
        person=person,
        organisation=organisation,
        vacancy=offer.vacancy if offer else vacancy,
        offer=offer,
        kind=kind,
        started_on=started_on,
        evidence_kind=evidence_kind,
        evidence_on=evidence_on,
    )
    with transaction.atomic():
        _refuse_unaccepted(placement)
        checked(placement)
        write_placements(created=[placement], changed=[], by=by, at=at)
    return placement


def update_evidence(
    *,
    placement: Placement,
    evidence_kind: str,
    evidence_on: dt.date | None,
    by: User | None,
    at: dt.datetime,
) -> Placement:
    """Write down what proves a job, and since when it is proved."""
    allow(by is None or rules.can_edit_placement(by, placement))
    with transaction.atomic():
        current = Placement.objects.select_for_update().get(pk=placement.pk)
        before = facts(current)
        current.evidence_kind, current.evidence_on = evidence_kind, evidence_on
        _refuse_half_evidence(current)
        checked(current)
        current.save(update_fields=["evidence_kind", "evidence_on"])
        journal.record(
            event="placement.proved", by=by, at=at, on=current, before=before, after=facts(current)
        )
    return current


def end_placement(
    *, placement: Placement, ended_on: dt.date, by: User | None, at: dt.datetime
) -> Placement:
    """Record the last day at work."""
    allow(by is None or rules.can_edit_placement(by, placement))
    with transaction.atomic():
        current = Placement.objects.select_for_update().get(pk=placement.pk)
        before = facts(current)
        current.ended_on = ended_on
        checked(current)
        current.save(update_fields=["ended_on"])
        journal.record(
            event="placement.ended", by=by, at=at, on=current, before=before, after=facts(current)
        )
    return current


def write_placements(
    *,
    created: Sequence[Placement],
    changed: Sequence[Placement],
    by: User | None,
    at: dt.datetime,
    before: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Write placements in bulk (import) with their checks.

    `before` holds the facts of the changed ones as they were, by primary key.
    """
    with transaction.atomic():
        for placement in (*created, *changed):
            _refuse_half_evidence(placement)
        Placement.objects.bulk_create(created, batch_size=200)
        Placement.objects.bulk_update(
            changed,
            ("vacancy", "kind", "evidence_kind", "evidence_on", "ended_on"),
            batch_size=200,
        )
        plan_checks(placements=created, by=by, at=at)
        was = before or {}
        for event, rows in (("placement.recorded", created), ("placement.updated", changed)):
            changes = [Change(on=row, before=was.get(row.pk), after=facts(row)) for row in rows]
            journal.record_many(event=event, by=by, at=at, changes=changes)


def withdraw_placements(
    *, placements: Sequence[Placement], by: User | None, at: dt.datetime
) -> None:
    """Remove placements that an import brought, with their checks while nobody answered."""
    with transaction.atomic():
        answered = RetentionCheck.objects.filter(
            placement__in=[row.pk for row in placements]
        ).exclude(state=CheckState.DUE)
        if answered.exists():
            raise UndoRefused("undo_blocked", what=str(RetentionCheck._meta.verbose_name_plural))
        changes = [Change(on=row, before=facts(row)) for row in placements]
        journal.record_many(event="placement.withdrawn", by=by, at=at, changes=changes)
        delete_unreferenced(
            Placement, [row.uuid for row in placements], together_with=[RetentionCheck]
        )


def plan_checks(
    *, placements: Sequence[Placement], by: User | None, at: dt.datetime
) -> list[RetentionCheck]:
    """Plan the checks that the rule set of each person's programme asks for."""
    with transaction.atomic():
        cohorts = latest_cohorts_of({placement.person_id for placement in placements})
        checks = [
            RetentionCheck(
                placement=placement,
                months=months,
                due_on=add_months(placement.started_on, months),
            )
            for placement in placements
            for months in retention_months(cohorts.get(placement.person_id))
        ]
        RetentionCheck.objects.bulk_create(checks, batch_size=300)
        if placements:
            changes = [Change(on=check, details={"months": check.months}) for check in checks]
            journal.record_many(event="check.planned", by=by, at=at, changes=changes)
    return checks


def facts(placement: Placement) -> dict[str, Any]:
    """What is recorded of a placement, for the journal's digests."""
    return {
        "person": placement.person.uuid,
        "organisation": placement.organisation.uuid,
        "vacancy": placement.vacancy.number if placement.vacancy else None,
        "kind": placement.kind,
        "started_on": placement.started_on,
        "evidence_kind": placement.evidence_kind,
        "evidence_on": placement.evidence_on,
        "ended_on": placement.ended_on,
    }


def _refuse_unaccepted(placement: Placement) -> None:
    offer = placement.offer
    if offer is None:
        return
    if offer.state != OfferState.ACCEPTED or offer.person_id != placement.person_id:
        raise Refused(_("Only an accepted offer leads to a placement."), code="not_accepted")
    if offer.vacancy.organisation_id != placement.organisation_id:
        raise Refused(_("The offer is another organisation's."), code="other_organisation")


def _refuse_half_evidence(placement: Placement) -> None:
    if bool(placement.evidence_kind) != (placement.evidence_on is not None):
        raise Refused(_("Evidence needs both its kind and its date."), code="half_evidence")
