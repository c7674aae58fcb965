"""What instructors read of everybody: common errors, changed marks, submissions that are alike."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.labs import queries, services
from bitgoeul.apps.labs.api.room import note_reading, room, staffed_lab
from bitgoeul.core import clock
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import JobMade, Row, sliced


class Trouble(Row):
    """How often one check went wrong."""

    title: str
    people: int
    wrong: int
    reasons: list[str]


class Troubles(Row):
    """The checks that most people do not pass, first."""

    checks: list[Trouble]


class ChangeRow(Row):
    """What the newest grading changed for one submission."""

    submission: UUID
    person: UUID
    before: float
    after: float
    lost: bool


@room.reads("/labs/{uuid:uuid}/errors", Troubles)
def error_list(request: Request, uuid: UUID) -> Any:
    """Read which checks many do not pass, and what they are told."""
    found = queries.common_errors(staffed_lab(request, uuid))
    return {
        "checks": [
            {
                "title": one.title,
                "people": one.people,
                "wrong": one.wrong,
                "reasons": [text for text, _number in one.reasons],
            }
            for one in found
        ]
    }


@room.lists("/labs/{uuid:uuid}/changes", ChangeRow)
def change_list(request: Request, uuid: UUID) -> Any:
    """List what the newest grading changed; the reading is recorded."""
    lab = staffed_lab(request, uuid)
    page = sliced(request, queries.regrade_changes(lab))
    people = [one.person.uuid for one in page["items"]]
    note_reading(request, people, what="labs.change_list", about=uuid)
    names = ("submission", "before", "after", "lost")
    page["items"] = [
        {name: getattr(one, name) for name in names} | {"person": one.person.uuid}
        for one in page["items"]
    ]
    return page


class SimilarPairRow(Row):
    """Two submissions that resemble each other."""

    first: UUID
    second: UUID
    share: float
    common: int


class Similarity(Row):
    """What the last comparison found."""

    made_at: dt.datetime | None
    compared: int
    pairs: list[SimilarPairRow]


@room.reads("/labs/{uuid:uuid}/similarity", Similarity)
def similarity(request: Request, uuid: UUID) -> Any:
    """Read which submissions resemble each other, by their identifiers."""
    report = staffed_lab(request, uuid).similarity_reports.first()
    return {
        "made_at": report.made_at if report else None,
        "compared": report.compared if report else 0,
        "pairs": report.pairs if report else [],
    }


@room.writes("/labs/{uuid:uuid}/similarity", JobMade, status=202)
def similarity_ask(request: Request, uuid: UUID) -> Any:
    """Have everybody's newest submission compared with all others."""
    lab = staffed_lab(request, uuid)
    return {"job": services.ask_comparison(lab=lab, by=request.user, at=clock.now()).uuid}
