"""Every write of the room: checked by rule and workflow, journalled, in one transaction."""

from bitgoeul.apps.reviews.services.judging import (
    abstain_review,
    skip_review,
    submit_review,
)
from bitgoeul.apps.reviews.services.panels import (
    CasePlan,
    assign_reviews,
    bring_cases,
    close_panel,
    create_panel,
    open_panel,
    seat_panelists,
    unseat_panelist,
)
from bitgoeul.apps.reviews.services.rubrics import WHOLE, ItemPlan, publish_rubric

__all__ = [
    "WHOLE",
    "CasePlan",
    "ItemPlan",
    "abstain_review",
    "assign_reviews",
    "bring_cases",
    "close_panel",
    "create_panel",
    "open_panel",
    "publish_rubric",
    "seat_panelists",
    "skip_review",
    "submit_review",
    "unseat_panelist",
]
