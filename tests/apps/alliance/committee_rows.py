"""A steering committee of the small alliance, made directly: what is tested is who may see it."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile

from bitgoeul.apps.alliance.enums import (
    DocumentAccess,
    MeetingState,
    Office,
    PresenceState,
)
from bitgoeul.apps.alliance.models import (
    Action,
    AgendaItem,
    Committee,
    Decision,
    DocumentVersion,
    Meeting,
    Presence,
    Seat,
    SharedDocument,
    User,
)
from tests.world import AT, DAY, World

PAPER = b"minutes of 2 June\n"
OFFICES = {
    "officer_city": ("city", Office.CHAIR),
    "officer_university": ("university", Office.SECRETARY),
    "officer_company": ("company", Office.MEMBER),
}


@dataclass(frozen=True)
class Board:
    """What `board_of` made."""

    committee: Committee
    seats: dict[str, Seat]
    meeting: Meeting
    item: AgendaItem
    decision: Decision
    action: Action
    documents: dict[str, SharedDocument]


def board_of(world: World) -> Board:
    """Give the small alliance a committee with one of each; the same when asked again."""
    committee, new = Committee.objects.get_or_create(
        agreement=world.agreement,
        defaults={"name_ko": "운영위원회", "name_en": "Steering committee", "founded_on": DAY},
    )
    if new:
        _fill(world, committee)
    seats = {
        role: Seat.objects.get(committee=committee, person=world.people[role]) for role in OFFICES
    }
    return Board(
        committee=committee,
        seats=seats,
        meeting=Meeting.objects.get(committee=committee, number=1),
        item=AgendaItem.objects.get(meeting__committee=committee, number=1),
        decision=Decision.objects.get(committee=committee, number=1),
        action=Action.objects.filter(committee=committee).order_by("pk")[0],
        documents={one.access: one for one in SharedDocument.objects.order_by("-pk")},
    )


def _fill(world: World, committee: Committee) -> None:
    seats = [
        Seat.objects.create(
            committee=committee,
            person=world.people[role],
            organisation=getattr(world, party),
            office=office,
            started_on=dt.date(2021, 4, 15),
        )
        for role, (party, office) in OFFICES.items()
    ]
    meeting = Meeting.objects.create(
        committee=committee,
        year=DAY.year,
        number=1,
        starts_at=AT - dt.timedelta(days=1),
        ends_at=AT - dt.timedelta(hours=22),
        place="시청 3층",
        state=MeetingState.HELD,
        called_at=AT - dt.timedelta(days=10),
    )
    item = AgendaItem.objects.create(meeting=meeting, number=1, title="모집 계획")
    for seat in seats:
        Presence.objects.create(meeting=meeting, seat=seat, state=PresenceState.PRESENT)
    decision = Decision.objects.create(
        committee=committee,
        meeting=meeting,
        item=item,
        year=DAY.year,
        number=1,
        title="모집 인원 확대",
        text="좌석을 늘린다.",
        effective_on=DAY,
        carried=True,
    )
    Action.objects.create(
        committee=committee,
        meeting=meeting,
        decision=decision,
        text="모집 공고를 낸다",
        owner=world.people["officer_company"],
        organisation=world.company,
        due_on=DAY + dt.timedelta(days=14),
        created_at=AT,
    )
    for access in DocumentAccess:
        _document(committee, access, world, by=world.people["officer_university"])


def _document(committee: Committee, access: DocumentAccess, world: World, *, by: User) -> None:
    document = SharedDocument.objects.create(
        committee=committee,
        title=f"자료 {access.value}",
        access=access,
        party=world.university if access == DocumentAccess.PARTY else None,
        created_at=AT,
    )
    version = DocumentVersion(
        document=document,
        number=1,
        name="자료.txt",
        size=len(PAPER),
        sha256=hashlib.sha256(PAPER).hexdigest(),
        uploaded_by=by,
        uploaded_at=AT,
    )
    version.file.save("자료.txt", ContentFile(PAPER), save=False)
    version.save()
