"""Scores of the selection's stages: one line per score, or one column per stage."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import Application, Cohort, Stage
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean

WIDE: dict[str, tuple[str, ...]] = {
    "motivation": ("지원 동기", "지원 동기 점수", "Motivation"),
    "documents": ("서류", "서류 심사", "Documents"),
    "course": ("온라인 과정", "온라인 사전 교육", "온라인 교육", "Online course", "course"),
    "aptitude": ("적성 검사", "역량 검사", "Aptitude"),
    "coding": ("코딩 테스트", "코딩 시험", "Coding test"),
    "exam": ("필기시험", "시험", "Exam", "examination"),
    "interview": ("면접", "면접 점수", "Interview"),
}
"""Stages that a file may give a column of its own; any other is named in the column “stage”."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with, loaded once."""

    applications: dict[str, Application]
    scores: dict[int, dict[str, Decimal]]
    stages: dict[str, Stage]
    names: dict[str, str]


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load the cohort's applications with the scores they have, and its stages."""
    applications = list(
        Application.objects.filter(cohort=target).prefetch_related("stage_scores__stage")
    )
    stages = {stage.key: stage for stage in target.stages.all()}
    return Context(
        applications={row.number: row for row in applications},
        scores={
            row.pk: {score.stage.key: score.score for score in row.stage_scores.all()}
            for row in applications
        },
        stages=stages,
        names={
            _folded(name): stage.key
            for stage in stages.values()
            for name in (stage.key, stage.name_ko, stage.name_en)
            if name
        },
    )


def scores_in(row: Row, context: Context) -> dict[str, Decimal]:
    """Return the scores of a row by stage key; what is not a stage here is left out."""
    found = {key: row[key] for key in WIDE if row[key] is not None}
    if row["stage"] and row["score"] is not None:
        found[context.names.get(_folded(row["stage"]), row["stage"])] = row["score"]
    return {key: score for key, score in found.items() if key in context.stages}


def match(row: Row, context: Context) -> dict[str, Any] | None:
    """Find what stands: the application's scores in the stages that the row names."""
    application = context.applications.get(row["number"])
    if application is None:
        raise CellError(
            "no_application",
            _("There is no application %(found)s in this cohort."),
            column="number",
            found=row["number"],
        )
    had = context.scores[application.pk]
    given = scores_in(row, context)
    before = {key: had[key] for key in given if key in had}
    return {"before": before, "given": given} if before or not given else None


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults: an unknown stage, a score above its top, an application without place."""
    named = [key for key in WIDE if row[key] is not None and key not in context.stages]
    if row["stage"] and _folded(row["stage"]) not in context.names:
        named.append("stage")
    for key in named:
        yield CellError(
            "no_stage",
            _("This cohort has no such stage. Its stages: %(expected)s."),
            column=key,
            expected=", ".join(context.stages),
        )
    for key, score in scores_in(row, context).items():
        top = context.stages[key].top_score
        if score > top:
            column = key if key in WIDE and row[key] is not None else "score"
            yield CellError("too_large", column=column, found=str(score), max=str(top))
    if bool(row["stage"]) != (row["score"] is not None):
        yield CellError("missing", column="score" if row["stage"] else "stage")
    application = context.applications[row["number"]]
    if application.state not in {ApplicationState.SUBMITTED, ApplicationState.INELIGIBLE}:
        yield CellError(
            "already_decided",
            _("This application is withdrawn or decided already; it stays as it is."),
            column="number",
        )


def compare(existing: dict[str, Any], row: Row) -> bool:
    """Tell whether the row's scores differ from what stands."""
    return bool(existing["before"] != existing["given"])


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the scores; each line gets a uuid that its scores carry."""
    lines = [uuid4() for _row in rows]
    entries = [
        services.ScoreEntry(
            application=context.applications[row["number"]],
            stage=context.stages[key],
            score=score,
            line=line,
        )
        for row, line in zip(rows, lines, strict=True)
        for key, score in scores_in(row, context).items()
    ]
    services.enter_stage_scores(cohort=target, entries=entries, by=by, at=at)
    return lines


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Take the scores back."""
    try:
        services.take_back_stage_scores(
            cohort=target, created=created, changed=dict(changed), by=by, at=at
        )
    except Refused as refusal:
        if refusal.code == "stale":
            raise UndoRefused("undo_missing") from refusal
        raise


def can(user: Any, target: Cohort | None) -> bool:
    """Overseeing officers import scores."""
    if target is None:
        return rules.can_manage_anything(user)
    return rules.can_manage_cohort(user, target)


KIND = Kind(
    key="stage-scores",
    title=_("Stage scores"),
    help=_(
        "Application number, and either one column per stage or the columns “stage” and “score”."
    ),
    columns=(
        Column(
            "number",
            ("접수번호", "지원번호", "수험번호", "Application number", "number"),
            clean.text(max=20),
        ),
        Column(
            "stage",
            ("전형", "전형 단계", "단계", "Stage"),
            clean.text(max=80),
            required=False,
            default="",
        ),
        Column("score", ("점수", "Score"), clean.score(max=1000), required=False, default=None),
        *(
            Column(key, labels, clean.score(max=1000), required=False, default=None)
            for key, labels in WIDE.items()
        ),
    ),
    target="programmes.Cohort",
    can=can,
    prepare=prepare,
    match=match,
    check=check,
    compare=compare,
    snapshot=lambda existing: dict(existing["before"]),
    apply=apply,
    undo=undo,
    identity=lambda row: (row["number"], _folded(row["stage"])),
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_managed_by(user)),
)
