"""Who gets which case: evenly, and around every conflict of the moment in which it is given.

Whoever calls this holds the panel's lock: two who hand in at once would not see each other's
opinion, and two cases given at once would pass the load limit.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef

from bitgoeul.apps.reviews.enums import PanelState, ReviewState
from bitgoeul.apps.reviews.models import Case, Conflict, Panel, Review
from bitgoeul.apps.reviews.queries.conflicts import computed_conflicts, conflicts_of
from bitgoeul.apps.reviews.queries.results import results_of
from bitgoeul.apps.reviews.services.notices import tell_reviewers
from bitgoeul.core import clock, journal
from bitgoeul.core.journal.services import Change
from bitgoeul.engines import matching

_CHUNK = 500


def uphold_conflicts(panel: Panel, *, at: dt.datetime, case: Case | None = None) -> None:
    """Keep the conflicts of this moment; what waited for whoever has one goes to somebody else."""
    for review in withdraw_conflicted(panel, at=at, case=case):
        if panel.state != PanelState.CLOSED:
            _give(review.case, third=review.third, at=at)


def withdraw_conflicted(
    panel: Panel, *, at: dt.datetime, case: Case | None = None
) -> Sequence[Review]:
    """Keep the conflicts of this moment and withdraw what waits for whoever has one.

    What was handed in before the conflict was known stays, and stands beside it on the page.
    """
    found = computed_conflicts(panel, on=at.astimezone(clock.SEOUL).date(), case=case)
    Conflict.objects.bulk_create(
        [
            Conflict(case_id=one, person_id=person, reason=reason, found_at=at)
            for one, person, reason in sorted(found)
        ],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )
    why = Conflict.objects.filter(case=OuterRef("case"), person=OuterRef("reviewer"))
    rows = Review.objects.filter(Exists(why), case__panel=panel, state=ReviewState.ASSIGNED)
    if case is not None:
        rows = rows.filter(case=case)
    withdrawn = list(rows.select_related("case__panel", "reviewer").order_by("id"))
    if withdrawn:
        changes = [Change(on=row, details=_reasons(row)) for row in withdrawn]
        journal.record_many(event="review.withdrawn", by=None, at=at, changes=changes)
        Review.objects.filter(pk__in=[row.pk for row in withdrawn]).delete()
    return withdrawn


def _reasons(review: Review) -> dict[str, object]:
    found = Conflict.objects.filter(case=review.case_id, person=review.reviewer_id)
    return {
        "case": str(review.case.uuid),
        "reviewer": str(review.reviewer.uuid),
        "reasons": sorted(found.values_list("reason", flat=True)),
        "third": review.third,
    }


def give_case(case: Case, *, third: bool, at: dt.datetime) -> bool:
    """Give a case to the least loaded who may judge it and has not; nobody left: it stays short."""
    uphold_conflicts(case.panel, at=at, case=case)
    return _give(case, third=third, at=at)


def ask_thirds(panel: Panel, *, at: dt.datetime, case: Case | None = None) -> tuple[int, int]:
    """Ask the third opinions that are owed; returns how many were asked, and how many not."""
    owed = [found.case for found in results_of(panel, case=case) if found.owes_third]
    rows = panel.cases.filter(pk__in=owed).select_related("panel").order_by("number")
    asked = sum(give_case(one, third=True, at=at) for one in rows)
    return asked, len(owed) - asked


def assigned(panel: Panel, *, at: dt.datetime) -> tuple[list[Review], int]:
    """Return the first opinions that are missing, not yet stored, and how many cases stay short."""
    seats = list(panel.panelists.values_list("person", flat=True))
    # An order that nobody chose, and that is the same whenever it is asked for.
    seats.sort(key=lambda person: _place(panel, person))
    place = {person: number for number, person in enumerate(seats)}
    cases = list(panel.cases.order_by("number").values_list("pk", flat=True))
    barred = conflicts_of(panel)
    there: dict[int, set[int]] = {case: set() for case in cases}
    counted = dict.fromkeys(cases, 0)
    rows = Review.objects.filter(case__panel=panel).order_by()
    for case, person, state, third in rows.values_list("case", "reviewer", "state", "third"):
        there[case].add(person)
        counted[case] += not third and state != ReviewState.ABSTAINED
    load = _loads(panel, seats)
    found = matching.assign(
        [max(0, panel.reviews_each - counted[case]) for case in cases],
        [
            [place[p] for p in seats if p not in barred.get(case, ()) and p not in there[case]]
            for case in cases
        ],
        [max(panel.load_limit, load[person]) for person in seats],
        before=[load[person] for person in seats],
    )
    made = [
        Review(case_id=case, reviewer_id=seats[index], assigned_at=at)
        for case, people in zip(cases, found.given, strict=True)
        for index in people
    ]
    return made, sum(map(bool, found.short))


def _give(case: Case, *, third: bool, at: dt.datetime) -> bool:
    panel = case.panel
    barred = set(case.conflicts.values_list("person", flat=True))
    barred |= set(case.reviews.values_list("reviewer", flat=True))
    load = _loads(panel, list(panel.panelists.values_list("person", flat=True)))
    open_to = [p for p, held in load.items() if p not in barred and held < panel.load_limit]
    if not open_to:
        return False
    chosen = min(open_to, key=lambda person: (load[person], _place(panel, person)))
    made = Review.objects.create(case=case, reviewer_id=chosen, third=third, assigned_at=at)
    details = {"third": third}
    journal.record(event="review.assigned", by=None, at=at, on=made, details=details)
    if panel.state == PanelState.OPEN:
        tell_reviewers(panel, {chosen}, at=at)
    return True


def _place(panel: Panel, person: int) -> bytes:
    return hashlib.sha256(f"{panel.uuid}|{person}".encode()).digest()


def _loads(panel: Panel, seats: Sequence[int]) -> dict[int, int]:
    rows = Review.objects.filter(case__panel=panel).exclude(state=ReviewState.ABSTAINED)
    held = dict(rows.order_by().values_list("reviewer").annotate(Count("id")))
    return {person: held.get(person, 0) for person in seats}
