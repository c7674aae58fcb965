"""Who may reach the pages of reviews.

In the world one panel judges one case of the applicant; the person in the role of a reviewer sits
on it and has that case. Officers of the parties that run the programme run the panel.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bitgoeul.apps.reviews.enums import PanelState
from bitgoeul.apps.reviews.models import Case, Panel, Panelist, Review, Rubric, RubricItem
from tests.web.access import (
    ALL_OFFICERS,
    NOBODY,
    OFFICERS,
    SIGNED_IN,
    Route,
    action,
    fixed,
    page,
)
from tests.world import AT, World

POST: dict[str, Any] = {"method": "post", "ok": frozenset({200, 302, 422})}
REVIEWER = frozenset({"reviewer"})


def build(world: World) -> Panel:
    """A panel in its phase, one case, one reviewer."""
    if "panel" in world.more:
        return world.more["panel"]  # type: ignore[no-any-return]  # made below
    rubric = Rubric.objects.create(
        owner=world.university, key="essay", name_ko="지원 동기", published_at=AT
    )
    RubricItem.objects.create(
        rubric=rubric, key="depth", order=1, label_ko="깊이", label_en="Depth", weight=100
    )
    panel = Panel.objects.create(
        owner=world.university, agreement=world.agreement, subject_kind="programmes.stage",
        subject_uuid=world.stages[0].uuid, name_ko="서류 심사", name_en="Papers", rubric=rubric,
        state=PanelState.OPEN, opens_at=AT - dt.timedelta(days=900),
        closes_at=AT + dt.timedelta(days=9000),
    )  # fmt: skip
    Panelist.objects.create(panel=panel, person=world.people["reviewer"], seated_at=AT)
    application = world.applications["applicant"]
    case = Case.objects.create(
        panel=panel, kind="programmes.application", subject_uuid=application.uuid,
        number=application.number, person=application.person, brought_at=AT,
        sheet=[{"ko": "왜", "en": "Why", "text": "1234"}],
    )  # fmt: skip
    world.more["review"] = Review.objects.create(
        case=case, reviewer=world.people["reviewer"], assigned_at=AT
    )
    world.more["panel"] = panel
    return panel


def review(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The reviewer's review, to the reviewer and to everybody else."""
    build(world)
    if ownership != ("own" if role == "reviewer" else "other"):
        return None
    return {"uuid": world.more["review"].uuid}


def whose(other: frozenset[str], **more: Any) -> Route:
    """A route of a review: its reviewer may, and those named."""
    return Route(allowed={"own": REVIEWER, "same": NOBODY, "other": other}, kwargs=review, **more)


PANEL = fixed(uuid=lambda w: build(w).uuid)

ROUTES: dict[str, Route] = {
    "reviews:panel_list": page(SIGNED_IN),
    "reviews:rubric_list": page(ALL_OFFICERS),
    "reviews:rubric_create": page(ALL_OFFICERS),
    "reviews:panel_detail": page(OFFICERS | REVIEWER, PANEL),
    "reviews:panel_seat": action(OFFICERS, PANEL),
    "reviews:panel_unseat": action(
        OFFICERS, fixed(uuid=lambda w: build(w).uuid, person=lambda w: w.people["reviewer"].uuid)
    ),
    "reviews:panel_action": action(
        OFFICERS, fixed(uuid=lambda w: build(w).uuid, action=lambda w: "assign")
    ),
    "reviews:calibration": page(OFFICERS, PANEL),
    "reviews:results_csv": page(OFFICERS, PANEL),
    "reviews:results_xlsx": page(OFFICERS, PANEL),
    "reviews:panel_next": page(REVIEWER, PANEL, ok=frozenset({302})),
    "reviews:review_detail": whose(OFFICERS),
    "reviews:review_skip": whose(NOBODY, **POST),
    "reviews:review_abstain": whose(NOBODY, **POST),
}
