"""Reads of the steering committee: seats, meetings, quorum, decisions, actions, documents."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import ActionState, Majority, MeetingState, PresenceState
from bitgoeul.apps.alliance.models import (
    Action,
    AgendaItem,
    Agreement,
    Committee,
    Decision,
    DocumentVersion,
    Meeting,
    Party,
    Presence,
    Seat,
    SharedDocument,
    User,
    VoteCount,
)
from bitgoeul.core import clock, finding, formats
from bitgoeul.core.db.matching import matches
from bitgoeul.engines import evidence

HERE = frozenset({PresenceState.PRESENT, PresenceState.ONLINE})
EXPECTED = HERE | {PresenceState.COMING}


def with_parties() -> QuerySet[Agreement]:
    """Return agreements with who signed them, as the rules ask it."""
    parties = Party.objects.select_related("organisation")
    return Agreement.objects.prefetch_related(Prefetch("signatories", queryset=parties))


def committees() -> QuerySet[Committee]:
    """Return committees with their agreement."""
    return Committee.objects.select_related("agreement")


def committee_of(agreement: Agreement, user: Any) -> Committee | None:
    """Return an agreement's committee, if one may see it."""
    if user is None or not user.is_authenticated:
        return None
    found = committees().filter(agreement=agreement).first()
    return found if found is not None and rules.can_view_committee(user, found) else None


def seats_on(committee: Committee, *, on: dt.date) -> QuerySet[Seat]:
    """Return who sits in a committee on a day, by party."""
    seats = Seat.objects.on(on).filter(committee=committee)
    return seats.select_related("person", "organisation")


def seats_ever(committee: Committee) -> QuerySet[Seat]:
    """Return everybody who sits or sat in a committee, by party."""
    seats = Seat.objects.filter(committee=committee)
    return seats.select_related("person", "organisation")


def meetings() -> QuerySet[Meeting]:
    """Return meetings with their committee, the newest first."""
    found = Meeting.objects.select_related("committee__agreement", "minutes_by", "approved_by")
    return found.order_by("-starts_at", "-pk")


def agenda_of(meeting: Meeting, user: Any) -> list[AgendaItem]:
    """Return the agenda; each item carries the papers that one may read as `shown_papers`."""
    papers = SharedDocument.objects.filter(rules.documents_visible_to(user)).distinct()
    shown = Prefetch("papers", queryset=papers, to_attr="shown_papers")
    items = AgendaItem.objects.filter(meeting=meeting).select_related("presenter")
    return list(items.prefetch_related(shown).order_by("number"))


def presences_of(meeting: Meeting) -> list[Presence]:
    """Return the attendance of a meeting, by party."""
    rows = Presence.objects.filter(meeting=meeting)
    people = ("seat__person", "seat__organisation", "proxy__person")
    return list(rows.select_related(*people).order_by("seat__organisation__name_ko", "seat_id"))


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """Whether enough of a committee is together to decide."""

    members: int
    represented: int
    needed: int
    parties: int
    parties_represented: int
    all_parties: bool

    @property
    def reached(self) -> bool:
        """The committee can decide."""
        enough = self.members > 0 and self.represented >= self.needed
        return enough and (not self.all_parties or self.parties_represented == self.parties)


def represented(meeting: Meeting, presences: Sequence[Presence]) -> list[Presence]:
    """Return whose vote can be cast: who is there, and whom somebody there speaks for.

    Before a meeting was written down, whoever said that they come is expected.
    """
    there = EXPECTED if meeting.state == MeetingState.CALLED else HERE
    here = {row.seat_id for row in presences if row.state in there}
    return [row for row in presences if row.seat_id in here or row.proxy_id in here]


