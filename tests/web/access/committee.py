"""Who may reach the steering committee's pages."""

from collections.abc import Callable
from typing import Any

from tests.apps.alliance.committee_rows import Board, board_of
from tests.web.access import (
    ALL_OFFICERS,
    EVERYONE,
    OFFICERS,
    Kwargs,
    Route,
    action,
    fixed,
    page,
)
from tests.world import World


def _of(pick: Callable[[Board], Any]) -> Kwargs:
    """The address of what `pick` finds in the committee that is made when it is first asked for."""
    return fixed(uuid=lambda world: pick(board_of(world)).uuid)


_COMMITTEE = _of(lambda board: board.committee)
_MEETING = _of(lambda board: board.meeting)
_ITEM = _of(lambda board: board.item)
_DECISION = _of(lambda board: board.decision)
_ACTION = _of(lambda board: board.action)
_MEMBERS_PAPER = _of(lambda board: board.documents["members"])
_OWN_PAPER = _of(lambda board: board.documents["party"])
_PUBLIC_PAPER = _of(lambda board: board.documents["public"])

CHAIR = frozenset({"officer_city"})


def _list(world: World, role: str, ownership: str) -> Any:
    if ownership != "other":
        return None
    board_of(world)
    return {}


def _settled(world: World, role: str, ownership: str) -> Any:
    """An action that was done, with its file."""
    if ownership != "other":
        return None
    from django.core.files.base import ContentFile

    done = board_of(world).action
    done.file.save("evidence", ContentFile(b"done"), save=False)
    done.file_name = "evidence.txt"
    done.save()
    return {"uuid": done.uuid}


def _circulated(world: World, role: str, ownership: str) -> Any:
    """A meeting whose minutes the members read."""
    if ownership != "other":
        return None
    meeting = board_of(world).meeting
    type(meeting).objects.filter(pk=meeting.pk).update(
        state="circulated", minutes_by=world.people["officer_university"]
    )
    return {"uuid": meeting.uuid}


ROUTES: dict[str, Route] = {
    "alliance:committee_list": page(ALL_OFFICERS, _list),
    "alliance:committee_create": page(OFFICERS, fixed(uuid=lambda world: world.agreement.uuid)),
    "alliance:committee_detail": page(ALL_OFFICERS, _COMMITTEE),
    "alliance:committee_edit": page(OFFICERS, _COMMITTEE),
    "alliance:seat_add": page(OFFICERS, _COMMITTEE),
    "alliance:seat_end": action(OFFICERS, _of(lambda board: board.seats["officer_company"])),
    "alliance:meeting_create": page(OFFICERS, _COMMITTEE),
    "alliance:meeting_detail": page(ALL_OFFICERS, _MEETING),
    "alliance:meeting_edit": page(OFFICERS, _MEETING),
    "alliance:agenda_add": page(OFFICERS, _MEETING),
    "alliance:agenda_edit": page(OFFICERS, _ITEM),
    "alliance:agenda_remove": action(OFFICERS, _ITEM),
    "alliance:meeting_call": action(OFFICERS, _MEETING),
    "alliance:meeting_cancel": action(OFFICERS, _MEETING),
    "alliance:meeting_answer": action(ALL_OFFICERS, _MEETING),
    "alliance:meeting_attendance": page(OFFICERS, _MEETING),
    "alliance:meeting_calendar": page(ALL_OFFICERS, _MEETING),
    "alliance:minutes_write": page(OFFICERS, _MEETING),
    "alliance:minutes_circulate": action(OFFICERS, _MEETING),
    "alliance:minutes_give_back": action(CHAIR, _circulated),
    "alliance:minutes_approve": action(CHAIR, _circulated),
    # Asks for its reason first: the answer to a GET is that page.
    "alliance:minutes_pdf": page(ALL_OFFICERS, _circulated),
    "alliance:decision_list": page(ALL_OFFICERS, _list),
    "alliance:decision_detail": page(ALL_OFFICERS, _DECISION),
    "alliance:decision_create": page(OFFICERS, _MEETING),
    "alliance:decision_take_back": action(OFFICERS, _DECISION),
    "alliance:action_list": page(ALL_OFFICERS, _list),
    "alliance:action_detail": page(ALL_OFFICERS, _ACTION),
    "alliance:action_create": page(OFFICERS, _COMMITTEE),
    # The company's officer owns it; whoever runs the committee may settle it, too.
    "alliance:action_finish": action(ALL_OFFICERS, _ACTION),
    "alliance:action_drop": action(OFFICERS, _ACTION),
    "alliance:action_evidence": page(ALL_OFFICERS, _settled),
    "alliance:document_list": page(EVERYONE, _list),
    "alliance:document_detail": page(EVERYONE, _PUBLIC_PAPER),
    "alliance:document_create": page(ALL_OFFICERS, _COMMITTEE),
    "alliance:version_add": page(OFFICERS, _MEMBERS_PAPER),
    "alliance:document_withdraw": action(frozenset({"officer_university"}), _OWN_PAPER),
    "alliance:document_file": page(
        EVERYONE,
        fixed(uuid=lambda w: board_of(w).documents["public"].uuid, number=lambda _world: 1),
    ),
}
