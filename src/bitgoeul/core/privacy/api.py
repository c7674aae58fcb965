"""Privacy for programs: one's own data, asking to be forgotten, deciding of it, and the proof."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from bitgoeul.core import access, clock, jobs, journal
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import JSON, ZIP, Request, Room
from bitgoeul.core.api.rows import At, Made, Row, listed, one
from bitgoeul.core.api.values import Clean
from bitgoeul.core.errors import Refused

from . import queries, rules, services, tasks, views
from .erasing import kept_about
from .forms import RequestFilter, WishForm
from .models import ErasureItem, ErasureRequest

room = Room("privacy", title=gettext_lazy("Privacy"))
# By its values: a shape of the document is known by its name, and "State" is that of jobs.
RequestState = Literal["open", "decided", "done", "withdrawn"]
Reason = Annotated[str, StringConstraints(max_length=500), Clean]


class KeptOut(Row):
    """A part of what is kept about oneself; `keep_until` when a law asks for it, and which."""

    title: str
    rows: int
    keep_until: dt.date | None
    rule: str
    stays: bool


class OwnRequest(Row):
    """A request of one's own."""

    uuid: UUID
    state: RequestState
    asked_at: dt.datetime
    decided_at: dt.datetime | None
    ended_at: dt.datetime | None


class MineOut(Row):
    """What is kept about oneself, and what one asked for."""

    kept: list[KeptOut]
    requests: list[OwnRequest]


class RequestRow(OwnRequest):
    """A request for erasure, as those who decide see it."""

    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]


class ItemOut(Row):
    """A part that a request meets."""

    uuid: UUID
    title: str
    rows: int
    keep_until: dt.date | None
    rule: str
    decision: str
    reason: str
    erased_at: dt.datetime | None


class RequestOut(RequestRow):
    """A request with its parts."""

    wish: str
    items: Annotated[list[ItemOut], At("")]


class ProofItem(Row):
    """What became of a part."""

    table: str
    part: str
    rows: int
    keep_until: dt.date | None
    decision: str
    erased_at: dt.datetime | None


class ProofOut(OwnRequest):
    """What became of a request, without a name, and the certificates to fetch."""

    items: Annotated[list[ProofItem], At("")]
    certificates: Annotated[list[UUID], At("")]


class DecisionIn(Body):
    """What is decided of one part."""

    item: UUID
    decision: ErasureItem.Decision
    reason: Reason = ""


class DecisionsIn(Body):
    """What is decided of every part."""

    decisions: Annotated[list[DecisionIn], Field(max_length=500)]


@room.reads("/mine", MineOut)
def mine(request: Request) -> Any:
    """Read what is kept about oneself and until when, and one's requests."""
    own = ("uuid", "state", "asked_at", "decided_at", "ended_at")
    return {
        "kept": [
            {
                "title": each.title,
                "rows": each.rows,
                "keep_until": each.keep_until,
                "rule": str(each.rule.title) if each.rule else "",
                "stays": each.stays,
            }
            for each in kept_about(request.user)
        ],
        "requests": list(request.user.erasure_requests.values(*own)),
    }


room.hands_out("/mine/data.zip", views.my_file, ZIP, name="my_file")


@room.writes("/mine/requests", Made, status=201, body=WishForm)
def ask(request: Request) -> Made:
    """Ask to be forgotten."""
    wish = bind(request, WishForm).cleaned_data["wish"]
    by, at = request.user, clock.now()
    return Made(uuid=services.ask_for_erasure(person=by, wish=wish, by=by, at=at).uuid)


@room.writes("/mine/requests/withdrawal", Made)
def withdraw(request: Request) -> Made:
    """Take one's request back, as long as nothing was decided."""
    found = request.user.erasure_requests.filter(state=ErasureRequest.State.OPEN).first()
    if found is None:
        raise Refused(_("No request of yours is waiting."))
    services.withdraw_request(request=found, by=request.user, at=clock.now())
    return Made(uuid=found.uuid)


@room.lists("/requests", RequestRow, filters=RequestFilter)
def request_list(request: Request) -> Any:
    """List requests, the newest first; the reading is recorded."""
    access.require(rules.can_decide_erasures(request.user))
    found = queries.requests_listed(open_only=request.asked["state"] == "open")
    page = listed(request, found, RequestRow, newest_first=True)
    people = [row["person"] for row in page["items"]]
    journal.note_page(request, people, what="privacy.request_list", purpose=_purpose())
    return page


@room.reads("/requests/{uuid:uuid}", RequestOut)
def request_detail(request: Request, uuid: UUID) -> Any:
    """Read a request with what the law keeps and why; the reading is recorded."""
    found = _request(request, uuid)
    journal.note_page(
        request, [found.person.uuid], what="privacy.request", purpose=_purpose(), about=uuid
    )
    row = one(ErasureRequest.objects.all(), access.EVERYBODY, RequestOut, uuid=uuid)
    names = ("uuid", "rows", "keep_until", "rule", "decision", "reason", "erased_at")
    items = [
        {name: getattr(item, name) for name in names}
        | {"title": kept.title if kept else f"{item.table} {item.part}"}
        for item, kept in services.items_of(found)
    ]
    return row | {"items": items}


@room.writes("/requests/{uuid:uuid}/decision", Made, body=DecisionsIn)
def decide(request: Request, uuid: UUID) -> Made:
    """Decide of every part: erase now, erase when the law allows, or keep and say why."""
    found = _request(request, uuid)
    decisions = {each.item: (each.decision.value, each.reason) for each in given(request).decisions}
    by, at = request.user, clock.now()
    services.decide_request(request=found, decisions=decisions, by=by, at=at)
    jobs.enqueue(tasks.erase_what_is_due, by=by, dedupe="privacy.erase")
    return Made(uuid=uuid)


@room.reads("/proof/{uuid:uuid}", ProofOut, public=True)
def proof(request: Request, uuid: UUID) -> Any:
    """Read what became of a request, without a name: for whoever holds its number."""
    row = one(ErasureRequest.objects.all(), access.EVERYBODY, ProofOut, uuid=uuid)
    names = ("table", "part", "rows", "keep_until", "decision", "erased_at")
    items = ErasureItem.objects.filter(request__uuid=uuid).values(*names)
    numbers = queries.certificates_of(uuid).values_list("uuid", flat=True)
    return row | {"items": list(items), "certificates": list(numbers)}


room.hands_out(
    "/certificates/{uuid:uuid}.json", views.certificate, JSON, name="certificate", public=True
)


def _request(request: Request, uuid: UUID) -> ErasureRequest:
    access.require(rules.can_decide_erasures(request.user))
    rows = ErasureRequest.objects.select_related("person", "decided_by")
    return access.get(rows, rules.requests_visible_to(request.user), uuid=uuid)


def _purpose() -> str:
    return _("Deciding of requests for erasure")
