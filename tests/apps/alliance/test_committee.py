"""The steering committee: from the call of a meeting to approved minutes, decisions, actions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import translation
from icalendar import Calendar

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.enums import (
    ActionState,
    DocumentAccess,
    Majority,
    Office,
    PresenceState,
    Role,
    Voting,
)
from bitgoeul.apps.alliance.models import (
    Action,
    AgendaItem,
    Committee,
    Decision,
    DocumentVersion,
    Meeting,
    Seat,
    SharedDocument,
    User,
)
from bitgoeul.apps.alliance.queries.minutes_paper import pdf_of
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from bitgoeul.engines import evidence
from tests.apps.alliance.committee_rows import board_of
from tests.world import AT, DAY, ROLES, World, member

pytestmark = pytest.mark.django_db

CHAIR, SECRETARY, MEMBER = "officer_city", "officer_university", "officer_company"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.freeze(AT), translation.override("en"):
        yield


@dataclass
class Sitting:
    """A founded committee and its three members."""

    world: World
    committee: Committee
    seats: dict[str, Seat]

    def who(self, role: str) -> User:
        return self.world.people[role]

    def planned(self, *, in_days: int = 10) -> Meeting:
        starts = AT + dt.timedelta(days=in_days)
        meeting = services.plan_meeting(
            committee=self.committee,
            starts_at=starts,
            ends_at=starts + dt.timedelta(hours=2),
            place="시청 3층",
            by=self.who(SECRETARY),
            at=AT,
        )
        services.put_on_agenda(meeting=meeting, title="모집 계획", by=self.who(SECRETARY), at=AT)
        return meeting

    def called(self) -> Meeting:
        return services.call_meeting(meeting=self.planned(), by=self.who(SECRETARY), at=AT)

    def held(self, **states: str) -> Meeting:
        """Held a day after its beginning; everybody present unless said otherwise."""
        meeting = self.called()
        rows = {row.seat.person_id: row for row in queries.presences_of(meeting)}
        attended = [
            services.Attended(
                presence=rows[self.who(role).pk], state=states.get(role, PresenceState.PRESENT)
            )
            for role in (CHAIR, SECRETARY, MEMBER)
        ]
        return services.record_attendance(
            meeting=meeting, attended=attended, by=self.who(SECRETARY), at=after(meeting)
        )

    def votes(self, **given: str) -> list[services.Votes]:
        """One vote of each party: `city="in_favour"`; in favour unless said otherwise."""
        return [
            services.Votes(
                organisation=getattr(self.world, party), **{given.get(party, "in_favour"): 1}
            )
            for party in ("city", "university", "company")
        ]

    def decided(self, meeting: Meeting, **more: Any) -> Decision:
        facts = {"title": "모집 인원 확대", "text": "좌석을 늘린다.", "votes": self.votes()}
        return services.record_decision(
            meeting=meeting, **(facts | more), by=self.who(SECRETARY), at=after(meeting)
        )

    def given(self, **more: Any) -> Action:
        facts: dict[str, Any] = {
            "text": "공고를 낸다",
            "owner": self.who(MEMBER),
            "organisation": self.world.company,
            "due_on": DAY + dt.timedelta(days=14),
        }
        return services.give_action(
            committee=self.committee, **(facts | more), by=self.who(SECRETARY), at=AT
        )


def after(meeting: Meeting) -> dt.datetime:
    return meeting.starts_at + dt.timedelta(days=1)


@pytest.fixture
def sitting(world: World) -> Sitting:
    committee = services.found_committee(
        agreement=world.agreement,
        name_ko="운영위원회",
        founded_on=DAY,
        by=world.people[CHAIR],
        at=AT,
    )
    seats = {
        role: services.give_seat(
            committee=committee,
            person=world.people[role],
            organisation=getattr(world, party),
            office=office,
            started_on=DAY,
            by=world.people[CHAIR],
            at=AT,
        )
        for role, party, office in (
            (CHAIR, "city", Office.CHAIR),
            (SECRETARY, "university", Office.SECRETARY),
            (MEMBER, "company", Office.MEMBER),
        )
    }
    return Sitting(world, committee, seats)


# Rules


def test_filters_and_answers_agree(world: World) -> None:
    board = board_of(world)
    planned = Meeting.objects.create(
        committee=board.committee,
        year=2025,
        number=2,
        starts_at=AT,
        ends_at=AT + dt.timedelta(hours=1),
    )
    for role in ROLES:
        user = world.people.get(role)
        for model, visible, answer in VISIBLE:
            listed = set(model.objects.filter(visible(user)).values_list("pk", flat=True))
            said = {row.pk for row in model.objects.all() if answer(user, row)}
            assert listed == said, (role, model)
            if role not in {CHAIR, SECRETARY, MEMBER}:
                assert listed <= {board.documents[DocumentAccess.PUBLIC].pk}, (role, model)
        assert rules.can_view_meeting(user, planned) is (role in {CHAIR, SECRETARY})


VISIBLE: tuple[tuple[Any, Any, Any], ...] = (
    (Committee, rules.committees_visible_to, rules.can_view_committee),
    (Meeting, rules.meetings_visible_to, rules.can_view_meeting),
    (Decision, rules.decisions_visible_to, rules.can_view_decision),
    (Action, rules.actions_visible_to, rules.can_view_action),
    (SharedDocument, rules.documents_visible_to, rules.can_read_document),
)


def test_whom_a_document_is_for(world: World) -> None:
    documents = board_of(world).documents.items()
    for role, reads in (
        (CHAIR, {"members", "officers", "public"}),
        (SECRETARY, {"members", "party", "officers", "public"}),
        (MEMBER, {"members", "officers", "public"}),
        ("mentor", {"public"}),
        ("public", {"public"}),
    ):
        user = world.people.get(role)
        assert {a for a, d in documents if rules.can_read_document(user, d)} == reads, role


def test_a_document_ends_for_everybody(world: World) -> None:
    board = board_of(world)
    document = board.documents[DocumentAccess.MEMBERS]
    document.expires_on = DAY - dt.timedelta(days=1)
    document.save()
    secretary = world.people[SECRETARY]
    assert not rules.can_read_document(secretary, document)
    assert document not in SharedDocument.objects.filter(rules.documents_visible_to(secretary))
    paper = board.documents[DocumentAccess.PARTY]
    services.withdraw_document(document=paper, reason="바뀐 계획", by=secretary, at=AT)
    assert not rules.can_read_document(secretary, paper)
    assert Entry.objects.get(event="document.withdrawn").reason == "바뀐 계획"


def test_a_term_that_ended_gives_nothing(sitting: Sitting) -> None:
    mentor = sitting.who("mentor")
    seat = services.give_seat(
        committee=sitting.committee,
        person=mentor,
        organisation=sitting.world.company,
        office=Office.MEMBER,
        started_on=DAY,
        by=sitting.who(SECRETARY),
        at=AT,
    )
    assert rules.can_view_committee(mentor, sitting.committee)
    services.end_seat(seat=seat, ended_on=DAY, by=sitting.who(SECRETARY), at=AT)
    with clock.freeze(AT + dt.timedelta(days=1)):
        assert not rules.can_view_committee(mentor, sitting.committee)
        assert not Committee.objects.filter(rules.committees_visible_to(mentor)).exists()


def test_what_carries() -> None:
    for majority, votes, carried in (
        ("simple", (2, 1, 5), True),
        ("simple", (1, 1, 0), False),
        ("absolute", (2, 1, 0), True),
        ("absolute", (2, 1, 1), False),
        ("two_thirds", (2, 1, 0), True),
        ("two_thirds", (3, 2, 0), False),
        ("unanimous", (1, 0, 2), True),
        ("unanimous", (5, 1, 0), False),
        ("unanimous", (0, 0, 3), False),
    ):
        given = dict(zip(("in_favour", "against", "abstained"), votes, strict=True))
        assert queries.is_carried(majority, **given) is carried, (majority, votes)


# Committee and seats


def test_a_committee_is_founded_once_and_by_who_may(world: World) -> None:
    facts: dict[str, Any] = {"agreement": world.agreement, "name_ko": "위원회", "founded_on": DAY}
    for role in (MEMBER, "administrator", "mentor"):
        with pytest.raises(Refused):
            services.found_committee(**facts, by=world.people[role], at=AT)
    services.found_committee(**facts, by=world.people[SECRETARY], at=AT)
    with pytest.raises(Refused, match="already"):
        services.found_committee(**facts, by=world.people[CHAIR], at=AT)


def test_a_seat_that_cannot_be(sitting: Sitting) -> None:
    for person, party, office, said in (
        ("mentor", "employer", Office.MEMBER, "not a party"),
        ("mentor", "city", Office.MEMBER, "does not act"),
        ("mentor", "company", Office.SECRETARY, "already"),
        (MEMBER, "company", Office.MEMBER, "sits in the committee already"),
    ):
        with pytest.raises(Refused, match=said):
            services.give_seat(
                committee=sitting.committee,
                person=sitting.who(person),
                organisation=getattr(sitting.world, party),
                office=office,
                started_on=DAY,
                by=sitting.who(CHAIR),
                at=AT,
            )


def test_changed_rules_are_in_the_journal(sitting: Sitting) -> None:
    services.change_committee_rules(
        committee=sitting.committee, majority=Majority.UNANIMOUS, by=sitting.who(CHAIR), at=AT
    )
    assert Entry.objects.get(event="committee.rules_changed").details == {"majority": "unanimous"}
    with pytest.raises(Refused):
        services.change_committee_rules(
            committee=sitting.committee, quorum_percent=0, by=sitting.who(CHAIR), at=AT
        )


# Meetings


def test_a_called_meeting_reaches_every_member_with_a_calendar_file(sitting: Sitting) -> None:
    User.objects.filter(pk=sitting.who(MEMBER).pk).update(language="en")
    meeting = sitting.called()
    jobs.run_pending(at=AT)
    assert {letter.to[0] for letter in outbox.outbox} == {
        sitting.who(role).email for role in (CHAIR, SECRETARY, MEMBER)
    }
    subjects = {letter.to[0]: letter.subject for letter in outbox.outbox}
    assert "A meeting of the committee is called" in subjects[sitting.who(MEMBER).email]
    assert "위원회 회의가 소집되었습니다" in subjects[sitting.who(CHAIR).email]
    letter = outbox.outbox[0]
    ((name, content, media),) = letter.attachments
    assert (name, media.split(";")[0]) == ("meeting-2025-1.ics", "text/calendar")
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert event.decoded("dtstart") == meeting.starts_at
    assert event["location"] == "시청 3층"
    assert f"MAILTO:{letter.to[0]}" == event["attendee"]
    assert f"/alliance/meetings/{meeting.uuid}/" in event["url"]


def test_a_change_and_the_end_replace_what_the_calendar_has(sitting: Sitting) -> None:
    meeting = sitting.called()
    jobs.run_pending(at=AT)
    first = Calendar.from_ical(outbox.outbox[0].attachments[0][1]).walk("VEVENT")[0]
    outbox.outbox.clear()
    services.change_meeting(meeting=meeting, place="대학 본관", by=sitting.who(SECRETARY), at=AT)
    services.cancel_meeting(meeting=meeting, reason="태풍", by=sitting.who(SECRETARY), at=AT)
    jobs.run_pending(at=AT)
    last = Calendar.from_ical(outbox.outbox[-1].attachments[0][1])
    assert str(last["method"]) == "CANCEL"
    event = last.walk("VEVENT")[0]
    assert (event["uid"], event["sequence"]) == (first["uid"], 2)
    assert event["status"] == "CANCELLED"
    told = Notice.objects.filter(person=sitting.who(MEMBER)).values_list("message", flat=True)
    assert set(told) == {"committee.called", "committee.changed", "committee.cancelled"}


def test_a_short_notice_needs_its_reason(sitting: Sitting) -> None:
    meeting = sitting.planned(in_days=3)
    with pytest.raises(Refused) as refusal:
        services.call_meeting(meeting=meeting, by=sitting.who(SECRETARY), at=AT)
    assert refusal.value.code == "short_notice"
    meeting.refresh_from_db()
    services.call_meeting(
        meeting=meeting, short_notice="예산 마감", by=sitting.who(SECRETARY), at=AT
    )
    assert Entry.objects.get(event="meeting.called").reason == "예산 마감"


def test_a_meeting_is_called_with_its_agenda_by_who_runs_it(sitting: Sitting) -> None:
    meeting = sitting.planned()
    with pytest.raises(Refused):
        services.call_meeting(meeting=meeting, by=sitting.who(MEMBER), at=AT)
    services.take_off_agenda(item=meeting.agenda.get(), by=sitting.who(SECRETARY), at=AT)
    with pytest.raises(Refused, match="agenda"):
        services.call_meeting(meeting=meeting, by=sitting.who(SECRETARY), at=AT)
    assert meeting.key == "2025-1"
    assert sitting.planned().key == "2025-2"


def test_an_agenda_moves_up(sitting: Sitting) -> None:
    meeting = sitting.planned()
    for title in ("예산", "기타"):
        services.put_on_agenda(meeting=meeting, title=title, by=sitting.who(SECRETARY), at=AT)
    services.take_off_agenda(item=meeting.agenda.get(number=1), by=sitting.who(SECRETARY), at=AT)
    assert list(meeting.agenda.values_list("number", "title")) == [(1, "예산"), (2, "기타")]


def test_answers_proxies_and_quorum(sitting: Sitting) -> None:
    meeting = sitting.called()
    assert not queries.quorum_of(meeting, queries.presences_of(meeting)).reached
    services.answer_meeting(
        meeting=meeting, answer=PresenceState.COMING, by=sitting.who(SECRETARY), at=AT
    )
    services.answer_meeting(
        meeting=meeting,
        answer=PresenceState.NOT_COMING,
        proxy=sitting.seats[SECRETARY],
        by=sitting.who(MEMBER),
        at=AT,
    )
    quorum = queries.quorum_of(meeting, queries.presences_of(meeting))
    assert (quorum.represented, quorum.needed, quorum.parties_represented) == (2, 2, 2)
    assert not quorum.reached, "the city is missing"
    with pytest.raises(Refused, match="already speaks"):
        services.answer_meeting(
            meeting=meeting,
            answer=PresenceState.NOT_COMING,
            proxy=sitting.seats[SECRETARY],
            by=sitting.who(CHAIR),
            at=AT,
        )
    with pytest.raises(Refused):
        services.answer_meeting(
            meeting=meeting, answer=PresenceState.COMING, by=sitting.who("mentor"), at=AT
        )


# Decisions


def test_a_decision_has_its_number_and_its_votes(sitting: Sitting) -> None:
    meeting = sitting.held()
    decision = sitting.decided(
        meeting, commitments={sitting.world.agreement.commitments.get(): "목표 2명 → 3명"}
    )
    assert (decision.key, decision.carried) == ("2025-1", True)
    assert decision.concerned.get().change == "목표 2명 → 3명"
    rejected = sitting.decided(
        meeting, votes=sitting.votes(city="against", company="abstained"), supersedes=decision
    )
    assert (rejected.key, rejected.carried, rejected.supersedes) == ("2025-2", False, None)
    later = sitting.decided(meeting, supersedes=decision)
    decision.refresh_from_db()
    assert decision.superseded_by == later
    with pytest.raises(Refused, match="superseded already"):
        sitting.decided(meeting, supersedes=decision)
    assert list(
        queries.decisions_listed(rules.decisions_visible_to(sitting.who(MEMBER)), state="standing")
    ) == [later]


def test_without_a_quorum_nothing_is_decided(sitting: Sitting) -> None:
    meeting = sitting.held(**{MEMBER: PresenceState.ABSENT})
    with pytest.raises(Refused) as refusal:
        sitting.decided(meeting, votes=sitting.votes()[:2])
    assert refusal.value.code == "no_quorum"
    services.change_committee_rules(
        committee=sitting.committee, quorum_parties=False, by=sitting.who(CHAIR), at=AT
    )
    meeting = Meeting.objects.get(pk=meeting.pk)
    with pytest.raises(Refused, match="0 votes"):
        sitting.decided(meeting)
    assert sitting.decided(meeting, votes=sitting.votes()[:2]).carried


def test_one_vote_per_party_or_per_member(sitting: Sitting) -> None:
    member(sitting.who("mentor"), sitting.world.city, Role.CONSULTANT)
    services.give_seat(
        committee=sitting.committee,
        person=sitting.who("mentor"),
        organisation=sitting.world.city,
        office=Office.MEMBER,
        started_on=DAY,
        by=sitting.who(CHAIR),
        at=AT,
    )
    meeting = sitting.called()
    attended = [
        services.Attended(presence=row, state=PresenceState.ONLINE)
        for row in queries.presences_of(meeting)
    ]
    meeting = services.record_attendance(
        meeting=meeting, attended=attended, by=sitting.who(CHAIR), at=after(meeting)
    )
    two = [services.Votes(organisation=sitting.world.city, in_favour=2)]
    with pytest.raises(Refused, match="1 votes"):
        sitting.decided(meeting, votes=two)
    Committee.objects.update(voting=Voting.MEMBER)
    assert sitting.decided(Meeting.objects.get(pk=meeting.pk), votes=two).carried


def test_the_last_decision_can_be_taken_back(sitting: Sitting) -> None:
    meeting = sitting.held()
    first, second = sitting.decided(meeting), sitting.decided(meeting)
    with pytest.raises(Refused):
        services.take_back_decision(decision=first, by=sitting.who(SECRETARY), at=AT)
    services.take_back_decision(decision=second, by=sitting.who(SECRETARY), at=AT)
    assert sitting.decided(meeting).key == "2025-2"


# Minutes


def test_minutes_are_approved_by_other_eyes_and_then_stand(sitting: Sitting) -> None:
    meeting = sitting.held()
    decision = sitting.decided(meeting)
    at = after(meeting)
    with pytest.raises(Refused, match="Write the minutes first"):
        services.circulate_minutes(meeting=meeting, by=sitting.who(SECRETARY), at=at)
    item = meeting.agenda.get()
    services.write_minutes(
        meeting=meeting, minutes="회의록", items={item: "논의함"}, by=sitting.who(SECRETARY), at=at
    )
    services.circulate_minutes(meeting=meeting, by=sitting.who(SECRETARY), at=at)
    with pytest.raises(Refused):
        services.approve_minutes(meeting=meeting, by=sitting.who(SECRETARY), at=at)
    with pytest.raises(Refused):
        services.approve_minutes(meeting=meeting, by=sitting.who(MEMBER), at=at)
    services.give_back_minutes(meeting=meeting, reason="표결 누락", by=sitting.who(CHAIR), at=at)
    services.circulate_minutes(meeting=meeting, by=sitting.who(SECRETARY), at=at)
    services.approve_minutes(meeting=meeting, by=sitting.who(CHAIR), at=at)

    entry = Entry.objects.get(event="minutes.approved")
    assert entry.details["digest"] == meeting.minutes_digest
    fresh = Meeting.objects.get(pk=meeting.pk)
    paper = pdf_of(fresh, address="https://bitgoeul.example/")
    assert paper.startswith(b"%PDF-")
    assert paper == pdf_of(fresh, address="https://bitgoeul.example/"), "the same, byte by byte"
    assert evidence.digest(queries.minutes_content(fresh)) == meeting.minutes_digest
    for change in (
        lambda: services.write_minutes(meeting=fresh, minutes="x", by=sitting.who(CHAIR), at=at),
        lambda: services.put_on_agenda(meeting=fresh, title="x", by=sitting.who(CHAIR), at=at),
        lambda: services.change_agenda(
            item=AgendaItem.objects.get(), title="x", by=sitting.who(CHAIR), at=at
        ),
        lambda: services.take_back_decision(decision=decision, by=sitting.who(CHAIR), at=at),
        lambda: sitting.decided(fresh),
    ):
        with pytest.raises(Refused):
            change()
    # What somebody has to do may still come of it; the approved minutes do not change with it.
    services.give_action(
        committee=sitting.committee,
        meeting=fresh,
        text="나중 일",
        owner=sitting.who(MEMBER),
        organisation=sitting.world.company,
        due_on=DAY,
        by=sitting.who(SECRETARY),
        at=at + dt.timedelta(hours=1),
    )
    assert evidence.digest(queries.minutes_content(fresh)) == meeting.minutes_digest
    User.objects.filter(pk=sitting.who(MEMBER).pk).update(full_name="(erased · 파기됨)")
    assert evidence.digest(queries.minutes_content(fresh)) == meeting.minutes_digest


def test_a_chair_who_wrote_the_minutes_does_not_approve_them(sitting: Sitting) -> None:
    meeting = sitting.held()
    services.write_minutes(meeting=meeting, minutes="회의록", by=sitting.who(CHAIR), at=AT)
    services.circulate_minutes(meeting=meeting, by=sitting.who(SECRETARY), at=AT)
    with pytest.raises(Refused, match="not by who wrote them"):
        services.approve_minutes(meeting=meeting, by=sitting.who(CHAIR), at=AT)


# Actions


def test_an_action_is_done_with_evidence_once(sitting: Sitting) -> None:
    action = sitting.given()
    owner = sitting.who(MEMBER)
    assert list(queries.open_actions_of(owner)) == [action]
    with pytest.raises(Refused):
        services.finish_action(action=action, evidence=" ", by=owner, at=AT)
    with pytest.raises(Refused):
        services.finish_action(action=action, evidence="했음", by=sitting.who("mentor"), at=AT)
    page = services.Paper(name="증빙.html", content=b"<html><script>")
    with pytest.raises(Refused):
        services.finish_action(action=action, evidence="했음", paper=page, by=owner, at=AT)
    paper = services.Paper(name="증빙.txt", content="공고 링크".encode())
    services.finish_action(action=action, evidence="공고함", paper=paper, by=owner, at=AT)
    action.refresh_from_db()
    assert (action.state, action.file_name) == (ActionState.DONE, "증빙.txt")
    assert action.file.read() == paper.content
    with pytest.raises(Refused):
        services.drop_action(action=action, reason="x", by=sitting.who(SECRETARY), at=AT)


def test_dropping_needs_a_reason_and_who_runs_the_committee(sitting: Sitting) -> None:
    action = sitting.given()
    with pytest.raises(Refused):
        services.drop_action(action=action, reason="안 함", by=sitting.who(MEMBER), at=AT)
    with pytest.raises(Refused):
        services.drop_action(action=action, reason="", by=sitting.who(SECRETARY), at=AT)
    services.drop_action(action=action, reason="대체됨", by=sitting.who(SECRETARY), at=AT)
    assert Entry.objects.filter(event="action.dropped").exists()


def test_an_owner_acts_for_the_organisation(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="does not act"):
        sitting.given(owner=sitting.who("recruiter"))


def test_overdue_is_told_once_a_week(sitting: Sitting) -> None:
    sitting.given()
    due = DAY + dt.timedelta(days=14)
    for days, told in ((0, 0), (1, 1), (2, 1), (3, 1), (9, 2)):
        on = due + dt.timedelta(days=days)
        services.remind_committees(on=on, at=AT + (on - DAY))
        assert Notice.objects.filter(message="committee.action_overdue").count() == told


def test_a_near_meeting_is_told_once(sitting: Sitting) -> None:
    meeting = sitting.called()
    for _time in range(2):
        services.remind_committees(on=DAY, at=meeting.starts_at - dt.timedelta(hours=20))
    assert Notice.objects.filter(message="committee.soon").count() == 3


# Documents


def test_documents_have_versions_and_one_rule(sitting: Sitting) -> None:
    first = services.Paper(name="계획.txt", content=b"one")
    facts: dict[str, Any] = {"committee": sitting.committee, "title": "계획", "paper": first}
    document = services.share_document(
        **facts, access=DocumentAccess.MEMBERS, by=sitting.who(MEMBER), at=AT
    )
    services.add_document_version(
        document=document,
        paper=services.Paper(name="계획.txt", content=b"two"),
        by=sitting.who(SECRETARY),
        at=AT,
    )
    assert [v.number for v in document.versions.all()] == [2, 1]
    with pytest.raises(Refused):
        services.withdraw_document(document=document, reason="x", by=sitting.who("mentor"), at=AT)
    with pytest.raises(Refused, match="member of that party"):
        services.share_document(
            **facts,
            access=DocumentAccess.PARTY,
            party=sitting.world.city,
            by=sitting.who(MEMBER),
            at=AT,
        )
    with pytest.raises(Refused, match="personal data"):
        services.share_document(
            **facts, access=DocumentAccess.PUBLIC, personal=True, by=sitting.who(CHAIR), at=AT
        )
    assert DocumentVersion.objects.count() == 2
    found = queries.search("계획", sitting.who(MEMBER))
    assert [hit.title for group in found for hit in group.hits] == ["계획"]
    assert not any(group.hits for group in queries.search("계획", sitting.who("recruiter")))
