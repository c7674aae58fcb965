"""A reviewer judges, puts back, or abstains; where two differ too far, a third is asked."""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.reviews import rules, workflow
from bitgoeul.apps.reviews.enums import ConflictReason, ReviewState
from bitgoeul.apps.reviews.models import Conflict, Panel, Review
from bitgoeul.apps.reviews.services.giving import ask_thirds, give_case
from bitgoeul.apps.reviews.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

_THOUSANDTH = Decimal("0.001")


def submit_review(
    *,
    review: Review,
    scores: Mapping[str, Any],
    by: User | None,
    at: dt.datetime,
    comment: str = "",
) -> Review:
    """Hand an opinion in, or its corrected version while the phase lasts.

    Raises
    ------
    Refused
        `incomplete` when an item has no score, `invalid` when one is not possible.
    """
    with transaction.atomic():
        review = _locked(review, by)
        before = _state(review)
        review.state = workflow.go(workflow.REVIEW, review.state, "submit")
        review.scores, review.total = _scored(review.case.panel, scores)
        review.comment = comment.strip()
        review.submitted_at, review.skipped_at = at, None
        check(review)
        review.save()
        journal.record(
            event="review.submitted", by=by, at=at, on=review, before=before, after=_state(review)
        )
        ask_thirds(review.case.panel, at=at, case=review.case)
    return review


def skip_review(*, review: Review, by: User | None, at: dt.datetime) -> Review:
    """Put a case back to the end of one's queue."""
    with transaction.atomic():
        review = _locked(review, by)
        if review.state != ReviewState.ASSIGNED:
            raise Refused(_("This is not possible in the present state."), code="wrong_state")
        review.skipped_at = at
        review.save(update_fields=["skipped_at"])
        journal.record(event="review.skipped", by=by, at=at, on=review)
    return review


def abstain_review(*, review: Review, reason: str, by: User | None, at: dt.datetime) -> Review:
    """Declare a conflict: the case goes to somebody else at once, if there is anybody."""
    with transaction.atomic():
        review = _locked(review, by)
        if not reason.strip():
            raise Refused(_("Say in a few words why you do not judge this."), code="incomplete")
        review.state = workflow.go(workflow.REVIEW, review.state, "abstain")
        review.scores, review.total, review.submitted_at = {}, None, None
        review.save(update_fields=["state", "scores", "total", "submitted_at"])
        Conflict.objects.get_or_create(
            case=review.case,
            person_id=review.reviewer_id,
            reason=ConflictReason.DECLARED,
            defaults={"note": reason.strip()[:300], "found_at": at},
        )
        journal.record(
            event="review.abstained", by=by, at=at, on=review, after={"note": reason.strip()}
        )
        give_case(review.case, third=review.third, at=at)
    return review


def _locked(review: Review, by: User | None) -> Review:
    # The panel's lock, not the review's alone: of two who hand in at once the later one must see
    # the other's opinion, or nobody asks the third; and nothing comes in after the phase's end.
    Panel.objects.select_for_update().get(pk=review.case.panel_id)
    rows = Review.objects.select_for_update(of=("self",)).select_related("case__panel__rubric")
    found = rows.filter(pk=review.pk).first()
    if found is None:
        raise Refused(_("This case is not yours to judge any more."), code="not_allowed")
    require(by, rules.can_write_review, found)
    return found


def _state(review: Review) -> dict[str, object]:
    return {"state": review.state, "scores": review.scores, "comment": review.comment}


def _scored(panel: Panel, scores: Mapping[str, Any]) -> tuple[dict[str, str], Decimal]:
    kept: dict[str, str] = {}
    total = Decimal(0)
    for item in panel.rubric.items.all():
        raw = scores.get(item.key)
        if raw in (None, ""):
            raise Refused(
                _("“%(item)s” has no score yet.") % {"item": item.label}, code="incomplete"
            )
        try:
            score = Decimal(str(raw))
        except InvalidOperation:
            score = Decimal("nan")
        if not score.is_finite() or not 0 <= score <= item.top_score:
            text = _("“%(item)s”: a number from 0 to %(most)s is needed.")
            raise Refused(text % {"item": item.label, "most": item.top_score}, code="invalid")
        kept[item.key] = format(score, "f")
        total += score * item.weight / item.top_score
    return kept, total.quantize(_THOUSANDTH, ROUND_HALF_UP)
