"""A reviewer judges, puts back, or abstains; where two differ too far, a third is asked."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.reviews import rules, workflow
from bitgoeul.apps.reviews.enums import ConflictReason, ReviewState
from bitgoeul.apps.reviews.models import Case, Conflict, Panel, Review
from bitgoeul.apps.reviews.services.notices import tell_reviewers
from bitgoeul.apps.reviews.services.panels import loads_of
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
        _ask_third(review.case, at=at)
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
        _give(review.case, third=review.third, at=at)
    return review


def _locked(review: Review, by: User | None) -> Review:
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("case__panel__rubric")
        .get(pk=review.pk)
    )
    require(by, rules.can_write_review, review)
    return review


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


def _ask_third(case: Case, *, at: dt.datetime) -> None:
    """Ask a third opinion when all of the first are there and lie too far apart."""
    limit = case.panel.gap_limit
    rows = list(case.reviews.exclude(state=ReviewState.ABSTAINED))
    if limit is None or len(rows) < 2 or any(row.third for row in rows):
        return
    totals = [row.total for row in rows if row.total is not None]
    if len(totals) == len(rows) and max(totals) - min(totals) > limit:
        _give(case, third=True, at=at)


def _give(case: Case, *, third: bool, at: dt.datetime) -> None:
    """Give a case to the least loaded who may judge it and has not; nobody left: it stays short."""
    panel = case.panel
    barred = set(case.conflicts.values_list("person", flat=True))
    barred |= set(case.reviews.values_list("reviewer", flat=True))
    load = loads_of(panel, list(panel.panelists.values_list("person", flat=True)))
    open_to = [p for p, held in load.items() if p not in barred and held < panel.load_limit]
    if not open_to:
        return
    chosen = min(
        open_to,
        key=lambda p: (load[p], hashlib.sha256(f"{panel.uuid}|{p}".encode()).digest()),
    )
    made = Review.objects.create(case=case, reviewer_id=chosen, third=third, assigned_at=at)
    details = {"third": third}
    journal.record(event="review.assigned", by=None, at=at, on=made, details=details)
    tell_reviewers(panel, {chosen}, at=at)
