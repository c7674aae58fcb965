"""Every page and file, opened once by every role that may: what all of them must keep.

The pages come from the access table: each role opens each address it may open, in a language that
does not exist. No list of pages is kept here, so a new page is looked at as soon as it has its row
in the table. Opening them all is dear, so it is done once, and three things are asked of it:

- whoever is shown is written down: the answer is searched for the names, addresses and telephone
  numbers of everybody else;
- every text went through a translator's catalogue: each comes out as ⟦text⟧;
- nothing asks the database more than twelve times.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse
from django.utils.translation import trans_real

from bitgoeul.core.journal.models import Reading, ReadingSubject
from bitgoeul.core.templatetags.bitgoeul import forget_drawn
from tests.conftest import LONG
from tests.web import access
from tests.web.test_access_table import _client, declared
from tests.web.test_languages import Marked, stored, untranslated
from tests.world import ROLES, World, build_world

REASON = {"reason": "The committee asked for it."}

OWN = {"alliance:me", "alliance:my_data", "privacy:my_file"}
"""Who read one's own data is a part of one's own data: these name readers to whom they read."""

ALIKE = ("reviewer", "mentor", "consultant", "client", "researcher")
"""Roles without a part in the small alliance: they take turns where a page lets all of them in."""

STATEMENTS = 12
"""So often a page may ask the database, whoever opens it."""

STATEMENTS_OF_A_FILE = 16
"""A file with other people's data also writes why into the journal, and where it is sealed."""

KEPT = {
    "reports:dashboard",
    "reports:difference_list",
    "reports:number_detail",
    "reports:number_rows",
    "reports:report_detail",
    "reports:report_pdf",
    "reports:report_xlsx",
}
"""Pages that keep what they compute until something is written: opened twice, counted then."""

_ALL_OF_A_PERSON = "reads every table that holds something about the person"
MORE: dict[str, tuple[int, str]] = {
    "alliance:my_data": (57, _ALL_OF_A_PERSON),
    "privacy:mine": (111, _ALL_OF_A_PERSON),
    "privacy:my_file": (59, _ALL_OF_A_PERSON),
    "privacy:request_detail": (113, _ALL_OF_A_PERSON),
    "alliance:action_create": (13, "offers people, parties, decisions and meetings to choose from"),
    "alliance:meeting_detail": (14, "agenda, papers, attendance, decisions, actions of a meeting"),
    "alliance:minutes_pdf": (19, "the same as the meeting's page, and the download's record"),
    "reports:report_json": (29, "a draft's file carries the digest of every row as it stands"),
    "reports:number_rows": (14, "counts again the number whose rows it shows"),
    "search": (24, "asks once for each kind of thing that can be found"),
    "journal:readings": (15, "holds a month against half a year, by account, day and hour"),
    "programmes:design": (14, "calendar, tracks, classes with people, modules with skills"),
    "programmes:project_detail": (13, "the brief, what teams handed in and how it was judged"),
    "programmes:team_edit": (13, "offers trainees and mentors to choose from"),
    "programmes:enrolment_detail": (
        24,
        "one person's attendance, remote part, corrections, calendar, labs, limits and verdict",
    ),
    "programmes:application_detail": (
        14,
        "answers, needs, scores, stages and result of one person",
    ),
    "programmes:waiting_list": (13, "offers, and the lines of the tracks"),
    "contests:task_detail": (16, "a task, and to a team its limits, entries and what it may see"),
    "contests:team_detail": (15, "people, invitations, merges, texts and tasks of a team"),
    "reviews:panel_detail": (16, "cases, opinions, conflicts, reviewers and whom one may seat"),
    "programmes:limit_list": (16, "days, calendar, due work, the model; a city's right to it"),
    "programmes:limits_csv": (17, "the same as the page, and the download's record"),
    "programmes:limits_xlsx": (17, "the same as the page, and the download's record"),
    "programmes:completion": (
        15,
        "the filter's tracks, states, certificates, running work beside it",
    ),
    "programmes:enrolment_transcript": (
        20,
        "hours by module, labs, projects, skills, verdict, certificates, what was handed out",
    ),
}
"""Pages that may ask more often, how often, and why."""

NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Opened:
    """A page as one role sees it."""

    name: str
    role: str
    address: str
    text: str
    html: bool
    file: bool
    statements: int
    written: frozenset[UUID]

    def __str__(self) -> str:
        return f"{self.name} as {self.role} ({self.address})"