def quorum_of(meeting: Meeting, presences: Sequence[Presence]) -> Quorum:
    """Return how the standing rules judge the attendance of a meeting."""
    committee, there = meeting.committee, represented(meeting, presences)
    return Quorum(
        members=len(presences),
        represented=len(there),
        needed=-(-len(presences) * committee.quorum_percent // 100),
        parties=committee.agreement.signatories.count() if committee.quorum_parties else 0,
        parties_represented=len({row.seat.organisation_id for row in there}),
        all_parties=committee.quorum_parties,
    )


def is_carried(majority: str, *, in_favour: int, against: int, abstained: int) -> bool:
    """Tell whether votes carry a motion under a rule.

    >>> is_carried("absolute", in_favour=2, against=1, abstained=1)
    False
    """
    cast = in_favour + against + abstained
    if in_favour == 0:
        return False
    if majority == Majority.SIMPLE:
        return in_favour > against
    if majority == Majority.TWO_THIRDS:
        return in_favour * 3 >= cast * 2
    if majority == Majority.UNANIMOUS:
        return against == 0
    return in_favour * 2 > cast


def decisions() -> QuerySet[Decision]:
    """Return decisions with what their page shows."""
    votes = Prefetch("votes", queryset=VoteCount.objects.select_related("organisation"))
    found = Decision.objects.prefetch_related(votes)
    return found.select_related("committee__agreement", "meeting", "superseded_by", "supersedes")


def decisions_listed(
    visible: Q, *, text: str = "", year: int | None = None, state: str = ""
) -> QuerySet[Decision]:
    """Return decisions by words, year and whether they stand, the newest first."""
    found = decisions().filter(visible).distinct()
    if text.strip():
        found = found.filter(matches(text, "title", "text"))
    if year:
        found = found.filter(year=year)
    if state == "standing":
        found = found.filter(carried=True).exclude(rules.superseded())
    elif state == "superseded":
        found = found.filter(rules.superseded())
    elif state == "rejected":
        found = found.filter(carried=False)
    return found.order_by("-year", "-number", "-pk")


def actions() -> QuerySet[Action]:
    """Return actions with their owner and where they come from."""
    beside = ("owner", "organisation", "meeting", "decision", "settled_by")
    return Action.objects.select_related("committee__agreement", *beside)


def actions_listed(
    visible: Q, *, text: str = "", state: str = "", owner: User | None = None, party: str = ""
) -> QuerySet[Action]:
    """Return actions by words, state (`overdue` too), owner and organisation, due first."""
    found = actions().filter(visible).distinct()
    if text.strip():
        found = found.filter(matches(text, "text"))
    if state == "overdue":
        found = found.filter(rules.overdue())
    elif state:
        found = found.filter(state=state)
    if owner is not None:
        found = found.filter(owner=owner)
    if party:
        found = found.filter(organisation__uuid=party)
    return found.order_by("due_on", "pk")


def open_actions_of(person: User) -> QuerySet[Action]:
    """Return what a person still has to do, the most urgent first."""
    return Action.objects.filter(owner=person, state=ActionState.OPEN).order_by("due_on", "pk")


def meetings_unanswered_by(person: User, *, at: dt.datetime) -> QuerySet[Meeting]:
    """Return called meetings to come that a member has not answered."""
    mine = {"presences__seat__person": person, "presences__state": PresenceState.INVITED}
    return Meeting.objects.filter(state=MeetingState.CALLED, starts_at__gt=at, **mine)


def minutes_waiting_for(person: User, *, on: dt.date) -> QuerySet[Meeting]:
    """Return circulated minutes that a person may approve."""
    leads = Seat.objects.on(on).filter(person=person, office__in=rules.LEADS)
    waiting = Meeting.objects.filter(
        state=MeetingState.CIRCULATED, committee__in=leads.order_by().values("committee")
    )
    return waiting.exclude(minutes_by=person).order_by("starts_at", "pk")


def documents() -> QuerySet[SharedDocument]:
    """Return documents with their versions, the newest first."""
    versions = DocumentVersion.objects.select_related("uploaded_by").order_by("-number")
    found = SharedDocument.objects.prefetch_related(Prefetch("versions", queryset=versions))
    beside = ("committee__agreement", "party", "item__meeting")
    return found.select_related(*beside).order_by("-created_at", "-pk")


def documents_listed(visible: Q, *, text: str = "", access: str = "") -> QuerySet[SharedDocument]:
    """Return documents by words and by whom they are for."""
    found = documents().filter(visible).distinct()
    if text.strip():
        found = found.filter(matches(text, "title"))
    return found.filter(access=access) if access else found


def minutes_content(meeting: Meeting) -> dict[str, Any]:
    """Return what approved minutes consist of, as it is digested: people by account, no names.

    An erased account therefore leaves the digest as it is.
    """
    presences = presences_of(meeting)
    return {
        "committee": str(meeting.committee.uuid),
        "meeting": str(meeting.uuid),
        "key": meeting.key,
        "starts_at": _utc(meeting.starts_at),
        "ends_at": _utc(meeting.ends_at),
        "place": meeting.place,
        "attendance": [
            {
                "person": str(row.seat.person.uuid),
                "party": str(row.seat.organisation.uuid),
                "office": row.seat.office,
                "state": row.state,
                "proxy": str(row.proxy.person.uuid) if row.proxy else None,
            }
            for row in presences
        ],
        "agenda": [
            {
                "number": item.number,
                "title": item.title,
                "text": item.text,
                "minutes": item.minutes,
                "presenter": str(item.presenter.uuid) if item.presenter else None,
            }
            for item in meeting.agenda.select_related("presenter").order_by("number")
        ],
        "minutes": meeting.minutes,
        "decisions": [_decision_content(row) for row in _decided_at(meeting)],
        "actions": [
            {
                "text": row.text,
                "owner": str(row.owner.uuid),
                "organisation": str(row.organisation.uuid),
                "due_on": row.due_on.isoformat(),
            }
            for row in minutes_actions(meeting)
        ],
    }


def digest_stands(meeting: Meeting) -> bool:
    """Tell whether approved minutes still are what their digest was made of."""
    kept = meeting.minutes_digest
    return bool(kept) and evidence.digest(minutes_content(meeting)) == kept


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _decided_at(meeting: Meeting) -> QuerySet[Decision]:
    return decisions().filter(meeting=meeting).order_by("year", "number")


def minutes_actions(meeting: Meeting) -> QuerySet[Action]:
    """Return the actions that stand in the minutes.

    Actions given after the minutes were circulated come from the meeting, not from them.
    """
    given = Action.objects.filter(meeting=meeting).select_related("owner", "organisation")
    if meeting.circulated_at is not None:
        given = given.filter(created_at__lte=meeting.circulated_at)
    return given.order_by("pk")


def _decision_content(decision: Decision) -> dict[str, Any]:
    return {
        "key": decision.key,
        "title": decision.title,
        "text": decision.text,
        "effective_on": decision.effective_on.isoformat(),
        "carried": decision.carried,
        "supersedes": decision.supersedes.key if decision.supersedes else None,
        "votes": [
            [str(v.organisation.uuid), v.in_favour, v.against, v.abstained]
            for v in decision.votes.all()
        ],
        "commitments": [
            [str(row.commitment.uuid), row.change]
            for row in decision.concerned.select_related("commitment").order_by("pk")
        ],
    }


def decided_at(meeting: Meeting) -> list[Decision]:
    """Return the decisions of a meeting in their order."""
    return list(_decided_at(meeting))


def decisions_of(meeting: Meeting) -> list[Decision]:
    """Return the decisions of a meeting in their order, without their votes."""
    return list(Decision.objects.filter(meeting=meeting).order_by("year", "number"))


def given_at(meeting: Meeting) -> list[Action]:
    """Return every action that comes from a meeting, also later ones."""
    return list(actions().filter(meeting=meeting).order_by("due_on", "pk"))


def committee_counts(committee: Committee) -> dict[str, int]:
    """Return how many actions are open and overdue, and how many decisions stand."""
    stand = Decision.objects.filter(carried=True, superseded_by__isnull=True)
    standing = stand.filter(committee=OuterRef("pk")).order_by().values("committee")
    late = Q(actions__state=ActionState.OPEN, actions__due_on__lt=clock.today())
    found = (
        Committee.objects.filter(pk=committee.pk)
        .annotate(
            open=Count("actions", filter=Q(actions__state=ActionState.OPEN)),
            overdue=Count("actions", filter=late),
            standing=Coalesce(Subquery(standing.annotate(n=Count("pk")).values("n")), 0),
        )
        .values("open", "overdue", "standing")
        .get()
    )
    return {name: int(number) for name, number in found.items()}  # type: ignore[call-overload]  # whole numbers


def people_of(rows: Iterable[Any], *paths: str) -> list[Any]:
    """Return the uuids of the people that rows name, for the record of readings."""
    found = []
    for row in rows:
        for path in paths:
            value: Any = row
            for part in path.split("."):
                value = getattr(value, part, None)
            if value is not None:
                found.append(value.uuid)
    return list(dict.fromkeys(found))


def overdue_actions(*, on: dt.date) -> QuerySet[Action]:
    """Return open actions whose day has passed, with their owners."""
    late = Action.objects.filter(state=ActionState.OPEN, due_on__lt=on)
    return late.select_related("owner").order_by("pk")


def meetings_between(start: dt.datetime, end: dt.datetime) -> list[Meeting]:
    """Return called meetings that begin in a stretch, with who is invited."""
    rows = Presence.objects.select_related("seat__person")
    found = Meeting.objects.filter(
        state=MeetingState.CALLED, starts_at__gt=start, starts_at__lte=end
    )
    return list(
        found.select_related("committee").prefetch_related(Prefetch("presences", queryset=rows))
    )


def committee_data_of(person: User) -> dict[str, Sequence[Mapping[str, object]]]:
    """Return what the committee keeps about a person, for the file they may take with them."""
    seats = Seat.objects.filter(person=person).values(
        "office", "started_on", "ended_on", party=F("organisation__name_ko")
    )
    attendance = Presence.objects.filter(seat__person=person).values(
        "state", "answered_at", starts_at=F("meeting__starts_at")
    )
    tasks = Action.objects.filter(owner=person).values(
        "text", "due_on", "state", "outcome", "file_name", "created_at", "settled_at"
    )
    return {"seats": list(seats), "meetings": list(attendance), "actions": list(tasks)}


def committee_groups(question: str, user: Any) -> list[finding.Group]:
    """Find decisions, actions and documents that one may see."""
    inside = [_found_decisions(question, user)] if rules.has_committee(user) else []
    return [*inside, _found_actions(question, user), _found_papers(question, user)]


def _found_decisions(question: str, user: Any) -> finding.Group:
    rows = decisions_listed(rules.decisions_visible_to(user), text=question)
    hits = (
        finding.Hit(
            title=each.title, route="alliance:decision_detail", uuid=each.uuid, note=str(each)
        )
        for each in finding.first(rows)
    )
    return finding.group(_("Decisions"), hits, route="alliance:decision_list")


def _found_actions(question: str, user: Any) -> finding.Group:
    rows = actions_listed(rules.actions_visible_to(user), text=question)
    language = "en" if get_language() == "en" else "ko"
    hits = (
        finding.Hit(
            title=each.text,
            route="alliance:action_detail",
            uuid=each.uuid,
            note=formats.day(each.due_on, language),
        )
        for each in finding.first(rows)
    )
    return finding.group(_("Actions"), hits, route="alliance:action_list")


def _found_papers(question: str, user: Any) -> finding.Group:
    rows = documents_listed(rules.documents_visible_to(user), text=question)
    hits = (
        finding.Hit(title=each.title, route="alliance:document_detail", uuid=each.uuid)
        for each in finding.first(rows)
    )
    return finding.group(_("Shared documents"), hits, route="alliance:document_list")
