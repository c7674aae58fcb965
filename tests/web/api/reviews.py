"""The operations of reviews."""

from tests.web.access import NOBODY, fixed
from tests.web.access.reviews import REVIEWER, build
from tests.web.api import CSV, Call, like

PANEL = fixed(uuid=lambda world: build(world).uuid)
OWN = {"own": REVIEWER, "same": NOBODY, "other": NOBODY}

CALLS: dict[str, Call] = {
    "reviews.panel_list": like("reviews:panel_list"),
    "reviews.panel_detail": like("reviews:panel_detail"),
    "reviews.panel_seat": like("reviews:panel_seat"),
    "reviews.panel_unseat": like(
        "reviews:panel_unseat",
        kwargs=PANEL,
        body=lambda world: {"person": str(world.people["reviewer"].uuid)},
    ),
    "reviews.panel_action": like("reviews:panel_action", kwargs=PANEL, body={"action": "assign"}),
    "reviews.panel_next": like("reviews:panel_next", ok=frozenset({200})),
    "reviews.calibration": like("reviews:calibration"),
    "reviews.results_file": like("reviews:results_csv", more=CSV),
    "reviews.review_detail": like("reviews:review_detail"),
    "reviews.review_submit": like("reviews:review_detail", allowed=OWN),
    "reviews.review_skip": like("reviews:review_skip"),
    "reviews.review_abstain": like("reviews:review_abstain"),
    "reviews.rubric_list": like("reviews:rubric_list"),
    "reviews.rubric_create": like("reviews:rubric_create"),
}
