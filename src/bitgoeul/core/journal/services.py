"""Writing the journal: entries in the transaction of their change, seals by a job."""

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef

from bitgoeul.core.db.inserting import insert_rows
from bitgoeul.core.journal.models import Entry, Leaf, Reading, ReadingSubject, Salt, Seal
from bitgoeul.engines import evidence

SEAL_AT_MOST = 50_000
_ADVISORY_LOCK = 0x62_69_74_67


class Actor(Protocol):
    """Whoever acts: anything with a uuid."""

    uuid: UUID


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of many that `record_many` writes at once."""

    on: Model
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    event: str,
    by: Actor | None,
    at: dt.datetime,
    on: Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry in the current transaction.

    `before` and `after` may hold personal data: only digests salted per object are stored.
    `details` and `reason` are stored and sealed as they are and must not hold any.
    """
    change = Change(on=on, before=before, after=after, details=details or {})
    return record_many(event=event, by=by, at=at, changes=[change], reason=reason)[0]


def record_many(
    *, event: str, by: Actor | None, at: dt.datetime, changes: Sequence[Change], reason: str = ""
) -> list[Entry]:
    """Write one entry per change, with two statements whatever their number."""
    uuids = {_uuid_of(change.on) for change in changes if change.before or change.after}
    salts = _salts_of(uuids)
    entries = [
        Entry(
            at=at,
            actor_uuid=by.uuid if by is not None else None,
            event=event,
            noun=change.on._meta.label_lower,
            object_uuid=_uuid_of(change.on),
            before_digest=_digest(salts, change.on, change.before),
            after_digest=_digest(salts, change.on, change.after),
            reason=reason[:500],
            details=dict(change.details),
        )
        for change in changes
    ]
    return Entry.objects.bulk_create(entries, batch_size=500)


def record_reading(
    *,
    by: Actor,
    at: dt.datetime,
    of: Iterable[UUID],
    what: str,
    purpose: str,
    origin: str = "",
    action: str = Reading.Action.VIEW,
    reason: str = "",
    about: UUID | None = None,
    unnamed: int = 0,
) -> Reading | None:
    """Note that `by` read data about other people; reading one's own leaves no record.

    `unnamed` counts people who have no account yet (lines of a file): `about` names where they
    stand. A download is also an entry of the sealed journal, with a digest of its reason and of
    whose data it held.
    """
    subjects = sorted({uuid for uuid in of if uuid != by.uuid})
    if not subjects and not unnamed:
        return None
    with transaction.atomic(savepoint=False):
        reading = Reading.objects.create(
            at=at,
            actor_uuid=by.uuid,
            what=what[:120],
            purpose=purpose[:200],
            origin=origin[:64],
            subjects=len(subjects) + unnamed,
            action=action,
            reason=reason[:300],
            about_uuid=about,
        )
        rows = [(reading.pk, uuid) for uuid in subjects]
        insert_rows(ReadingSubject, ("reading", "subject_uuid"), rows)
        if action != Reading.Action.VIEW:
            record(
                event="personal_data.downloaded",
                by=by,
                at=at,
                on=reading,
                after={"reason": reason, "subjects": subjects, "origin": origin},
                details={"what": reading.what, "people": reading.subjects},
            )
    return reading


def seal(*, at: dt.datetime) -> Seal | None:
    """Seal every entry that has no place yet; None when there is nothing new.

    Entries are found by the absence of a leaf, not by a range of ids: on PostgreSQL a row with a
    lower id can be committed after a seal and must still be caught by the next one.
    """
    with transaction.atomic():
        _serialise_sealing()
        placed = Leaf.objects.filter(entry_id=OuterRef("id"))
        entries = list(Entry.objects.filter(~Exists(placed)).order_by("id")[:SEAL_AT_MOST])
        if not entries:
            return None
        previous = Seal.objects.order_by("-number").first()
        digests = [evidence.digest(entry.content()) for entry in entries]
        root = evidence.merkle_root([bytes.fromhex(digest) for digest in digests]).hex()
        number = previous.number + 1 if previous else 1
        chained = evidence.seal_digest(
            number=number,
            previous=previous.digest if previous else "",
            root=root,
            count=len(entries),
            at=moment(at),
        )
        made = Seal.objects.create(
            number=number,
            at=at,
            entries=len(entries),
            merkle_root=root,
            previous_digest=previous.digest if previous else "",
            digest=chained,
        )
        _place(made, entries, digests)
    return made


def moment(at: dt.datetime) -> str:
    """Return a moment as the chain writes it: UTC, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _place(made: Seal, entries: list[Entry], digests: list[str]) -> None:
    leaves = [
        Leaf(entry_id=entry.pk, entry_uuid=entry.uuid, seal=made, position=place, digest=digest)
        for place, (entry, digest) in enumerate(zip(entries, digests, strict=True))
    ]
    Leaf.objects.bulk_create(leaves, batch_size=500)


def _serialise_sealing() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def _uuid_of(on: Model) -> UUID:
    uuid = getattr(on, "uuid", None)
    if not isinstance(uuid, UUID):
        raise TypeError(f"{on._meta.label} has no uuid and cannot be journalled")
    return uuid


def salts_of(uuids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the salt of each object, making the missing ones."""
    return _salts_of(set(uuids))


def _salts_of(uuids: set[UUID]) -> dict[UUID, str]:
    if not uuids:
        return {}
    found = _find_salts(uuids)
    missing = uuids - found.keys()
    if missing:
        fresh = [Salt(object_uuid=uuid, value=secrets.token_hex(16)) for uuid in sorted(missing)]
        Salt.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        # Read back: another transaction may have made the same object's salt first.
        found |= _find_salts(missing)
    return found


def _find_salts(uuids: set[UUID]) -> dict[UUID, str]:
    ordered = sorted(uuids)
    found: dict[UUID, str] = {}
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        found.update(Salt.objects.filter(object_uuid__in=some).values_list("object_uuid", "value"))
    return found


def _digest(salts: Mapping[UUID, str], on: Model, state: Mapping[str, Any] | None) -> str:
    if not state:
        return ""
    return evidence.salted_digest(bytes.fromhex(salts[_uuid_of(on)]), plain(state))


def plain(state: Mapping[str, Any]) -> Any:
    """Return `state` in the JSON types (dates as text, uuids as text, decimals as text)."""
    return json.loads(json.dumps(dict(state), cls=DjangoJSONEncoder))
