"""Cohorts: planned with tracks and stages, opened for applications, closed, ended."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import CutRule, ScoreSource, StageKind
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
    kind: str = StageKind.OTHER
    source: str = ScoreSource.IMPORT
    lab: Lab | None = None
    cut_rule: str = CutRule.NONE
    cut_value: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the plan in JSON types, for the journal."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        cut = None if self.cut_value is None else str(self.cut_value)
        return said | {"lab": self.lab.key if self.lab else "", "cut_value": cut}


STAGES_10_20_70 = (
    StagePlan(key="motivation", name_ko="지원 동기", name_en="Motivation", weight=10),
    StagePlan(key="course", name_ko="온라인 사전 교육", name_en="Online course", weight=20),
    StagePlan(key="exam", name_ko="시험", name_en="Examination", weight=70),
)
"""The first academy's published formula: motivation 10 %, online course 20 %, examination 70 %."""

STAGES_OF_COHORT_2 = (
    StagePlan(
        key="course",
        name_ko="온라인 사전 교육",
        name_en="Online course",
        weight=30,
        kind=StageKind.COURSE,
    ),
    StagePlan(
        key="aptitude",
        name_ko="적성 검사",
        name_en="Aptitude test",
        weight=30,
        kind=StageKind.APTITUDE,
    ),
    StagePlan(
        key="coding",
        name_ko="코딩 테스트",
        name_en="Coding test",
        weight=40,
        kind=StageKind.CODING,
    ),
)
"""The stages published for the second cohort; the weights were not published and are ours."""

STAGES_OF_FOUR = (
    StagePlan(
        key="course",
        name_ko="온라인 사전 교육",
        name_en="Online course",
        weight=20,
        kind=StageKind.COURSE,
        cut_rule=CutRule.THRESHOLD,
        cut_value=Decimal(40),
    ),
    StagePlan(
        key="exam",
        name_ko="시험",
        name_en="Examination",
        weight=40,
        kind=StageKind.APTITUDE,
        cut_rule=CutRule.RATIO,
        cut_value=Decimal(80),
    ),
    StagePlan(
        key="motivation",
        name_ko="지원 동기",
        name_en="Motivation",
        weight=20,
        kind=StageKind.DOCUMENTS,
        source=ScoreSource.REVIEWS,
    ),
    StagePlan(
        key="interview",
        name_ko="면접",
        name_en="Interview",
        weight=20,
        kind=StageKind.INTERVIEW,
    ),
)
"""Four stages as the later cohorts had them; weights and cuts are ours."""


@dataclass(frozen=True, kw_only=True)
class SelectionPreset:
    """What a new cohort starts from: stages, local share, width of a band."""

    title: Any
    stages: tuple[StagePlan, ...]
    local_share: Decimal = Decimal(0)
    band_width: Decimal = Decimal(0)


PRESETS: Mapping[str, SelectionPreset] = {
    "cohort-1": SelectionPreset(
        title=gettext_lazy(
            "Cohort 1 as published: motivation 10, online course 20, examination 70"
        ),
        stages=STAGES_10_20_70,
    ),
    "cohort-2": SelectionPreset(
        title=gettext_lazy(
            "Cohort 2: course, aptitude, coding; 60 % of the seats for local talents"
        ),
        stages=STAGES_OF_COHORT_2,
        local_share=Decimal("0.6"),
    ),
    "four-stages": SelectionPreset(
        title=gettext_lazy("Four stages with cuts and reviews, bands of 5 points"),
        stages=STAGES_OF_FOUR,
        local_share=Decimal("0.5"),
        band_width=Decimal(5),
    ),
}

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
    band_width: Decimal | int = 0,
    answer_days: int | None = None,
    call_until: dt.date | None = None,
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
        band_width=Decimal(band_width),
        answer_days=answer_days,
        call_until=call_until,
        lottery_seed=lottery_seed or secrets.token_hex(32),
    )
    _refuse_by_rules(cohort)
    with transaction.atomic():
        check(cohort)
        cohort.save(force_insert=True)
        _add_tracks(cohort, tracks)
        add_stages(cohort, stages)
        journal.record(
            event="cohort.planned",
            by=by,
            at=at,
            on=cohort,
            details={
                "number": number,
                "rule_set": rule_set.version,
                "tracks": [asdict(track) for track in tracks],
                "stages": [stage.as_json() for stage in stages],
                "seats": {"band_width": str(band_width), "answer_days": answer_days},
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
    refuse_bad_weights(stages)


def refuse_bad_weights(stages: Sequence[StagePlan]) -> None:
    """Refuse stages whose weights do not add up to a hundred percent."""
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


def add_stages(cohort: Cohort, stages: Sequence[StagePlan]) -> None:
    """Write the stages of a cohort in their order."""
    for order, plan in enumerate(stages, start=1):
        values = {each.name: getattr(plan, each.name) for each in fields(plan)}
        stage = Stage(cohort=cohort, order=order, **values)
        check(stage)
        stage.save(force_insert=True)
