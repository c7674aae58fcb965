"""The steering committee's year: founded, called, decided, written down, approved by other eyes.

Who acts is who would act: the secretary calls and writes, the chair approves. The words stand in
`committee.toml`, the papers as files beside those of the imports.
"""

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from bitgoeul.apps.alliance import queries, services
from bitgoeul.apps.alliance.enums import DocumentAccess, PresenceState
from bitgoeul.apps.alliance.models import (
    Committee,
    Decision,
    Meeting,
    Organisation,
    Seat,
    User,
)
from bitgoeul.cli import _
from bitgoeul.cli.demo.filling import Part
from bitgoeul.cli.demo.people import CITY, COMPANY, UNIVERSITY
from bitgoeul.cli.demo.year import Year, on
from bitgoeul.core import clock

WORDS = tomllib.loads((Path(__file__).parent / "committee.toml").read_text(encoding="utf-8"))
FOUNDED = dt.date(2024, 1, 15)
NAMES = {"city": CITY, "university": UNIVERSITY, "company": COMPANY}


class _Board:
    """The committee and whom its words name."""

    def __init__(self, year: Year) -> None:
        self.folder = year.folder / "committee"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.people = {
            person.email: person
            for person in User.objects.filter(email__in=[row["who"] for row in WORDS["seat"]])
        }
        self.parties = {key: Organisation.objects.get(name_ko=name) for key, name in NAMES.items()}
        self.chair = self.people["areum@city.example"]
        self.secretary = self.people["bora@university.example"]
        agreement = queries.with_parties().get(pk=year.agreement.pk)
        self.commitments = list(agreement.commitments.order_by("pk"))
        with clock.freeze(on(FOUNDED)):
            found = Committee.objects.filter(agreement=agreement).first()
            self.committee: Committee = found or services.found_committee(
                agreement=agreement,
                name_ko="인공지능 인재 양성 운영위원회",
                name_en="Steering committee for AI talents",
                founded_on=FOUNDED,
                by=self.chair,
                at=on(FOUNDED),
            )
            seats = {seat.person.email: seat for seat in self._seats()}
            self.seats = {
                row["who"]: seats.get(row["who"]) or self._seat(row) for row in WORDS["seat"]
            }

    def _seats(self) -> QuerySet[Seat]:
        return Seat.objects.filter(committee=self.committee).select_related("person")

    def _seat(self, row: dict[str, Any]) -> Seat:
        return services.give_seat(
            committee=self.committee,
            person=self.people[row["who"]],
            organisation=self.parties[row["party"]],
            office=row["office"],
            started_on=FOUNDED,
            by=self.chair,
            at=on(FOUNDED),
        )

    def paper(self, name: str, text: str) -> services.Paper:
        """Keep a paper beside the other files of the office, and hand it on."""
        content = text.encode()
        (self.folder / name).write_bytes(content)
        return services.Paper(name=name, content=content)


def meeting_days(year: Year) -> list[str]:
    """The days of five meetings that were held, and of one that is called."""
    return [words["day"].isoformat() for words in (*WORDS["meeting"], *WORDS["next"])]


def prepare_meeting(year: Year, day: str) -> Callable[[], None]:
    """One meeting with its decisions and actions, or the call to the next one."""

    def write() -> None:
        board = _Board(year)
        for words in WORDS["meeting"]:
            if words["day"].isoformat() == day:
                _hold(board, words)
        for words in WORDS["next"]:
            if words["day"].isoformat() == day:
                _call(board, words)

    return write


def _call(board: _Board, words: dict[str, Any]) -> None:
    called = on(words["called"])
    with clock.freeze(called):
        meeting = _plan(board, words, at=called)
        services.call_meeting(meeting=meeting, by=board.secretary, at=called)


