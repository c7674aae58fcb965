"""Stages as data: written before the call, scored by file, lab or reviews, cut by their rule."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.labs.queries import best_evaluations, has_share, people_waiting, share_of
from bitgoeul.apps.labs.services import admit_people
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    ScoreSource,
    SelectionState,
)
from bitgoeul.apps.programmes.models import Answer, Application, Cohort, Stage, StageOutcome
from bitgoeul.apps.programmes.queries.stages import (
    SUBJECT,
    answers_of_all,
    in_the_running,
    line_of,
    scores_in,
    sheet_of,
    taught_before,
)
from bitgoeul.apps.programmes.rules.cohorts import CASE
from bitgoeul.apps.programmes.services.cohorts import StagePlan, add_stages, refuse_bad_weights
from bitgoeul.apps.programmes.services.notices import tell_stage
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.apps.programmes.services.scores import ScoreEntry, enter_stage_scores
from bitgoeul.apps.reviews.models import Panel
from bitgoeul.apps.reviews.queries.panels import panels_of
from bitgoeul.apps.reviews.queries.results import results_of
from bitgoeul.apps.reviews.services import CasePlan, bring_cases, create_panel
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500
_HUNDREDTH = Decimal("0.01")


def write_stages(
    *, cohort: Cohort, stages: Sequence[StagePlan], by: User | None, at: dt.datetime
) -> list[Stage]:
    """Replace the stages of a cohort that is not called yet."""
    with transaction.atomic():
        cohort = _locked(cohort, by)
        if cohort.state != CohortState.PLANNED:
            raise Refused(_("The stages are fixed once applications are open."), code="wrong_state")
        refuse_bad_weights(stages)
        _refuse_labs_without_scale(stages)
        cohort.stages.all().delete()
        add_stages(cohort, stages)
        details = {"stages": [plan.as_json() for plan in stages]}
        journal.record(event="cohort.stages_written", by=by, at=at, on=cohort, details=details)
    return list(cohort.stages.order_by("order"))


def admit_to_stage_lab(*, stage: Stage, by: User | None, at: dt.datetime) -> int:
    """Admit everybody who is still in to the lab of a stage; returns how many are new."""
    with transaction.atomic():
        cohort = _locked(stage.cohort, by)
        if stage.lab is None:
            raise Refused(_("This stage has no lab."), code="wrong_state")
        people = [row.person for row in in_the_running(cohort).select_related("person")]
        # The system admits: the officer's right to run the cohort carries the place in the lab.
        fresh = admit_people(lab=stage.lab, people=people, by=None, at=at, admitted_by=cohort)
        details = {"lab": str(stage.lab.uuid), "admitted": fresh}
        journal.record(event="stage.admitted", by=by, at=at, on=stage, details=details)
    return fresh


def bring_to_panel(*, stage: Stage, panel: Panel, by: User | None, at: dt.datetime) -> int:
    """Bring the applications that are still in to a panel, each with its blind sheet."""
    with transaction.atomic():
        cohort = _locked(stage.cohort, by)
        if (panel.subject_kind, panel.subject_uuid) != (SUBJECT, stage.uuid):
            raise Refused(_("This panel judges something else."), code="invalid")
        brought = bring_cases(panel=panel, cases=_cases(cohort, panel, at), by=by, at=at)
        details = {"panel": str(panel.uuid), "cases": brought}
        journal.record(event="stage.brought", by=by, at=at, on=stage, details=details)
    return brought


def _cases(cohort: Cohort, panel: Panel, at: dt.datetime) -> list[CasePlan]:
    rows = list(in_the_running(cohort).select_related("person").order_by("number"))
    teachers = dict(
        Membership.objects.on(at.astimezone(clock.SEOUL).date())
        .filter(organisation=cohort.programme.organiser_id, role__in=(Role.INSTRUCTOR, Role.MENTOR))
        .values_list("person", "organisation")
    )
    ties = taught_before([row.person_id for row in rows], teachers)
    shown = answers_of_all(rows)
    return [
        CasePlan(
            kind=CASE,
            subject_uuid=row.uuid,
            number=row.number,
            person=row.person,
            sheet=sheet_of(row, shown.get(row.pk, ()), _address),
            ties=ties.get(row.person_id, {}),
        )
        for row in rows
    ]


def _address(answer: Answer) -> str:
    return reverse("programmes:answer_file", args=[answer.uuid])


def found_stage_panel(*, stage: Stage, by: User | None, at: dt.datetime, **facts: Any) -> Panel:
    """Found a panel for a stage that is judged by reviews, and bring it who is still in."""
    with transaction.atomic():
        cohort = _locked(stage.cohort, by)
        if stage.source != ScoreSource.REVIEWS:
            raise Refused(_("This stage is not judged by reviews."), code="wrong_state")
        panel = create_panel(
            owner=cohort.programme.organiser,
            agreement=cohort.programme.agreement,
            subject_kind=SUBJECT,
            subject_uuid=stage.uuid,
            by=by,
            at=at,
            **facts,
        )
        details = {"panel": str(panel.uuid)}
        journal.record(event="stage.panel_founded", by=by, at=at, on=stage, details=details)
        bring_cases(panel=panel, cases=_cases(cohort, panel, at), by=by, at=at)
    return panel


def take_stage_results(*, stage: Stage, by: User | None, at: dt.datetime) -> int:
    """Take the scores of a stage from its lab or its panels; returns how many."""
    cohort = stage.cohort
    require(by, rules.can_manage_cohort, cohort)
    if stage.source == ScoreSource.LAB:
        found = _from_lab(stage)
    elif stage.source == ScoreSource.REVIEWS:
        found = _from_reviews(stage)
    else:
        raise Refused(_("The scores of this stage come by file."), code="wrong_state")
    if not found:
        raise Refused(_("There is no result to take yet."), code="wrong_state")
    return enter_stage_scores(cohort=cohort, entries=found, by=by, at=at)


def decide_stage(*, stage: Stage, by: User | None, at: dt.datetime) -> dict[str, int]:
    """Cut by the stage's rule: who goes on, who does not, each with score and line.

    Who has no score does not go on. Everybody is told; the decision can be taken back until the
    next stage is decided or the selection published.
    """
    with transaction.atomic():
        cohort = _locked(stage.cohort, by)
        stage = cohort.stages.get(pk=stage.pk)
        _refuse_decided(cohort, stage)
        rows = list(in_the_running(cohort).select_related("person").order_by("number"))
        scores = scores_in(stage)
        _refuse_unjudged(stage, [row.uuid for row in rows if row.pk not in scores])
        _refuse_ungraded(stage, [row.person_id for row in rows], scores)
        own = [scores[row.pk] for row in rows if row.pk in scores]
        if not own:
            raise Refused(_("Nobody has a score in this stage yet."), code="incomplete")
        line = line_of(stage.cut_rule, stage.cut_value, own)
        outcomes = [_outcome(row, stage, scores.get(row.pk), line, at) for row in rows]
        StageOutcome.objects.bulk_create(outcomes, batch_size=_CHUNK)
        cut = [one.application for one in outcomes if not one.passed]
        _move(cut, "cut", stage, by=by, at=at)
        stage.decided_at = at
        stage.save(update_fields=["decided_at"])
        told = {"passed": len(outcomes) - len(cut), "cut": len(cut)}
        details = {**told, "line": str(line), "rule": stage.cut_rule}
        journal.record(event="stage.decided", by=by, at=at, on=stage, details=details)
        tell_stage(rows, cohort, at=at)
    return told


def take_back_stage(*, stage: Stage, by: User | None, at: dt.datetime) -> int:
    """Take the decision of a stage back: who was cut is in again."""
    with transaction.atomic():
        cohort = _locked(stage.cohort, by)
        stage = cohort.stages.get(pk=stage.pk)
        later = cohort.stages.filter(order__gt=stage.order, decided_at__isnull=False)
        _refuse_published(cohort)
        if stage.decided_at is None or later.exists():
            raise Refused(_("This stage cannot be taken back."), code="wrong_state")
        cut = list(Application.objects.filter(cohort=cohort, cut_in=stage))
        _move(cut, "restore", None, by=by, at=at)
        StageOutcome.objects.filter(stage=stage).delete()
        stage.decided_at = None
        stage.save(update_fields=["decided_at"])
        details = {"restored": len(cut)}
        journal.record(event="stage.taken_back", by=by, at=at, on=stage, details=details)
    return len(cut)


def _locked(cohort: Cohort, by: User | None) -> Cohort:
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )
    require(by, rules.can_manage_cohort, cohort)
    return cohort


def _refuse_published(cohort: Cohort) -> None:
    published = cohort.selection_rounds.filter(state=SelectionState.PUBLISHED)
    if cohort.state != CohortState.SELECTING or published.exists():
        raise Refused(
            _("Stages are decided after the call, before the selection is published."),
            code="wrong_state",
        )


def _refuse_decided(cohort: Cohort, stage: Stage) -> None:
    _refuse_published(cohort)
    if stage.decided_at is not None:
        raise Refused(_("This stage is decided already."), code="wrong_state")
    later = cohort.stages.filter(order__gt=stage.order, decided_at__isnull=False)
    if later.exists():
        raise Refused(_("A later stage is decided already."), code="wrong_state")


def _outcome(
    row: Application, stage: Stage, score: Decimal | None, line: Decimal | None, at: dt.datetime
) -> StageOutcome:
    passed = score is not None and (line is None or score >= line)
    return StageOutcome(
        application=row, stage=stage, passed=passed, score=score, line=line, decided_at=at
    )


def _move(
    rows: Sequence[Application],
    action: str,
    stage: Stage | None,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    changes = []
    for row in rows:
        before = row.state
        row.state = workflow.go(workflow.APPLICATION, before, action)
        row.cut_in = stage
        row.state_reason = "stage_cut" if row.state == ApplicationState.NOT_SELECTED else ""
        changes.append(Change(on=row, before={"state": before}, after={"state": row.state}))
    Application.objects.bulk_update(rows, ["state", "cut_in", "state_reason"], batch_size=_CHUNK)
    journal.record_many(event=f"application.{action}", by=by, at=at, changes=changes)


def _refuse_unjudged(stage: Stage, without_score: Sequence[UUID]) -> None:
    """Whoever is still being judged is not cut for want of a score."""
    if stage.source != ScoreSource.REVIEWS:
        return
    panels = panels_of(SUBJECT, stage.uuid)
    judged = {one.subject_uuid for panel in panels for one in results_of(panel)}
    if number := len(judged.intersection(without_score)):
        text = ngettext(
            "%(number)s case of this stage's panels has no result that was taken yet.",
            "%(number)s cases of this stage's panels have no result that was taken yet.",
            number,
        )
        raise Refused(text % {"number": number}, code="incomplete")


def _refuse_ungraded(stage: Stage, people: Sequence[int], scores: Mapping[int, Decimal]) -> None:
    """Nobody is cut while what they handed in is not graded, or by a result that is not today's."""
    if stage.source != ScoreSource.LAB or stage.lab is None:
        return
    if number := len(people_waiting(stage.lab).intersection(people)):
        text = ngettext(
            "What %(number)s person handed in to this stage's lab is not graded yet.",
            "What %(number)s people handed in to this stage's lab is not graded yet.",
            number,
        )
        raise Refused(text % {"number": number}, code="incomplete")
    found = _from_lab(stage)
    if number := sum(scores.get(one.application.pk) != one.score for one in found):
        text = ngettext(
            "The result of %(number)s person in this stage's lab was not taken yet.",
            "The results of %(number)s people in this stage's lab were not taken yet.",
            number,
        )
        raise Refused(text % {"number": number}, code="incomplete")


