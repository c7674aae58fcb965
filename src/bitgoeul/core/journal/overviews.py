"""What the journal's pages show: its state, an object's history, and who read how much."""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncMonth

from bitgoeul.core.clock import SEOUL
from bitgoeul.core.jobs.enums import FINAL
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.models import Entry, Leaf, Reading, ReadingSubject, Seal

NIGHT_HOURS = (22, 23, 0, 1, 2, 3, 4, 5)
_NAMESAKES = 100
"""So many people of one name are looked for; a number or an address means one."""
VERIFY_TASK = "bitgoeul.core.journal.tasks.verify_journal"


@dataclass(frozen=True, kw_only=True)
class State:
    """How the journal stands: its seals, what waits for one, and the last verification."""

    seals: Sequence[Seal]
    entries: int
    waiting: int
    verification: Job | None


def state(*, seals: int = 10) -> State:
    """Return the newest seals and what is not sealed yet."""
    placed = Leaf.objects.filter(entry_id=OuterRef("id"))
    verified = Job.objects.filter(task=VERIFY_TASK, state__in=FINAL).order_by("-id")
    counts = Entry.objects.aggregate(
        entries=Count("pk"), waiting=Count("pk", filter=~Exists(placed))
    )
    return State(
        seals=list(Seal.objects.order_by("-number")[:seals]),
        entries=counts["entries"],
        waiting=counts["waiting"],
        verification=verified.first(),
    )


@dataclass(frozen=True, kw_only=True)
class Named:
    """An entry with the name of whoever acted, as far as that is still known."""

    entry: Entry
    actor: str
    sealed_in: int | None


def named(entries: Sequence[Entry]) -> list[Named]:
    """Add actors' names and seal numbers to entries, with two statements."""
    names = names_of({entry.actor_uuid for entry in entries if entry.actor_uuid})
    leaves = Leaf.objects.filter(entry_id__in=[entry.pk for entry in entries])
    seals = dict(leaves.values_list("entry_id", "seal__number"))
    return [
        Named(
            entry=entry,
            actor=names.get(entry.actor_uuid, "") if entry.actor_uuid else "",
            sealed_in=seals.get(entry.pk),
        )
        for entry in entries
    ]


@dataclass(frozen=True, kw_only=True)
class ReadingsOfReader:
    """What one account read in a month, for one kind of page."""

    account: UUID
    reader: str
    what: str
    readings: int
    subjects: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How often one account read one kind of page in a month; at night, and as a file."""

    account: UUID
    what: str
    readings: int
    subjects: int
    nights: int
    files: int


def tallies_in(month: dt.date) -> list[Tally]:
    """Count a calendar month's readings (in Seoul) by account and kind of page."""
    start, end = bounds(month)
    within = Reading.objects.filter(at__gte=start, at__lt=end).order_by()
    hours = within.annotate(hour=ExtractHour("at", tzinfo=SEOUL))
    rows = hours.values("actor_uuid", "what").annotate(
        readings=Count("id"),
        told=Sum("subjects"),
        nights=Count("id", filter=Q(hour__in=NIGHT_HOURS)),
        files=Count("id", filter=~Q(action=Reading.Action.VIEW)),
    )
    return [
        Tally(
            account=row["actor_uuid"],
            what=row["what"],
            readings=row["readings"],
            subjects=row["told"],
            nights=row["nights"],
            files=row["files"],
        )
        for row in rows
    ]


def readings_in(
    month: dt.date, *, tallies: Sequence[Tally] | None = None
) -> list[ReadingsOfReader]:
    """Return who read how much in a calendar month (in Seoul), the most first."""
    start, end = bounds(month)
    rows = tallies_in(month) if tallies is None else tallies
    # Counted apart: joined to the people read, every reading would be summed once per person.
    subjects = ReadingSubject.objects.filter(reading__at__gte=start, reading__at__lt=end)
    distinct = {
        (row["reading__actor_uuid"], row["reading__what"]): row["people"]
        for row in subjects.order_by()
        .values("reading__actor_uuid", "reading__what")
        .annotate(people=Count("subject_uuid", distinct=True))
    }
    names = names_of({row.account for row in rows})
    found = [
        ReadingsOfReader(
            account=row.account,
            reader=names.get(row.account, str(row.account)),
            what=row.what,
            readings=row.readings,
            subjects=row.subjects,
            people=distinct.get((row.account, row.what), 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.people, -row.readings, row.reader, row.what))


@dataclass(frozen=True, kw_only=True)
class NamedReading:
    """A reading with the name of its reader, and the seal under a download's entry."""

    reading: Reading
    reader: str
    sealed_in: int | None


def readings_found(
    *,
    about: UUID | None = None,
    of: Collection[UUID] | None = None,
    by: Collection[UUID] | None = None,
) -> QuerySet[Reading]:
    """Return the readings of an object, of people's data, or by accounts, newest first."""
    found = Reading.objects.order_by("-id")
    if about is not None:
        found = found.filter(about_uuid=about)
    if of is not None:
        touched = ReadingSubject.objects.filter(reading=OuterRef("pk"), subject_uuid__in=of)
        found = found.filter(Exists(touched))
    return found.filter(actor_uuid__in=by) if by is not None else found


def accounts_called(text: str) -> list[UUID]:
    """Return the accounts that a number (UUID), an e-mail address or a whole name means.

    A number is taken as it is: whoever was erased has no account any more, but was read.
    """
    with contextlib.suppress(ValueError):
        return [UUID(text.strip())]
    meant = Q(email__iexact=text.strip()) | Q(full_name=text.strip())
    found = get_user_model().objects.filter(meant).order_by("pk")
    return [person.uuid for person in found[:_NAMESAKES]]


def named_readings(readings: Sequence[Reading]) -> list[NamedReading]:
    """Add readers' names, and where a download stands in the sealed journal."""
    names = names_of({reading.actor_uuid for reading in readings})
    entries = dict(
        Entry.objects.filter(object_uuid__in=[reading.uuid for reading in readings]).values_list(
            "object_uuid", "id"
        )
    )
    leaves = Leaf.objects.filter(entry_id__in=entries.values())
    seals = dict(leaves.values_list("entry_id", "seal__number"))
    return [
        NamedReading(
            reading=reading,
            reader=names.get(reading.actor_uuid, str(reading.actor_uuid)),
            sealed_in=seals.get(entries.get(reading.uuid, 0)),
        )
        for reading in readings
    ]


def months_with_readings() -> list[dt.date]:
    """Return the first day of every month in which something was read, newest first."""
    months = Reading.objects.order_by().annotate(month=TruncMonth("at", tzinfo=SEOUL))
    return sorted({row.date() for row in months.values_list("month", flat=True).distinct()})[::-1]


def names_of(uuids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of accounts by uuid; whoever was erased has none."""
    wanted = set(uuids)
    people = get_user_model().objects.filter(uuid__in=wanted) if wanted else ()
    return {person.uuid: str(person) for person in people}


def bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return where a calendar month begins and ends in Seoul."""
    first = month.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return (
        dt.datetime.combine(first, dt.time(), tzinfo=SEOUL),
        dt.datetime.combine(following, dt.time(), tzinfo=SEOUL),
    )
