"""A contest is made, changed, and led from its draft to its end; its texts come in versions."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Agreement, Organisation, User
from bitgoeul.apps.contests import rules, workflow
from bitgoeul.apps.contests.enums import ContestState, EntryState
from bitgoeul.apps.contests.models import Contest, Entry, Terms
from bitgoeul.apps.contests.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

_EVENTS = {
    "publish": "contest.announced",
    "withdraw": "contest.withdrawn",
    "start": "contest.started",
    "judge": "contest.judging_begun",
    "resume": "contest.resumed",
    "close": "contest.closed",
}
FACTS = (
    "key", "kind", "title_ko", "title_en", "summary_ko", "summary_en", "text_ko", "text_en",
    "prizes_ko", "prizes_en", "prize_places", "state", "registration_opens_at",
    "registration_closes_at", "team_least", "team_most", "age_from", "age_to", "regions",
    "external_data",
)  # fmt: skip


class ContestFacts(TypedDict, total=False):
    """What is said of a contest; all of it may be changed while it stands, but for the kind."""

    title_ko: str
    title_en: str
    summary_ko: str
    summary_en: str
    text_ko: str
    text_en: str
    prizes_ko: str
    prizes_en: str
    prize_places: int
    agreement: Agreement | None
    registration_opens_at: dt.datetime
    registration_closes_at: dt.datetime
    team_least: int
    team_most: int
    age_from: int | None
    age_to: int | None
    regions: list[str]
    external_data: str


def create_contest(
    *,
    key: str,
    kind: str,
    owner: Organisation,
    by: User | None,
    at: dt.datetime,
    **facts: Unpack[ContestFacts],
) -> Contest:
    """Make a contest, as a draft.

    Raises
    ------
    Refused
        When `by` may not make contests for the owner, or the facts do not fit.
    """
    require(by, rules.can_create_contest_for, owner)
    contest = Contest(key=key, kind=kind, owner=owner, created_at=at, **facts)
    _check(contest)
    with transaction.atomic():
        contest.save(force_insert=True)
        journal.record(
            event="contest.created", by=by, at=at, on=contest, after=contest_state(contest)
        )
    return contest


def change_contest(
    *, contest: Contest, by: User | None, at: dt.datetime, **facts: Unpack[ContestFacts]
) -> Contest:
    """Change what is said of a contest; a contest that is closed stays as it was."""
    with transaction.atomic():
        row = locked(contest, by)
        if row.state == ContestState.CLOSED:
            raise Refused(_("The contest is closed."), code="wrong_state")
        before = contest_state(row)
        for name, value in facts.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        journal.record(
            event="contest.changed", by=by, at=at, on=row, before=before, after=contest_state(row)
        )
    return row


def move_contest(*, contest: Contest, action: str, by: User | None, at: dt.datetime) -> Contest:
    """Take the next step of the workflow: announce, start, judge, close.

    Raises
    ------
    Refused
        When the state does not allow it, or the contest has no phase (or a phase no task) yet.
    """
    with transaction.atomic():
        row = locked(contest, by)
        before = row.state
        after = workflow.go(workflow.CONTEST, before, action)
        if action == "publish" and not row.phases.exists():
            raise Refused(_("Plan at least one phase first."), code="no_phase")
        waiting = Entry.objects.filter(team__contest=row, state=EntryState.QUEUED)
        if action == "close" and waiting.exists():
            raise Refused(_("Entries still wait to be scored."), code="not_ready")
        if action == "withdraw" and row.teams.exists():
            raise Refused(_("Teams have registered already."), code="wrong_state")
        row.state = after
        row.save(update_fields=["state"])
        details = {"from": before, "to": after}
        journal.record(event=_EVENTS[action], by=by, at=at, on=row, details=details)
    return row


def publish_terms(
    *,
    contest: Contest,
    kind: str,
    text_ko: str,
    by: User | None,
    at: dt.datetime,
    text_en: str = "",
) -> Terms:
    """Publish the next version of a text that whoever takes part agrees to."""
    with transaction.atomic():
        row = locked(contest, by)
        newest = row.terms.filter(kind=kind).order_by("-version").first()
        terms = Terms(
            contest=row,
            kind=kind,
            version=newest.version + 1 if newest else 1,
            text_ko=text_ko,
            text_en=text_en,
            published_at=at,
        )
        check(terms)
        terms.save(force_insert=True)
        journal.record(
            event="contest.terms_published",
            by=by,
            at=at,
            on=row,
            after={"text_ko": text_ko, "text_en": text_en},
            details={"kind": kind, "version": terms.version},
        )
    return terms


def contest_state(contest: Contest) -> dict[str, object]:
    """What of a contest the journal digests."""
    return {name: getattr(contest, name) for name in FACTS} | {
        "owner": contest.owner.uuid,
        "agreement": contest.agreement.uuid if contest.agreement else None,
    }


def locked(contest: Contest, by: User | None) -> Contest:
    """Take a contest under a lock, for somebody who may run it."""
    rows = Contest.objects.select_for_update(of=("self",)).select_related("owner", "agreement")
    row = rows.get(pk=contest.pk)
    require(by, rules.can_manage_contest, row)
    return row


def _check(contest: Contest) -> None:
    if unknown := set(contest.regions) - set(Region.values):
        told = _("There is no region “%(code)s”.") % {"code": sorted(unknown)[0]}
        raise Refused(told, code="invalid")
    check(contest)