def _from_lab(stage: Stage) -> list[ScoreEntry]:
    if stage.lab is None:
        raise Refused(_("This stage has no lab."), code="wrong_state")
    lab = stage.lab
    if not has_share(lab):
        raise Refused(_("The scores of this lab have no scale."), code="no_scale")
    best = best_evaluations(lab)
    return [
        ScoreEntry(
            application=row,
            stage=stage,
            score=(share_of(lab, best[row.person_id].score) * stage.top_score).quantize(
                _HUNDREDTH, ROUND_HALF_UP
            ),
        )
        for row in in_the_running(stage.cohort)
        if row.person_id in best
    ]


def _refuse_labs_without_scale(stages: Sequence[StagePlan]) -> None:
    for plan in stages:
        if plan.lab is not None and not has_share(plan.lab):
            raise Refused(
                _("The scores of the lab “%(lab)s” have no best and no worst value: a stage cannot "
                  "turn them into points.") % {"lab": plan.lab.key},
                code="no_scale",
            )  # fmt: skip


def _from_reviews(stage: Stage) -> list[ScoreEntry]:
    rows = {row.uuid: row for row in in_the_running(stage.cohort)}
    return [
        ScoreEntry(
            application=rows[result.subject_uuid],
            stage=stage,
            score=(result.score * stage.top_score / 100).quantize(_HUNDREDTH),
        )
        for panel in panels_of(SUBJECT, stage.uuid)
        for result in results_of(panel)
        if result.score is not None and result.subject_uuid in rows
    ]