def _plan(board: _Board, words: dict[str, Any], *, at: dt.datetime) -> Meeting:
    meeting = services.plan_meeting(
        committee=board.committee,
        starts_at=on(words["day"], 14),
        ends_at=on(words["day"], 16),
        place=words["place"],
        online_link=words["link"],
        by=board.secretary,
        at=at,
    )
    for number, item in enumerate(words["item"], start=1):
        made = services.put_on_agenda(
            meeting=meeting,
            title=item["title"],
            text=item.get("text", ""),
            presenter=board.people[item["by"]],
            length_min=30,
            by=board.secretary,
            at=at,
        )
        if text := item.get("paper"):
            services.share_document(
                committee=board.committee,
                title=item["title"],
                paper=board.paper(f"{meeting.key}-{number}.txt", text),
                access=DocumentAccess.MEMBERS,
                item=made,
                by=board.secretary,
                at=at,
            )
    return meeting


def _hold(board: _Board, words: dict[str, Any]) -> None:
    called, day = on(words["day"] - dt.timedelta(days=10)), words["day"]
    written = on(day + dt.timedelta(days=1))
    with clock.freeze(called):
        meeting = _plan(board, words, at=called)
        services.call_meeting(meeting=meeting, by=board.secretary, at=called)
    with clock.freeze(written):
        _attend(board, meeting, words["absent"], at=written)
        decisions = [_decide(board, meeting, row, at=written) for row in words.get("decision", ())]
        for row in words.get("action", ()):
            _give(board, meeting, decisions, row, at=written)
        items = {item: words["item"][item.number - 1]["said"] for item in meeting.agenda.all()}
        services.write_minutes(
            meeting=meeting, minutes=words["minutes"], items=items, by=board.secretary, at=written
        )
        services.circulate_minutes(meeting=meeting, by=board.secretary, at=written)
    if not words.get("waits"):
        approved = on(day + dt.timedelta(days=4))
        with clock.freeze(approved):
            services.approve_minutes(meeting=meeting, by=board.chair, at=approved)


def _attend(board: _Board, meeting: Meeting, absent: dict[str, str], *, at: dt.datetime) -> None:
    attended = []
    for presence in queries.presences_of(meeting):
        proxy = absent.get(presence.seat.person.email)
        state = PresenceState.ABSENT if proxy else PresenceState.PRESENT
        speaks = board.seats[proxy] if proxy else None
        attended.append(services.Attended(presence=presence, state=state, proxy=speaks))
    services.record_attendance(meeting=meeting, attended=attended, by=board.secretary, at=at)


def _decide(board: _Board, meeting: Meeting, row: dict[str, Any], *, at: dt.datetime) -> Decision:
    commitment = board.commitments[row["commitment"]] if "commitment" in row else None
    replaced = row.get("supersedes", "").partition("-")
    earlier = None
    if replaced[2]:
        numbered = {"year": int(replaced[0]), "number": int(replaced[2])}
        earlier = Decision.objects.get(committee=board.committee, **numbered)
    return services.record_decision(
        meeting=meeting,
        title=row["title"],
        text=row["text"],
        item=meeting.agenda.get(number=row["item"]),
        votes=[
            services.Votes(organisation=board.parties[party], **{vote: 1})
            for party, vote in row["votes"].items()
        ],
        commitments={commitment: row["change"]} if commitment else {},
        supersedes=earlier,
        by=board.secretary,
        at=at,
    )


def _give(
    board: _Board,
    meeting: Meeting,
    decisions: list[Decision],
    row: dict[str, Any],
    *,
    at: dt.datetime,
) -> None:
    owner = board.people[row["who"]]
    action = services.give_action(
        committee=board.committee,
        meeting=meeting,
        decision=decisions[row["decision"]] if "decision" in row else None,
        text=row["text"],
        owner=owner,
        organisation=board.parties[row["party"]],
        due_on=row["due"],
        by=board.secretary,
        at=at,
    )
    settled = on(row["due"] - dt.timedelta(days=2))
    with clock.freeze(settled):
        if done := row.get("done"):
            text = row.get("file")
            paper = board.paper(f"{meeting.key}-evidence.txt", text) if text else None
            services.finish_action(action=action, evidence=done, paper=paper, by=owner, at=settled)
        elif reason := row.get("dropped"):
            services.drop_action(action=action, reason=reason, by=board.secretary, at=settled)


PARTS = (
    Part(
        key="committee",
        title=_("Meetings of the steering committee, their minutes and decisions"),
        units=meeting_days,
        prepare=prepare_meeting,
    ),
)
