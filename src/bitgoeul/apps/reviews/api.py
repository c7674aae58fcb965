"""The room's operations for programs."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bitgoeul.apps.reviews import rules, services, views
from bitgoeul.apps.reviews.forms import PREFIX, ReviewForm, RubricForm
from bitgoeul.apps.reviews.models import Panel, Review, Rubric
from bitgoeul.apps.reviews.queries.panels import (
    people_of,
    people_to_seat,
    queue_of,
    rubrics_listed,
    sheet_in,
)
from bitgoeul.apps.reviews.queries.results import calibration_of
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import CSV, XLSX, Request, Room
from bitgoeul.core.api.rows import At, Made, Row, listed, whole
from bitgoeul.core.api.values import Line, Long, Short

room = Room("reviews", title=_("Reviews"))
Score = Annotated[float, Field(ge=0, le=1000)]


class PanelRow(Row):
    """A panel in a list."""

    uuid: UUID
    name_ko: str
    name_en: str
    state: str
    subject_kind: str
    subject_uuid: UUID
    rubric: Annotated[UUID, At("rubric__uuid")]
    opens_at: dt.datetime
    closes_at: dt.datetime
    reviews_each: int


class ReviewRow(Row):
    """A review that waits."""

    uuid: UUID
    number: Annotated[str, At("case__number")]
    panel: Annotated[UUID, At("case__panel__uuid")]
    state: str


class ReviewOut(ReviewRow):
    """A review with the sheet of its case."""

    sheet: list[Any]
    scores: dict[str, Any]
    comment: str


class RubricRow(Row):
    """A version of a rubric with its items."""

    uuid: UUID
    owner: UUID
    key: str
    version: int
    name_ko: str
    name_en: str
    items: list[Any]


class CalibrationOut(Row):
    """How alike a panel judges."""

    pairs: int
    distance: float | None
    beyond: int
    agreement: float | None
    judges: list[Any]


class ItemIn(Body):
    """An item of a rubric."""

    key: Short
    label_ko: Line
    label_en: Line = ""
    weight: Annotated[int, Field(ge=1, le=100)]
    top_score: Annotated[int, Field(ge=1, le=100)] = 5


class RubricIn(Body):
    """A rubric, or the next version of one."""

    owner: UUID
    key: Short
    name_ko: Short
    name_en: Short = ""
    items: Annotated[list[ItemIn], Field(max_length=40)]


class SeatsIn(Body):
    """Whom to seat."""

    people: Annotated[list[UUID], Field(max_length=200)] = []


class SeatIn(Body):
    """Who leaves the panel."""

    person: UUID


class ActionIn(Body):
    """What a panel does next."""

    action: Short


class OpinionIn(Body):
    """An opinion: a score per key of the rubric's items."""

    scores: Annotated[dict[Short, Score], Field(max_length=40)] = {}
    comment: Long = ""


class AbstainIn(Body):
    """Why one does not judge."""

    reason: Line = ""


@room.lists("/panels", PanelRow)
def panel_list(request: Request) -> Any:
    """List the panels that one runs or judges in."""
    user = request.user
    visible = rules.panels_managed_by(user) | rules.panels_judged_by(user)
    return listed(request, Panel.objects.filter(visible).distinct(), PanelRow)


@room.lists("/panels/{uuid:uuid}/queue", ReviewRow)
def panel_next(request: Request, uuid: UUID) -> Any:
    """List what waits for one in a panel, in the order of the queue."""
    panel = views.panel_for(rules.panels_judged_by(request.user), uuid)
    return whole(
        [
            {"uuid": row.uuid, "number": row.case.number, "panel": panel.uuid, "state": row.state}
            for row in queue_of(request.user, panel)[:200]
        ]
    )


@room.reads("/panels/{uuid:uuid}", PanelRow)
def panel_detail(request: Request, uuid: UUID) -> Any:
    """Read a panel."""
    user = request.user
    panel = views.panel_for(rules.panels_managed_by(user) | rules.panels_judged_by(user), uuid)
    said = {name: getattr(panel, name) for name in PanelRow.model_fields if name != "rubric"}
    return said | {"rubric": panel.rubric.uuid}


