"""Cohorts: planned with tracks and stages, opened for applications, closed, ended."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.models import Cohort, Programme, RuleSet, Stage, Track
from bitgoeul.apps.programmes.models.attendance_rule import months_of
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


@dataclass(frozen=True, kw_only=True)
class TrackPlan:
    """A class to be: applicants rank these."""

    key: str
    name_ko: str
    field: str
    seats: int
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class StagePlan:
    """A scored stage to be, with its weight in percent."""

    key: str
    name_ko: str
    weight: int
    name_en: str = ""
    top_score: int = 100


STAGES_10_20_70 = (
    StagePlan(key="motivation", name_ko="지원 동기", name_en="Motivation", weight=10),
    StagePlan(key="course", name_ko="온라인 사전 교육", name_en="Online course", weight=20),
    StagePlan(key="exam", name_ko="시험", name_en="Examination", weight=70),
)
"""The first academy's published formula: motivation 10 %, online course 20 %, examination 70 %."""

_EVENTS = {
    "open_applications": "cohort.applications_opened",
    "close_applications": "cohort.applications_closed",
    "end_cohort": "cohort.ended",
}


def create_cohort(
    *,
    programme: Programme,
    number: int,
    rule_set: RuleSet,
    applications_open_at: dt.datetime,
    applications_close_at: dt.datetime,
    starts_on: dt.date,
    ends_on: dt.date,
    hours: int,
    tracks: Sequence[TrackPlan],
    by: User | None,
    at: dt.datetime,
    stages: Sequence[StagePlan] = STAGES_10_20_70,
    local_regions: Sequence[str] = (),
    local_share: Decimal | float = 0,
    lottery_seed: str = "",
) -> Cohort:
    """Plan a cohort with its tracks and stages; its lottery seed is drawn now and kept secret.

    `lottery_seed` is given only when it was drawn elsewhere (in public, or for a demonstration).
    """
    require(by, rules.can_manage_programme, programme)
    _refuse_bad_plan(programme, rule_set, applications_open_at, applications_close_at, stages)
    cohort = Cohort(
        programme=programme,
        number=number,
        rule_set=rule_set,
        applications_open_at=applications_open_at,
        applications_close_at=applications_close_at,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=hours,
        local_regions=list(local_regions),
        local_share=float(local_share),
        lottery_seed=lottery_seed or secrets.token_hex(32),
    )
    _refuse_by_rules(cohort)
    with transaction.atomic():
        check(cohort)
        cohort.save(force_insert=True)
        _add_tracks(cohort, tracks)
        _add_stages(cohort, stages)
        journal.record(
            event="cohort.planned",
            by=by,
            at=at,
            on=cohort,
            details={
                "number": number,
                "rule_set": rule_set.version,
                "tracks": [asdict(track) for track in tracks],
                "stages": [asdict(stage) for stage in stages],
                "local_regions": list(local_regions),
                "local_share": str(local_share),
            },
        )
    return cohort


def open_applications(*, cohort: Cohort, by: User | None, at: dt.datetime) -> Cohort:
    """Call for applications, and commit to the lottery: the seed's hash is published now."""
    with transaction.atomic():
        cohort = _locked(cohort, by)
        if not cohort.tracks.exists():
            raise Refused(_("A cohort needs at least one track."), code="incomplete")
        commitment = commitment_of(cohort.lottery_seed)
        cohort.lottery_seed_hash = commitment
        _move(cohort, "open_applications", by=by, at=at, lottery_seed_hash=commitment)
    return cohort


def close_applications(*, cohort: Cohort, by: User | None, at: dt.datetime) -> Cohort:
    """End the call; nobody can apply, change or withdraw from here on."""
    with transaction.atomic():
        cohort = _locked(cohort, by)
        if at < cohort.applications_close_at:
            raise Refused(
                _("Applications were promised to stay open until the deadline."), code="too_early"
            )
        _move(cohort, "close_applications", by=by, at=at)
    return cohort


def end_cohort(*, cohort: Cohort, by: User | None, at: dt.datetime) -> Cohort:
    """Close a cohort once everyone's completion is decided."""
    with transaction.atomic():
        cohort = _locked(cohort, by)
        if cohort.enrolments.filter(state="enrolled").exists():
            raise Refused(_("The completion of some people is not decided yet."), code="incomplete")
        _move(cohort, "end_cohort", by=by, at=at)
    return cohort


def commitment_of(seed: str) -> str:
    """Return what is published before the deadline: the SHA-256 of the seed's UTF-8 text."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _locked(cohort: Cohort, by: User | None) -> Cohort:
    locked = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )
    require(by, rules.can_manage_cohort, locked)
    return locked


def _move(cohort: Cohort, action: str, *, by: User | None, at: dt.datetime, **details: str) -> None:
    before = cohort.state
    cohort.state = workflow.go(workflow.COHORT, before, action)
    cohort.save(update_fields=["state", "lottery_seed_hash"])
    journal.record(
        event=_EVENTS[action],
        by=by,
        at=at,
        on=cohort,
        details={"from": before, "to": cohort.state, **details},
    )


def _refuse_bad_plan(
    programme: Programme,
    rule_set: RuleSet,
    opens: dt.datetime,
    closes: dt.datetime,
    stages: Sequence[StagePlan],
) -> None:
    if rule_set.programme_id != programme.pk or rule_set.approved_at is None:
        raise Refused(_("A cohort needs an approved rule set of its programme."), code="invalid")
    if closes <= opens:
        raise Refused(_("Applications must close after they open."), code="invalid")
    if stages and sum(stage.weight for stage in stages) != 100:
        raise Refused(_("The weights of the stages must add up to 100."), code="invalid")


def _refuse_by_rules(cohort: Cohort) -> None:
    """Refuse a course that its own rules do not allow, or that begins before they are valid."""
    rule_set, values = cohort.rule_set, cohort.rule_set.thresholds
    if rule_set.valid_from > cohort.starts_on:
        raise Refused(
            _("These rules are valid from %(day)s on, after the first day of the course.")
            % {"day": rule_set.valid_from},
            code="invalid",
        )
    months = months_of(cohort.starts_on, cohort.ends_on)
    least, most = values.course_months_at_least, values.course_months_at_most
    if values.course_hours_at_least is not None and cohort.hours < values.course_hours_at_least:
        raise Refused(
            _("The rules ask for a course of at least %(hours)s hours.")
            % {"hours": values.course_hours_at_least},
            code="invalid",
        )
    if (least is not None and months < least) or (most is not None and months > most):
        raise Refused(
            _("The rules ask for a course of %(least)s to %(most)s months.")
            % {"least": least or 1, "most": most or "…"},
            code="invalid",
        )


def _add_tracks(cohort: Cohort, tracks: Sequence[TrackPlan]) -> None:
    for plan in tracks:
        track = Track(cohort=cohort, **asdict(plan))
        check(track)
        track.save(force_insert=True)


def _add_stages(cohort: Cohort, stages: Sequence[StagePlan]) -> None:
    for order, plan in enumerate(stages, start=1):
        stage = Stage(cohort=cohort, order=order, **asdict(plan))
        check(stage)
        stage.save(force_insert=True)
