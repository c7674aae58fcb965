"""The journal for programs: that it stands, an object's history, and who read whose data."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import StringConstraints

from bitgoeul.core import access, clock, jobs
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request, Room
from bitgoeul.core.api.rows import At, JobMade, Row, listed
from bitgoeul.core.jobs.registry import resolve

from . import downloads, overviews, queries, reviewing, rules, views
from .forms import ReviewForm
from .models import Entry, Reading

room = Room("journal", title=gettext_lazy("Journal"))
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class SealOut(Row):
    """A seal over entries."""

    number: int
    at: dt.datetime
    entries: int
    merkle_root: str
    digest: str


class StateOut(Row):
    """How the journal stands."""

    entries: int
    waiting: int
    seals: list[SealOut]


class EntryRow(Row):
    """An entry: who did what to which object, and digests of before and after."""

    uuid: UUID
    at: dt.datetime
    actor: Annotated[UUID | None, At("actor_uuid")]
    event: str
    noun: str
    object: Annotated[UUID, At("object_uuid")]
    before_digest: str
    after_digest: str
    reason: str
    details: dict[str, Any]


class ReadingsRow(Row):
    """What an account read in a month."""

    account: UUID
    reader: str
    what: str
    readings: int
    subjects: int
    people: int


class FlagOut(Row):
    """What stands out in a month."""

    account: UUID
    kind: str
    figure: int
    against: int
    text: str


class MonthOut(Row):
    """A month's readings, what stands out, and whether it is signed off."""

    month: str
    rows: list[ReadingsRow]
    flags: list[FlagOut]
    signed_by: UUID | None


class ReadingRow(Row):
    """One reading."""

    at: dt.datetime
    reader: Annotated[UUID, At("actor_uuid")]
    origin: str
    what: str
    action: str
    purpose: str
    reason: str
    subjects: int
    about: Annotated[UUID | None, At("about_uuid")]


class Signed(Row):
    """The month that was signed off."""

    month: str


@room.reads("", StateOut)
def state(request: Request) -> Any:
    """Read the head of the chain and the newest seals."""
    access.require(rules.can_read_journal(request.user))
    found = overviews.state()
    names = ("number", "at", "entries", "merkle_root", "digest")
    seals = [{name: getattr(seal, name) for name in names} for seal in found.seals]
    return {"entries": found.entries, "waiting": found.waiting, "seals": seals}


@room.lists("/entries", EntryRow)
def entry_list(request: Request) -> Any:
    """List entries, the newest first."""
    access.require(rules.can_read_journal(request.user))
    page = listed(request, Entry.objects.all(), EntryRow, newest_first=True)
    _note_actors(request, page, "actor", what="journal.home", purpose=_("Reading the journal"))
    return page


@room.writes("/verification", JobMade, status=202)
def verify(request: Request) -> Any:
    """Have the whole chain recomputed in the background."""
    access.require(rules.can_read_journal(request.user))
    key = f"journal.verify:{request.user.uuid}"
    task = resolve(overviews.VERIFY_TASK)
    job = jobs.enqueue(task, by=request.user, dedupe=key, at=clock.now())
    return {"job": job.uuid}


@room.lists("/objects/{uuid:uuid}/entries", EntryRow)
def history(request: Request, uuid: UUID) -> Any:
    """List what happened to one object."""
    access.require(rules.can_read_history(request.user))
    page = listed(request, queries.entries_about(uuid), EntryRow)
    access.require(bool(page["items"]))
    _note_actors(request, page, "actor", what="journal.history", purpose=_("Reading the journal"))
    return page


@room.reads("/months/{month}", MonthOut)
def readings(request: Request, month: Month) -> Any:
    """Read who read how much in a month, and what stands out."""
    access.require(rules.can_read_readings(request.user))
    chosen = _first_day(month)
    rows = [
        {name: getattr(row, name) for name in ReadingsRow.model_fields}
        for row in overviews.readings_in(chosen)
    ]
    flags = reviewing.flags_of(chosen)
    people = {row["account"] for row in rows} | {flag.account for flag in flags}
    downloads.note_page(request, people, what="journal.readings", purpose=_purpose())
    review = reviewing.review_of(chosen)
    return {
        "month": month,
        "rows": rows,
        "flags": [{name: getattr(flag, name) for name in FlagOut.model_fields} for flag in flags],
        "signed_by": review.reviewer_uuid if review else None,
    }


def _file(view: Any) -> Any:
    def file(request: Request, form: str) -> Any:
        query = request.GET.copy()
        query["form"] = form
        request.GET = query  # type: ignore[assignment]  # a copy that may be changed
        return view(request)

    file.__doc__ = view.__doc__
    return file


room.hands_out("/months.{form}", _file(views.readings), CSV, XLSX, name="readings_file")


@room.writes("/months/{month}/signature", Signed, body=ReviewForm)
def sign_off(request: Request, month: Month) -> Any:
    """Sign a month's readings off, with an answer to what stands out."""
    access.require(rules.can_read_readings(request.user))
    chosen = _first_day(month)
    form = bind(request, ReviewForm, flagged=bool(reviewing.flags_of(chosen)))
    note = form.cleaned_data["note"]
    reviewing.sign_month_off(month=chosen, note=note, by=request.user, at=clock.now())
    return {"month": month}


@room.lists("/readings", ReadingRow)
def reading_list(request: Request) -> Any:
    """List readings, the newest first."""
    access.require(rules.can_read_readings(request.user))
    page = listed(request, Reading.objects.all(), ReadingRow, newest_first=True)
    _note_actors(request, page, "reader", what="journal.reading_list", purpose=_purpose())
    return page


room.hands_out("/readings.{form}", _file(views.reading_list), CSV, XLSX, name="reading_file")


@room.lists("/readings/of/{uuid:uuid}", ReadingRow)
def readings_of(request: Request, uuid: UUID) -> Any:
    """List who read one person's data, the newest first."""
    access.require(rules.can_read_readings(request.user))
    found = overviews.readings_found(of=[uuid])
    page = listed(request, found, ReadingRow, newest_first=True)
    _note_actors(request, page, "reader", what="journal.reading_list", purpose=_purpose())
    return page


def _purpose() -> str:
    return _("Looking through who read whose data")


def _note_actors(request: Request, page: Any, column: str, *, what: str, purpose: str) -> None:
    people = {row[column] for row in page["items"] if row[column]}
    downloads.note_page(request, people, what=what, purpose=purpose)


def _first_day(month: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    access.require(2000 <= day.year <= 2199)
    return day