@room.writes("/panels/{uuid:uuid}/seats", Made, body=SeatsIn)
def panel_seat(request: Request, uuid: UUID) -> Any:
    """Seat reviewers."""
    panel = _managed(request, uuid)
    people = list(people_to_seat(panel).filter(uuid__in=given(request).people))
    services.seat_panelists(panel=panel, people=people, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/panels/{uuid:uuid}/seats/end", Made, body=SeatIn)
def panel_unseat(request: Request, uuid: UUID) -> Any:
    """Take somebody off the panel; what waited for them can be assigned to others."""
    panel = _managed(request, uuid)
    person = access.get(people_of(panel), Q(uuid=given(request).person))
    services.unseat_panelist(panel=panel, person=person, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/panels/{uuid:uuid}/actions", Made, body=ActionIn)
def panel_action(request: Request, uuid: UUID) -> Any:
    """Assign the cases, open or close the panel."""
    panel, action = _managed(request, uuid), given(request).action
    if action not in views.ACTIONS:
        raise Http404
    views.ACTIONS[action][0](panel=panel, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.reads("/panels/{uuid:uuid}/calibration", CalibrationOut)
def calibration(request: Request, uuid: UUID) -> Any:
    """Read how alike the reviewers judge; the reading is recorded."""
    panel = _managed(request, uuid)
    found = calibration_of(panel)
    people = [judge.person.uuid for judge in found.judges]
    views.note(request, people, what="calibration", about=uuid)  # type: ignore[arg-type]  # both doors
    said = ("done", "waiting", "mean", "spread", "severity")
    return {
        **{name: getattr(found, name) for name in ("pairs", "distance", "beyond", "agreement")},
        "judges": [
            {"person": judge.person.uuid, **{name: getattr(judge, name) for name in said}}
            for judge in found.judges
        ],
    }


room.hands_out(
    "/panels/{uuid:uuid}/results.{form}", views.results_export, CSV, XLSX, name="results_file"
)


@room.reads("/reviews/{uuid:uuid}", ReviewOut)
def review_detail(request: Request, uuid: UUID) -> Any:
    """Read a review with the sheet of its case; the reading is recorded."""
    rows = Review.objects.select_related("case__panel", "case__person")
    review = access.get(rows, rules.reviews_visible_to(request.user), uuid=uuid)
    people = [review.case.person.uuid] if review.case.person else []
    views.note(request, people, what="review", about=review.case.subject_uuid)  # type: ignore[arg-type]  # both doors
    return {
        "uuid": uuid,
        "number": review.case.number,
        "panel": review.case.panel.uuid,
        "state": review.state,
        "sheet": sheet_in(review.case.sheet),
        "scores": review.scores,
        "comment": review.comment,
    }


@room.writes("/reviews/{uuid:uuid}", Made, method="PUT", body=OpinionIn)
def review_submit(request: Request, uuid: UUID) -> Any:
    """Hand an opinion in, or its corrected version while the phase lasts."""
    review, said = _own(request, uuid), given(request)
    data = {PREFIX + key: f"{score:g}" for key, score in said.scores.items()}
    form = bind(request, ReviewForm, data=data | {"comment": said.comment}, review=review)
    facts = {"scores": form.scores(), "comment": form.cleaned_data["comment"]}
    services.submit_review(review=review, **facts, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/reviews/{uuid:uuid}/skip", Made)
def review_skip(request: Request, uuid: UUID) -> Any:
    """Put a case to the end of the queue."""
    services.skip_review(review=_own(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/reviews/{uuid:uuid}/abstention", Made, body=AbstainIn)
def review_abstain(request: Request, uuid: UUID) -> Any:
    """Declare a conflict; somebody else judges."""
    reason = given(request).reason
    services.abstain_review(
        review=_own(request, uuid), reason=reason, by=request.user, at=clock.now()
    )
    return {"uuid": uuid}


@room.lists("/rubrics", RubricRow)
def rubric_list(request: Request) -> Any:
    """List the rubrics of one's organisations, every version."""
    access.require(rules.can_run_reviews(request.user))
    rows = rubrics_listed(rules.rubrics_visible_to(request.user))
    return whole([_rubric(row) for row in rows[:200]])


@room.writes("/rubrics", Made, status=201, body=RubricIn)
def rubric_create(request: Request) -> Any:
    """Publish a rubric, or the next version of one."""
    access.require(rules.can_run_reviews(request.user))
    said = given(request).model_dump()
    lines = (
        f"{i['key']} | {i['label_ko']} | {i['label_en']} | {i['weight']} | {i['top_score']}"
        for i in said["items"]
    )
    data = said | {"items": "\n".join(lines), "owner": str(said["owner"])}
    owners = rules.rubric_owners_for(request.user)
    form = bind(request, RubricForm, data=data, owners=owners)
    made = services.publish_rubric(**form.cleaned_data, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


def _rubric(row: Rubric) -> dict[str, Any]:
    said = ("uuid", "key", "version", "name_ko", "name_en")
    items = ("key", "label_ko", "label_en", "weight", "top_score")
    return {
        **{name: getattr(row, name) for name in said},
        "owner": row.owner.uuid,
        "items": [{name: getattr(item, name) for name in items} for item in row.items.all()],
    }


def _managed(request: Request, uuid: UUID) -> Panel:
    return views.panel_for(rules.panels_managed_by(request.user), uuid)


def _own(request: Request, uuid: UUID) -> Review:
    rows = Review.objects.select_related("case__panel__rubric")
    return access.get(rows, rules.reviews_writable_by(request.user), uuid=uuid)