def text_of(response: Any) -> str:
    """What an answer says, unpacked when it is a workbook or a zip."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:4] != b"PK\x03\x04":
        return str(content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


class Written:
    """The record of access, read on from where it was read last."""

    def __init__(self) -> None:
        self._last = 0

    def since(self, sent: list[str], person: UUID | None) -> frozenset[UUID]:
        """Whose data a person is written down to have read by the statements of a request."""
        if not any(sql.startswith('INSERT INTO "journal_reading"') for sql in sent):
            return frozenset()
        after, self._last = self._last, Reading.objects.latest("id").pk
        rows = ReadingSubject.objects.filter(reading__gt=after, reading__actor_uuid=person)
        return frozenset(rows.values_list("subject_uuid", flat=True))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(NO_QUESTION):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


@contextmanager
def marked() -> Iterator[None]:
    """English becomes the language that does not exist."""
    forget_drawn()
    with mock.patch.dict(trans_real._translations, {"en": Marked()}):
        yield
    forget_drawn()


def openings(world: World) -> Iterator[tuple[str, str, str]]:
    """Each page, a role that may open it, and its address for that role."""
    pages = {name: route for name, route in declared().items() if route.method == "get"}
    for place, (name, route) in enumerate(sorted(pages.items())):
        for role in ROLES:
            if role in ALIKE and not LONG and _alike(route) and role != ALIKE[place % len(ALIKE)]:
                continue
            for ownership in access.OWNERSHIPS:
                if role not in route.allowed.get(ownership, frozenset()):
                    continue
                kwargs = route.kwargs(world, role, ownership)
                if kwargs is not None:
                    yield name, role, reverse(name, kwargs=kwargs) + route.query


def _alike(route: access.Route) -> bool:
    return all(
        roles.issuperset(ALIKE) or roles.isdisjoint(ALIKE) for roles in route.allowed.values()
    )


def opened(
    client: Client, record: Written, person: UUID | None, name: str, role: str, address: str
) -> Iterator[Opened]:
    """What somebody sees there; a reason is given where one is asked."""
    with counted() as sent:
        response = client.get(address)
        # A file that is written while it is read asks while it is read.
        text = text_of(response)
    if any(t.name == "journal/reason.html" for t in response.templates):
        yield Opened(name, role, address, text, True, False, len(sent), frozenset())
        with counted() as sent:
            response = client.post(address, REASON)
            text = text_of(response)
    shown = record.since(sent, person)
    if name in KEPT:
        with counted() as sent:
            client.get(address)
    html = response.status_code == 200 and "html" in response.get("Content-Type", "")
    file = "attachment" in response.get("Content-Disposition", "")
    yield Opened(name, role, address, text, html, file, len(sent), shown)


def allowed(page: Opened) -> int:
    """How often a page may ask."""
    usual = STATEMENTS_OF_A_FILE if page.file else STATEMENTS
    return MORE[page.name][0] if page.name in MORE else usual


# The rooms' own tests open their pages on the second database.
@pytest.mark.once
class TestEveryPage(TestCase):
    """The small alliance once, every page of it."""

    world: World
    seen: list[Opened]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world()
        clients = {role: _client(cls.world, role) for role in ROLES}
        people = {role: person.uuid for role, person in cls.world.people.items()}
        record = Written()
        with marked():
            cls.seen = [
                page
                for name, role, address in openings(cls.world)
                for page in opened(clients[role], record, people.get(role), name, role, address)
            ]

    def test_whoever_is_shown_is_written_down(self) -> None:
        marks = {
            person.uuid: (role, [m for m in (person.full_name, person.email) if m])
            for role, person in self.world.people.items()
        }
        faults, pages = [], 0
        for page in self.seen:
            if page.role == "public" or page.name in OWN:
                continue
            seen = {
                uuid
                for uuid, (role, said) in marks.items()
                if role != page.role and any(mark in page.text for mark in said)
            }
            pages += bool(seen)
            if unwritten := seen - page.written:
                faults.append(f"{page}: {sorted(marks[uuid][0] for uuid in unwritten)}")
        assert faults == [], "\n".join(faults)
        assert pages > 40, "the search itself would have found nothing"

    def test_every_text_is_translated(self) -> None:
        faults, data = [], stored()
        # Of each page what says most, and what the public sees.
        pages: dict[tuple[str, bool], Opened] = {}
        for page in filter(lambda each: each.html, self.seen):
            key = page.name, page.role == "public"
            if key not in pages or len(pages[key].text) < len(page.text):
                pages[key] = page
        for page in pages.values():
            if bare := untranslated(page.text, []) and untranslated(page.text, data):
                faults.append(f"{page}: {sorted(bare)[:12]}")
        assert faults == [], "\n".join(faults)
        assert len(pages) > 60

    def test_no_page_asks_too_often(self) -> None:
        most: dict[str, Opened] = {}
        for page in self.seen:
            if page.name not in most or most[page.name].statements < page.statements:
                most[page.name] = page
        faults = [
            f"{page}: {page.statements} statements"
            for name, page in most.items()
            if page.statements > allowed(page)
        ]
        assert faults == [], "\n".join(faults)
        idle = [
            f"{name}: {most[name].statements}"
            for name in MORE
            if most[name].statements < MORE[name][0] - 1
        ]
        assert idle == [], f"may ask for less now: {idle}"
