"""Progress in the remote part of a course, taken over from the learning system that counts it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import AppealState, CohortState
from bitgoeul.apps.programmes.models import Appeal, Cohort, Enrolment, Module, RemoteProgress
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500
_FIELDS = ("percent", "source", "as_of")


@dataclass(frozen=True, kw_only=True)
class RemoteEntry:
    """One person in one module: percent, the system that says so, and the day it stood so."""

    enrolment: Enrolment
    module: Module
    percent: Decimal
    source: str
    as_of: dt.date


def record_remote_progress(
    *, cohort: Cohort, entries: Sequence[RemoteEntry], by: User | None, at: dt.datetime
) -> list[UUID]:
    """Write figures, replacing older ones; returns the uuid of each, in order.

    Raises
    ------
    Refused
        When the cohort is not running (after its end: unless the person's objection was
        accepted), a figure is not possible, or one that stands is newer.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_teach_cohort, cohort)
        _refuse_late(cohort, {entry.enrolment.pk for entry in entries})
        _refuse_bad(entries, cohort, at.astimezone(clock.SEOUL).date())
        known = {
            (row.enrolment_id, row.module_id): row
            for row in RemoteProgress.objects.filter(enrolment__cohort=cohort)
        }
        fresh: dict[UUID, RemoteProgress] = {}
        replaced: dict[UUID, RemoteProgress] = {}
        changes: list[Change] = []
        uuids = []
        for entry in entries:
            key = (entry.enrolment.pk, entry.module.pk)
            before = _state(known[key]) if key in known else None
            if key not in known:
                known[key] = RemoteProgress(enrolment=entry.enrolment, module=entry.module)
                fresh[known[key].uuid] = known[key]
            row = known[key]
            if row.uuid not in fresh:
                replaced[row.uuid] = row
            _set(row, entry, at)
            details = {"module": entry.module.key, "as_of": entry.as_of.isoformat()}
            changes.append(Change(on=row, before=before, after=_state(row), details=details))
            uuids.append(row.uuid)
        RemoteProgress.objects.bulk_create(fresh.values(), batch_size=_CHUNK)
        RemoteProgress.objects.bulk_update(
            replaced.values(), [*_FIELDS, "recorded_at"], batch_size=200
        )
        journal.record_many(event="remote_progress.recorded", by=by, at=at, changes=changes)
    return uuids


def _set(row: RemoteProgress, entry: RemoteEntry, at: dt.datetime) -> None:
    if row.pk and entry.as_of < row.as_of:
        text = _("%(person)s: a newer figure, of %(day)s, stands already.")
        facts = {"person": entry.enrolment.person.full_name, "day": row.as_of}
        raise Refused(text % facts, code="stale")
    for name in _FIELDS:
        setattr(row, name, getattr(entry, name))
    row.recorded_at = at


def take_back_remote_progress(
    *,
    cohort: Cohort,
    created: Iterable[UUID],
    changed: Mapping[UUID, Mapping[str, Any]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Undo a file: remove its new figures and put the replaced ones back.

    Raises
    ------
    Refused
        `stale` when a figure is gone, `wrong_state` once the cohort is not running.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_teach_cohort, cohort)
        new = set(created)
        found = {
            row.uuid: row
            for row in RemoteProgress.objects.filter(enrolment__cohort=cohort)
            if row.uuid in new or row.uuid in changed
        }
        _refuse_late(cohort, {row.enrolment_id for row in found.values()})
        if len(found) != len(new | set(changed)):
            raise Refused(_("Some of these figures are gone since."), code="stale")
        changes = []
        for uuid, row in found.items():
            before = _state(row)
            for name, value in changed.get(uuid, {}).items():
                setattr(row, name, value)
            after = None if uuid in new else _state(row)
            changes.append(Change(on=row, before=before, after=after))
        restored = [row for uuid, row in found.items() if uuid not in new]
        RemoteProgress.objects.bulk_update(restored, _FIELDS, batch_size=_CHUNK)
        removed = [row.pk for uuid, row in found.items() if uuid in new]
        for start in range(0, len(removed), _CHUNK):
            RemoteProgress.objects.filter(pk__in=removed[start : start + _CHUNK]).delete()
        journal.record_many(event="remote_progress.taken_back", by=by, at=at, changes=changes)


def _state(row: RemoteProgress) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in _FIELDS}


def _locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    )


def _refuse_late(cohort: Cohort, people: set[int]) -> None:
    """After the end only figures of people whose objection was accepted are corrected."""
    if cohort.state == CohortState.RUNNING:
        return
    accepted = Appeal.objects.filter(enrolment__cohort=cohort, state=AppealState.ACCEPTED)
    allowed = set(accepted.values_list("enrolment_id", flat=True))
    if cohort.state != CohortState.ENDED or not people or not people <= allowed:
        raise Refused(_("Remote progress is kept while a cohort runs."), code="wrong_state")


def _refuse_bad(entries: Sequence[RemoteEntry], cohort: Cohort, today: dt.date) -> None:
    people = Enrolment.objects.filter(cohort=cohort).in_bulk()
    for entry in entries:
        _refuse_impossible(entry, people.get(entry.enrolment.pk), cohort)
        if not cohort.starts_on <= entry.as_of <= today:
            text = _("%(day)s lies before the cohort's start or after today.")
            raise Refused(text % {"day": entry.as_of}, code="invalid")


def _refuse_impossible(entry: RemoteEntry, enrolment: Enrolment | None, cohort: Cohort) -> None:
    module = entry.module
    if enrolment is None or module.cohort_id != cohort.pk:
        raise Refused(_("Person and module are not of this cohort."), code="invalid")
    if module.track_id not in {None, enrolment.track_id}:
        text = _("%(module)s is not taught in the track of this person.")
        raise Refused(text % {"module": module.title}, code="invalid")
    if not 0 <= entry.percent <= 100 or not entry.source.strip():
        text = _("Progress lies between 0 and 100 percent and names its source.")
        raise Refused(text, code="invalid")
