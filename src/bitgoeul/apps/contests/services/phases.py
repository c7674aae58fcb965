"""Phases are planned, and for each it is said who sees which score from when on."""

import datetime as dt
from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.enums import Audience, ContestState, Shown
from bitgoeul.apps.contests.models import Contest, Entry, Phase, ScorePolicy
from bitgoeul.apps.contests.services.contests import locked
from bitgoeul.apps.contests.services.permission import check
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

FACTS = (
    "number", "title_ko", "title_en", "opens_at", "closes_at", "daily_limit", "total_limit",
    "finals", "advances", "board",
)  # fmt: skip
ORGANISER = (Shown.ALWAYS, Shown.ALWAYS, Shown.ALWAYS)
OPEN_PHASE: Mapping[str, tuple[str, str, str]] = {
    Audience.PUBLIC: (Shown.ALWAYS, Shown.RESULTS, Shown.ALWAYS),
    Audience.PARTICIPANTS: (Shown.ALWAYS, Shown.RESULTS, Shown.ALWAYS),
    Audience.TEAM: (Shown.ALWAYS, Shown.RESULTS, Shown.ALWAYS),
    Audience.ORGANISER: ORGANISER,
}
"""Public score, private score and rank of an ordinary phase."""
BLIND_PHASE: Mapping[str, tuple[str, str, str]] = {
    Audience.PUBLIC: (Shown.RESULTS, Shown.RESULTS, Shown.RESULTS),
    Audience.PARTICIPANTS: (Shown.RESULTS, Shown.RESULTS, Shown.RESULTS),
    Audience.TEAM: (Shown.RESULTS, Shown.RESULTS, Shown.RESULTS),
    Audience.ORGANISER: ORGANISER,
}
"""A phase in which nobody but the organiser learns anything before the end."""


class PhaseFacts(TypedDict, total=False):
    """What is said of a phase."""

    title_ko: str
    title_en: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    daily_limit: int
    total_limit: int | None
    finals: int
    advances: int
    board: str


def plan_phase(
    *,
    contest: Contest,
    by: User | None,
    at: dt.datetime,
    blind: bool = False,
    **facts: Unpack[PhaseFacts],
) -> Phase:
    """Add the next phase; `blind` shows nobody a score before the contest is closed.

    Raises
    ------
    Refused
        When it does not fit, or begins before the phase before it ends.
    """
    with transaction.atomic():
        row = locked(contest, by)
        _check_open(row)
        last = row.phases.order_by("-number").first()
        phase = Phase(contest=row, number=last.number + 1 if last else 1, **facts)
        _check(phase)
        phase.save(force_insert=True)
        shown = BLIND_PHASE if blind else OPEN_PHASE
        ScorePolicy.objects.bulk_create(
            ScorePolicy(
                phase=phase,
                audience=audience,
                public_score=public,
                private_score=private,
                rank=rank,
            )
            for audience, (public, private, rank) in shown.items()
        )
        details = {"contest": str(row.uuid), "blind": blind}
        journal.record(
            event="phase.planned", by=by, at=at, on=phase, after=phase_state(phase), details=details
        )
    return phase


def change_phase(
    *, phase: Phase, by: User | None, at: dt.datetime, **facts: Unpack[PhaseFacts]
) -> Phase:
    """Change a phase; entries that are in stay in, whatever the new limits say.

    Raises
    ------
    Refused
        When it does not fit, or the kind of its board is changed though entries are in.
    """
    with transaction.atomic():
        row = locked_phase(phase, by)
        before = phase_state(row)
        for name, value in facts.items():
            setattr(row, name, value)
        _check(row)
        if row.board != before["board"] and Entry.objects.filter(phase=row).exists():
            raise Refused(
                _("Entries are in: what the public board shows stays as it was announced."),
                code="invalid",
            )
        row.save()
        journal.record(
            event="phase.changed", by=by, at=at, on=row, before=before, after=phase_state(row)
        )
    return row


def set_score_policy(
    *,
    phase: Phase,
    audience: str,
    public_score: str,
    private_score: str,
    rank: str,
    by: User | None,
    at: dt.datetime,
) -> ScorePolicy:
    """Say from when on an audience sees the scores and ranks of a phase.

    Raises
    ------
    Refused
        For the organiser, who always sees everything, and for words that are not known.
    """
    if audience == Audience.ORGANISER:
        raise Refused(_("The organiser always sees everything."), code="invalid")
    with transaction.atomic():
        row = locked_phase(phase, by)
        policy = ScorePolicy.objects.filter(phase=row, audience=audience).first()
        policy = policy or ScorePolicy(phase=row, audience=audience)
        before = policy_state(policy)
        policy.public_score, policy.private_score = public_score, private_score
        policy.rank = rank
        check(policy)
        policy.save()
        journal.record(
            event="phase.policy_set",
            by=by,
            at=at,
            on=row,
            before=before,
            after=policy_state(policy),
            details={"audience": audience},
        )
    return policy


def phase_state(phase: Phase) -> dict[str, object]:
    """What of a phase the journal digests."""
    return {name: getattr(phase, name) for name in FACTS}


def policy_state(policy: ScorePolicy) -> dict[str, object]:
    """What of a policy the journal digests."""
    names = ("audience", "public_score", "private_score", "rank")
    return {name: getattr(policy, name) for name in names}


def locked_phase(phase: Phase, by: User | None) -> Phase:
    """Take a phase under its contest's lock, for somebody who may run it; not of a closed one."""
    contest = locked(phase.contest, by)
    _check_open(contest)
    row = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk)
    row.contest = contest
    return row


def _check_open(contest: Contest) -> None:
    if contest.state == ContestState.CLOSED:
        raise Refused(_("The contest is closed."), code="wrong_state")


def _check(phase: Phase) -> None:
    check(phase)
    others = phase.contest.phases.exclude(pk=phase.pk)
    earlier = others.filter(number__lt=phase.number, closes_at__gt=phase.opens_at)
    later = others.filter(number__gt=phase.number, opens_at__lt=phase.closes_at)
    if earlier.exists() or later.exists():
        raise Refused(_("Phases may not overlap, and follow each other in time."), code="overlap")
