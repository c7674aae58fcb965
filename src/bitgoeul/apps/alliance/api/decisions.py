"""Decisions, actions and shared documents for programs."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from pydantic import Field

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import Made, as_file, made, room
from bitgoeul.apps.alliance.forms import (
    ActionFilter,
    ActionForm,
    CommitteeReasonForm,
    DecisionFilter,
    DecisionForm,
    DocumentFilter,
    DocumentForm,
    EvidenceForm,
    VersionForm,
    paper_of,
)
from bitgoeul.apps.alliance.models import (
    Action,
    Committee,
    DecidedCommitment,
    Decision,
    DocumentVersion,
    SharedDocument,
    VoteCount,
)
from bitgoeul.apps.alliance.views import actions as action_pages
from bitgoeul.apps.alliance.views import committees as pages
from bitgoeul.apps.alliance.views import decisions as decision_pages
from bitgoeul.apps.alliance.views import documents as document_pages
from bitgoeul.apps.alliance.views import meetings
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, body_of, given
from bitgoeul.core.api.rooms import CSV, XLSX, Request, require_files
from bitgoeul.core.api.rows import At, Row, every, listed, one
from bitgoeul.core.uploads import PAPERS

ANY_FILE = "application/octet-stream"
Votes = Annotated[int, Field(ge=0, le=99)]


class DecisionRow(Row):
    """A decision in a list."""

    uuid: UUID
    committee: Annotated[UUID, At("committee__uuid")]
    meeting: Annotated[UUID, At("meeting__uuid")]
    year: int
    number: int
    title: str
    text: str
    effective_on: dt.date
    carried: bool
    supersedes: Annotated[UUID | None, At("supersedes__uuid")]


class VoteRow(Row):
    """How the votes of a party fell."""

    organisation: Annotated[UUID, At("organisation__uuid")]
    in_favour: int
    against: int
    abstained: int


class ConcernedRow(Row):
    """A commitment that the decision concerns."""

    commitment: Annotated[UUID, At("commitment__uuid")]
    change: str


class DecisionOut(DecisionRow):
    """A decision with its votes and what it concerns."""

    superseded_by: Annotated[UUID | None, At("superseded_by__uuid")]
    votes: Annotated[list[VoteRow], At("")]
    commitments: Annotated[list[ConcernedRow], At("")]


class VotesIn(Body):
    """The votes of one party."""

    organisation: UUID
    in_favour: Votes = 0
    against: Votes = 0
    abstained: Votes = 0


class DecisionIn(body_of(DecisionForm)):  # type: ignore[misc]  # a type made from the page's form
    """A decision to write down, with the votes of each party."""

    votes: Annotated[list[VotesIn], Field(min_length=1, max_length=50)]


class ActionRow(Row):
    """An action in a list."""

    uuid: UUID
    committee: Annotated[UUID, At("committee__uuid")]
    meeting: Annotated[UUID | None, At("meeting__uuid")]
    decision: Annotated[UUID | None, At("decision__uuid")]
    text: str
    owner: Annotated[UUID, At("owner__uuid")]
    full_name: Annotated[str, At("owner__full_name")]
    organisation: Annotated[UUID, At("organisation__uuid")]
    due_on: dt.date
    state: str
    outcome: str
    file_name: str
    settled_at: dt.datetime | None


class DocumentRow(Row):
    """A shared document in a list."""

    uuid: UUID
    committee: Annotated[UUID, At("committee__uuid")]
    title: str
    access: str
    party: Annotated[UUID | None, At("party__uuid")]
    personal: bool
    expires_on: dt.date | None
    created_at: dt.datetime


class VersionRow(Row):
    """A version of a document."""

    number: int
    name: str
    size: int
    sha256: str
    note: str
    uploaded_at: dt.datetime


class DocumentOut(DocumentRow):
    """A document with its versions."""

    versions: Annotated[list[VersionRow], At("")]


@room.lists("/decisions", DecisionRow, filters=DecisionFilter)
def decision_list(request: Request) -> Any:
    """List decisions by words, year and state."""
    access.require(rules.has_committee(request.user))
    asked = request.asked
    found = queries.decisions_listed(
        rules.decisions_visible_to(request.user),
        text=asked["q"] or "",
        year=asked["year"],
        state=asked["state"] or "",
    )
    return listed(request, found, DecisionRow)


room.hands_out(
    "/decisions.{form}",
    as_file(decision_pages.decision_list),
    CSV,
    XLSX,
    name="decision_file",
    filters=DecisionFilter,
)


@room.reads("/decisions/{uuid:uuid}", DecisionOut)
def decision_detail(request: Request, uuid: UUID) -> Any:
    """Read a decision with its votes."""
    visible = rules.decisions_visible_to(request.user)
    found = one(Decision.objects.all(), visible, DecisionOut, uuid=uuid)
    of = {"decision__uuid": uuid}
    return found | {
        "votes": every(VoteCount.objects.filter(**of), VoteRow),
        "commitments": every(DecidedCommitment.objects.filter(**of), ConcernedRow),
    }


@room.writes("/meetings/{uuid:uuid}/decisions", Made, status=201, body=DecisionIn)
def decision_create(request: Request, uuid: UUID) -> Made:
    """Write a decision down; whether it is carried follows from the votes and the rules."""
    meeting = meetings.run_by(request, uuid)  # type: ignore[arg-type]  # a signed-in person
    values = given(request).model_dump(exclude_unset=True)
    votes = {vote["organisation"]: vote for vote in values.pop("votes")}
    form = bind(request, DecisionForm, data=values, meeting=meeting)
    counted = [
        services.Votes(
            organisation=party,
            **{k: votes[party.uuid].get(k, 0) for k in ("in_favour", "against", "abstained")},
        )
        for party in form.parties
        if party.uuid in votes
    ]
    facts = {**form.facts(), "votes": counted, "by": request.user, "at": clock.now()}
    return made(services.record_decision(meeting=meeting, **facts))


@room.writes("/decisions/{uuid:uuid}", None, method="DELETE", status=204)
def decision_take_back(request: Request, uuid: UUID) -> None:
    """Take out a decision that was written down by mistake."""
    decision = decision_pages.decision_for(request, uuid)  # type: ignore[arg-type]  # signed in
    access.require(rules.can_run_meeting(request.user, decision.committee))
    services.take_back_decision(decision=decision, by=request.user, at=clock.now())


@room.lists("/actions", ActionRow, filters=ActionFilter)
def action_list(request: Request) -> Any:
    """List actions by words, state and owner; the reading is recorded."""
    visible = rules.actions_visible_to(request.user)
    access.require(rules.has_committee(request.user) or _any_action(visible))
    asked = request.asked
    mine = request.user if asked["whose"] == "mine" else None
    found = queries.actions_listed(
        visible, text=asked["q"] or "", state=asked["state"] or "", owner=mine
    )
    page = listed(request, found, ActionRow)
    _note(request, [row["owner"] for row in page["items"]], what="alliance.action_list")
    return page


def _any_action(visible: Q) -> bool:
    return Action.objects.filter(visible).exists()


room.hands_out(
    "/actions.{form}",
    as_file(action_pages.action_list),
    CSV,
    XLSX,
    name="action_file",
    filters=ActionFilter,
)


@room.reads("/actions/{uuid:uuid}", ActionRow)
def action_detail(request: Request, uuid: UUID) -> Any:
    """Read an action; the reading is recorded."""
    visible = rules.actions_visible_to(request.user)
    found = one(Action.objects.all(), visible, ActionRow, uuid=uuid)
    _note(request, [found["owner"]], what="alliance.action", about=uuid)
    return found


@room.writes("/committees/{uuid:uuid}/actions", Made, status=201, body=ActionForm)
def action_create(request: Request, uuid: UUID) -> Made:
    """Give somebody something to do; they are told."""
    committee = _committee(request, uuid)
    access.require(rules.can_give_action(request.user, committee))
    form = bind(request, ActionForm, committee=committee)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.give_action(committee=committee, **facts))


@room.writes(
    "/actions/{uuid:uuid}/completion", Made, body=EvidenceForm, most_bytes=PAPERS.most_bytes
)
def action_finish(request: Request, uuid: UUID) -> Made:
    """Say that it is done, and what shows it: words, and a file if there is one."""
    action = action_pages.action_for(request, uuid)  # type: ignore[arg-type]  # signed in
    runs = rules.can_run_meeting(request.user, action.committee)
    access.require(runs or action.owner_id == request.user.pk)
    form = bind(request, EvidenceForm)
    facts = {"evidence": form.cleaned_data["evidence"], "paper": form.paper()}
    return made(services.finish_action(action=action, **facts, by=request.user, at=clock.now()))


@room.writes("/actions/{uuid:uuid}/dropping", Made, body=CommitteeReasonForm)
def action_drop(request: Request, uuid: UUID) -> Made:
    """Say that it is not to be done any more, and why."""
    action = action_pages.action_for(request, uuid)  # type: ignore[arg-type]  # signed in
    access.require(rules.can_run_meeting(request.user, action.committee))
    reason = bind(request, CommitteeReasonForm).cleaned_data["reason"]
    facts = {"reason": reason, "by": request.user, "at": clock.now()}
    return made(services.drop_action(action=action, **facts))


room.hands_out(
    "/actions/{uuid:uuid}/evidence", action_pages.action_evidence, ANY_FILE, name="action_evidence"
)


@room.lists("/documents", DocumentRow, filters=DocumentFilter, public=True)
def document_list(request: Request) -> Any:
    """List the documents that one may read."""
    asked, visible = request.asked, rules.documents_visible_to(request.user)
    text, kind = asked["q"] or "", asked["access"] or ""
    found = queries.documents_listed(visible, text=text, access=kind)
    return listed(request, found, DocumentRow)


room.hands_out(
    "/documents.{form}",
    as_file(document_pages.document_list),
    CSV,
    XLSX,
    name="document_list_file",
    filters=DocumentFilter,
    public=True,
)


@room.reads("/documents/{uuid:uuid}", DocumentOut, public=True)
def document_detail(request: Request, uuid: UUID) -> Any:
    """Read what is known of a document, and its versions."""
    visible = rules.documents_visible_to(request.user)
    found = one(SharedDocument.objects.all(), visible, DocumentOut, uuid=uuid)
    versions = DocumentVersion.objects.filter(document__uuid=uuid)
    return found | {"versions": every(versions, VersionRow)}


room.hands_out(
    "/documents/{uuid:uuid}/versions/{int:number}",
    document_pages.document_file,
    ANY_FILE,
    name="document_file",
    public=True,
)


@room.writes(
    "/committees/{uuid:uuid}/documents",
    Made,
    status=201,
    body=DocumentForm,
    files=("file",),
    most_bytes=PAPERS.most_bytes,
)
def document_create(request: Request, uuid: UUID) -> Made:
    """Share a document."""
    committee = _committee(request, uuid)
    access.require(rules.can_share_document(request.user, committee))
    require_files(request)
    form = bind(request, DocumentForm, committee=committee)
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    return made(services.share_document(committee=committee, **facts))


@room.writes(
    "/documents/{uuid:uuid}/versions",
    Made,
    status=201,
    body=VersionForm,
    files=("file",),
    most_bytes=PAPERS.most_bytes,
)
def version_add(request: Request, uuid: UUID) -> Made:
    """Add a version; the earlier ones stay."""
    document = _changeable(request, uuid)
    require_files(request)
    form = bind(request, VersionForm)
    facts: dict[str, Any] = {"paper": paper_of(form.cleaned_data["file"])}
    facts |= {"note": form.cleaned_data["note"], "by": request.user, "at": clock.now()}
    return made(services.add_document_version(document=document, **facts))


@room.writes("/documents/{uuid:uuid}/withdrawal", Made, body=CommitteeReasonForm)
def document_withdraw(request: Request, uuid: UUID) -> Made:
    """Withdraw a document: nobody reads it any more."""
    document = _changeable(request, uuid)
    reason = bind(request, CommitteeReasonForm).cleaned_data["reason"]
    facts = {"reason": reason, "by": request.user, "at": clock.now()}
    return made(services.withdraw_document(document=document, **facts))


def _committee(request: Request, uuid: UUID) -> Committee:
    return pages.committee_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person


def _changeable(request: Request, uuid: UUID) -> SharedDocument:
    document = document_pages.document_for(request, uuid)
    access.require(rules.can_change_document(request.user, document))
    return document


def _note(request: Request, of: list[UUID], *, what: str, about: UUID | None = None) -> None:
    pages.note(request, of, what=what, about=about)  # type: ignore[arg-type]  # a signed-in person
