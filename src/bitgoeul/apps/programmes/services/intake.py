"""Applications that come as a file: people, consents, applications and choices, all at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.alliance.services import (
    NewPerson,
    give_consents_in_bulk,
    register_people,
)
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState
from bitgoeul.apps.programmes.models import Application, Choice, Cohort, Track
from bitgoeul.apps.programmes.queries.eligibility import obstacles
from bitgoeul.apps.programmes.services.applications import Answers, application_state
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import delete_unreferenced
from bitgoeul.core.journal.services import Change

_CHUNK = 500
_FIELDS = (
    "number",
    "state",
    "state_reason",
    "submitted_at",
    "residence",
    "school_region",
    "major",
    "work_status",
)


@dataclass(frozen=True, kw_only=True)
class IncomingApplication:
    """One line of an application file, already understood."""

    number: str
    person: NewPerson
    answers: Answers
    choices: tuple[Track, ...]
    submitted_at: dt.datetime
    consents: tuple[ConsentText, ...] = ()
    existing: Application | None = field(default=None, compare=False)


def take_in_applications(
    *, cohort: Cohort, incoming: Sequence[IncomingApplication], by: User | None, at: dt.datetime
) -> list[UUID]:
    """Write applications that were handed in elsewhere; returns their uuids, in order.

    Who does not meet the rules is kept as not eligible, with the reason. Consents are those the
    file says were given; the person is made known once and never overwritten.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        _refuse_late(cohort)
        people = register_people(people=[one.person for one in incoming], by=by, at=at)
        rows = [_row(cohort, one, people[one.person.address]) for one in incoming]
        before = {row.pk: application_state(row) for row in rows if row.pk}
        for row, one in zip(rows, incoming, strict=True):
            _fill(row, one, cohort)
        _save(rows, incoming)
        _record(rows, incoming, before, by=by, at=at)
        give_consents_in_bulk(
            given=[(people[one.person.address], text) for one in incoming for text in one.consents],
            by=by,
            at=at,
            source="import",
        )
    return [row.uuid for row in rows]


def take_back_applications(
    *,
    cohort: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, Mapping[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Undo `take_in_applications`, unless scores or a selection build on it.

    The people stay known and their consents stand: others may rely on them by now.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        _refuse_late(cohort)
        delete_unreferenced(Application, created, together_with=(Choice,))
        rows = Application.objects.filter(cohort=cohort).in_bulk(
            [uuid for uuid, _old in changed], field_name="uuid"
        )
        tracks = {track.key: track for track in cohort.tracks.all()}
        for uuid, old in changed:
            _restore(rows[uuid], old, tracks)
        journal.record(
            event="applications.taken_back",
            by=by,
            at=at,
            on=cohort,
            details={"removed": len(created), "restored": len(changed)},
        )


def snapshot_of(application: Application) -> dict[str, Any]:
    """What `take_back_applications` needs to restore a changed application."""
    return {
        **{name: getattr(application, name) for name in _FIELDS},
        "choices": [choice.track.key for choice in application.choices.all()],
    }


def _locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )


def _refuse_late(cohort: Cohort) -> None:
    if cohort.state not in {CohortState.APPLYING, CohortState.SELECTING}:
        raise Refused(_("This cohort does not take applications now."), code="wrong_state")
    if cohort.selection_rounds.filter(published_at__isnull=False).exists():
        raise Refused(_("The selection is published and stands."), code="wrong_state")


def _row(cohort: Cohort, one: IncomingApplication, person: User) -> Application:
    row = one.existing or Application(cohort=cohort, person=person)
    if row.person_id != person.pk:
        raise Refused(
            _("Application %(number)s belongs to somebody else.") % {"number": one.number},
            code="invalid",
        )
    return row


def _fill(row: Application, one: IncomingApplication, cohort: Cohort) -> None:
    row.number = one.number
    row.submitted_at = one.submitted_at
    for name, value in asdict(one.answers).items():
        if name != "motivation" or value:
            setattr(row, name, value)
    found = obstacles(
        cohort.rule_set.thresholds,
        birth_on=one.person.birth_on,
        work_status=one.answers.work_status,
        on=cohort.applications_close_at.astimezone(clock.SEOUL).date(),
    )
    row.state = ApplicationState.INELIGIBLE if found else ApplicationState.SUBMITTED
    row.state_reason = ",".join(found)
    row.clean_fields()


def _save(rows: Sequence[Application], incoming: Sequence[IncomingApplication]) -> None:
    fresh = [row for row, one in zip(rows, incoming, strict=True) if one.existing is None]
    Application.objects.bulk_create(fresh, batch_size=_CHUNK)
    known = [one.existing for one in incoming if one.existing is not None]
    Application.objects.bulk_update(known, _FIELDS, batch_size=200)
    for start in range(0, len(known), _CHUNK):
        Choice.objects.filter(application__in=known[start : start + _CHUNK]).delete()
    Choice.objects.bulk_create(
        [
            Choice(application=row, track=track, rank=rank)
            for row, one in zip(rows, incoming, strict=True)
            for rank, track in enumerate(one.choices, start=1)
        ],
        batch_size=_CHUNK,
    )


def _record(
    rows: Sequence[Application],
    incoming: Sequence[IncomingApplication],
    before: Mapping[int, dict[str, object]],
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    journal.record_many(
        event="application.imported",
        by=by,
        at=at,
        changes=[
            Change(
                on=row,
                before=before.get(row.pk),
                after=application_state(row) | {"choices": [t.key for t in one.choices]},
            )
            for row, one in zip(rows, incoming, strict=True)
        ],
    )


def _restore(row: Application, old: Mapping[str, Any], tracks: Mapping[str, Track]) -> None:
    for name in _FIELDS:
        setattr(row, name, old[name])
    row.save(update_fields=list(_FIELDS))
    row.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(application=row, track=tracks[key], rank=rank)
        for rank, key in enumerate(old["choices"], start=1)
    )
