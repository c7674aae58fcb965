"""A panel from its founding to its end: seats, cases, conflicts, assignment, phase."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Agreement, Organisation, User
from bitgoeul.apps.reviews import rules, workflow
from bitgoeul.apps.reviews.enums import COMPUTED, ConflictReason, PanelState, ReviewState
from bitgoeul.apps.reviews.models import Case, Conflict, Panel, Panelist, Review, Rubric
from bitgoeul.apps.reviews.services.giving import (
    ask_thirds,
    assigned,
    uphold_conflicts,
    withdraw_conflicted,
)
from bitgoeul.apps.reviews.services.notices import tell_reviewers
from bitgoeul.apps.reviews.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """A case to be brought: `ties` are reviewers who taught or mentored its person, with words."""

    kind: str
    subject_uuid: UUID
    number: str
    sheet: Sequence[Mapping[str, str]]
    person: User | None = None
    ties: Mapping[int, str] = field(default_factory=dict)


def create_panel(
    *,
    owner: Organisation,
    subject_kind: str,
    subject_uuid: UUID,
    name_ko: str,
    rubric: Rubric,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    name_en: str = "",
    agreement: Agreement | None = None,
    reviews_each: int = 2,
    load_limit: int = 100,
    gap_limit: Decimal | None = None,
    look_for: Sequence[str] = COMPUTED,
    open_domains: Sequence[str] = (),
) -> Panel:
    """Found a panel; its reviewers and cases come afterwards."""
    panel = Panel(
        owner=owner,
        agreement=agreement,
        subject_kind=subject_kind,
        subject_uuid=subject_uuid,
        name_ko=name_ko,
        name_en=name_en,
        rubric=rubric,
        opens_at=opens_at,
        closes_at=closes_at,
        reviews_each=reviews_each,
        load_limit=load_limit,
        gap_limit=gap_limit,
        look_for=[str(each) for each in look_for],
        open_domains=[domain.strip().lower() for domain in open_domains if domain.strip()],
    )
    require(by, rules.can_manage_panel, panel)
    if rubric.owner_id != owner.pk:
        raise Refused(_("The rubric belongs to another organisation."), code="invalid")
    with transaction.atomic():
        check(panel)
        panel.save(force_insert=True)
        details = {"rubric": str(rubric.uuid), "for": subject_kind, "uuid": str(subject_uuid)}
        journal.record(event="panel.founded", by=by, at=at, on=panel, details=details)
    return panel


def seat_panelists(
    *, panel: Panel, people: Sequence[User], by: User | None, at: dt.datetime
) -> int:
    """Seat reviewers; who sits already stays. Returns how many are new."""
    with transaction.atomic():
        panel = _locked(panel, by)
        seated = set(panel.panelists.values_list("person", flat=True))
        fresh = [person for person in people if person.pk not in seated]
        Panelist.objects.bulk_create(
            Panelist(panel=panel, person=person, seated_at=at) for person in fresh
        )
        journal.record(
            event="panel.seated",
            by=by,
            at=at,
            on=panel,
            details={"people": [str(person.uuid) for person in fresh]},
        )
        uphold_conflicts(panel, at=at)
    return len(fresh)


def unseat_panelist(*, panel: Panel, person: User, by: User | None, at: dt.datetime) -> None:
    """Take somebody off a panel: what they handed in stays, what waited can be assigned anew."""
    with transaction.atomic():
        panel = _locked(panel, by)
        panel.panelists.filter(person=person).delete()
        waiting = Review.objects.filter(
            case__panel=panel, reviewer=person, state=ReviewState.ASSIGNED
        )
        dropped = waiting.count()
        waiting.delete()
        details = {"person": str(person.uuid), "dropped": dropped}
        journal.record(event="panel.unseated", by=by, at=at, on=panel, details=details)


def bring_cases(
    *, panel: Panel, cases: Sequence[CasePlan], by: User | None, at: dt.datetime
) -> int:
    """Bring cases with their frozen sheets; those that are there already only gain new ties."""
    with transaction.atomic():
        panel = _locked(panel, by)
        there = set(panel.cases.values_list("subject_uuid", flat=True))
        fresh = [plan for plan in cases if plan.subject_uuid not in there]
        rows = [
            Case(
                panel=panel,
                kind=plan.kind,
                subject_uuid=plan.subject_uuid,
                number=plan.number,
                person=plan.person,
                sheet=[dict(entry) for entry in plan.sheet],
                brought_at=at,
            )
            for plan in fresh
        ]
        Case.objects.bulk_create(rows, batch_size=_CHUNK)
        _keep_ties(panel, cases, at=at)
        journal.record(
            event="panel.cases_brought", by=by, at=at, on=panel, details={"cases": len(rows)}
        )
        uphold_conflicts(panel, at=at)
    return len(rows)


def _keep_ties(panel: Panel, cases: Sequence[CasePlan], *, at: dt.datetime) -> None:
    if ConflictReason.TAUGHT not in panel.look_for:
        return
    known = dict(panel.cases.values_list("subject_uuid", "pk"))
    Conflict.objects.bulk_create(
        [
            Conflict(
                case_id=known[plan.subject_uuid],
                person_id=person,
                reason=ConflictReason.TAUGHT,
                note=note[:300],
                found_at=at,
            )
            for plan in cases
            for person, note in plan.ties.items()
        ],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )


def assign_reviews(*, panel: Panel, by: User | None, at: dt.datetime) -> dict[str, int]:
    """Give every case to as many reviewers as it needs, evenly, around every conflict.

    What is assigned stays, but for conflicts found since; only what is missing is given, third
    opinions that are owed as well. Returns how many reviews were given and how many cases are
    short of reviewers.
    """
    with transaction.atomic():
        panel = _locked(panel, by)
        if panel.state == PanelState.CLOSED:
            raise Refused(_("The panel is closed."), code="wrong_state")
        withdraw_conflicted(panel, at=at)
        rows, short = assigned(panel, at=at)
        Review.objects.bulk_create(rows, batch_size=_CHUNK)
        asked, owed = ask_thirds(panel, at=at)
        told = {"given": len(rows) + asked, "short": short + owed}
        journal.record(event="panel.assigned", by=by, at=at, on=panel, details=told)
        if panel.state == PanelState.OPEN:
            tell_reviewers(panel, {row.reviewer_id for row in rows}, at=at)
    return told


def open_panel(*, panel: Panel, by: User | None, at: dt.datetime) -> Panel:
    """Begin the phase: reviewers are told and see their cases from its first moment on."""
    return _move(panel, "open", by=by, at=at)


def close_panel(*, panel: Panel, by: User | None, at: dt.datetime) -> Panel:
    """End the phase: no reviewer sees anything of it any more."""
    return _move(panel, "close", by=by, at=at)


def _move(panel: Panel, action: str, *, by: User | None, at: dt.datetime) -> Panel:
    with transaction.atomic():
        panel = _locked(panel, by)
        before = panel.state
        panel.state = workflow.go(workflow.PANEL, before, action)
        panel.save(update_fields=["state"])
        details = {"from": before, "to": panel.state}
        journal.record(event=f"panel.{action}", by=by, at=at, on=panel, details=details)
        if action == "open":
            waiting = Review.objects.filter(case__panel=panel, state=ReviewState.ASSIGNED)
            tell_reviewers(panel, set(waiting.values_list("reviewer", flat=True)), at=at)
    return panel


def _locked(panel: Panel, by: User | None) -> Panel:
    panel = (
        Panel.objects.select_for_update(of=("self",))
        .select_related("owner", "agreement", "rubric")
        .get(pk=panel.pk)
    )
    require(by, rules.can_manage_panel, panel)
    return panel
