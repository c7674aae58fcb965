"""Stages: who goes on by their cut, how a cohort's stages stand, and what each is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import ApplicationState, CutRule
from bitgoeul.apps.programmes.models import (
    Answer,
    Application,
    Cohort,
    Enrolment,
    Stage,
    StageOutcome,
    StageScore,
)
from bitgoeul.apps.programmes.queries.selection import has_few
from bitgoeul.core import formats

_HUNDRED = Decimal(100)
SUBJECT = "programmes.stage"


@dataclass(frozen=True, kw_only=True)
class StageStanding:
    """A stage as its officers see it."""

    stage: Stage
    scored: int
    passed: int
    cut: int
    panels: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StageWords:
    """A stage as its applicant reads it."""

    stage: Stage
    passed: bool
    text: str


def line_of(rule: str, value: Decimal | None, scores: Sequence[Decimal]) -> Decimal | None:
    """Return the lowest score that goes on, or None when everybody scored does.

    Of `top` and `ratio` everybody with the score of the last one goes on, too: nobody is cut by
    the order of equal scores.
    """
    if rule == CutRule.NONE or value is None or not scores:
        return None
    if rule == CutRule.THRESHOLD:
        return value
    if rule == CutRule.TOP:
        wanted = int(value)
    else:
        wanted = int((value * len(scores) / _HUNDRED).quantize(Decimal(1), ROUND_HALF_UP))
    wanted = max(1, wanted)
    ranked = sorted(scores, reverse=True)
    return ranked[min(wanted, len(ranked)) - 1]


def in_the_running(cohort: Cohort) -> Any:
    """Return the applications that are still in."""
    return Application.objects.filter(cohort=cohort, state=ApplicationState.SUBMITTED)


def scores_in(stage: Stage) -> Mapping[int, Decimal]:
    """Return the scores of a stage by application."""
    rows = StageScore.objects.filter(stage=stage)
    return dict(rows.values_list("application", "score"))


def stages_standing(
    cohort: Cohort, panels: Mapping[Any, tuple[Any, ...]] | None = None
) -> list[StageStanding]:
    """Return how each stage of a cohort stands."""
    counted = (
        cohort.stages.select_related("lab")
        .order_by("order")
        .annotate(
            scored=Count("scores", distinct=True),
            passed=Count("outcomes", filter=Q(outcomes__passed=True), distinct=True),
            cut_off=Count("outcomes", filter=Q(outcomes__passed=False), distinct=True),
        )
    )
    return [
        StageStanding(
            stage=stage,
            scored=stage.scored,
            passed=stage.passed,
            cut=stage.cut_off,
            panels=(panels or {}).get(stage.uuid, ()),
        )
        for stage in counted
    ]


def stages_told(application: Application) -> list[StageWords]:
    """Return what an applicant is told of each decided stage, and why."""
    rows = list(
        StageOutcome.objects.filter(application=application)
        .select_related("stage")
        .order_by("stage__order")
    )
    if not rows:
        return []
    went_on = _went_on(row.stage_id for row in rows)
    return [
        StageWords(stage=row.stage, passed=row.passed, text=_words(row, went_on[row.stage_id]))
        for row in rows
    ]


def _went_on(stages: Iterable[int]) -> dict[int, int]:
    ids = list(stages)
    rows = StageOutcome.objects.filter(stage__in=ids, passed=True).order_by().values("stage")
    found = dict(rows.annotate(n=Count("id")).values_list("stage", "n"))
    return {stage: found.get(stage, 0) for stage in ids}


def _words(row: StageOutcome, went_on: int) -> str:
    if row.score is None:
        return _("There is no score of yours in this stage.")
    score = formats.number(row.score, digits=1)
    # The line of a few people would tell a single person's score, unless it was set beforehand.
    told = row.stage.cut_rule == CutRule.THRESHOLD or not has_few(went_on)
    if row.line is None or not told:
        said = _("You scored %(score)s of %(most)s.")
        return said % {"score": score, "most": row.stage.top_score}
    said = _("You scored %(score)s of %(most)s; from %(line)s on people went on.")
    line = formats.number(row.line, digits=1)
    return said % {"score": score, "most": row.stage.top_score, "line": line}


def answers_of_all(rows: Sequence[Application]) -> dict[int, list[Answer]]:
    """Return what reviewers may see of the answers, by application, in a few statements."""
    found: dict[int, list[Answer]] = {}
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), 500):
        answers = Answer.objects.filter(
            application__in=ids[start : start + 500], question__blind=False
        ).select_related("question")
        for answer in answers.order_by("question__order", "question_id"):
            if answer.value not in ("", []) or answer.file:
                found.setdefault(answer.application_id, []).append(answer)
    return found


def sheet_of(
    application: Application, answers: Iterable[Answer], path_of: Callable[[Answer], str]
) -> list[dict[str, str]]:
    """Return what reviewers may see of an application, frozen in both languages.

    Name, addresses, birth, sex, residence and school are never on it, nor what is hidden.
    """
    sheet: list[dict[str, str]] = []
    if application.motivation:
        sheet.append({"ko": "지원 동기", "en": "Motivation", "text": application.motivation})
    for answer in answers:
        said = {"ko": answer.question.label_ko, "en": answer.question.label_en}
        if answer.file:
            sheet.append({**said, "name": answer.name, "path": path_of(answer)})
        else:
            words = {"text": answer.words_in("ko"), "text_en": answer.words_in("en")}
            sheet.append({**said, **words})
    return sheet


def taught_before(people: Iterable[int], teachers: Mapping[int, int]) -> dict[int, dict[int, str]]:
    """Return, by applicant, the reviewers who taught them in an earlier cohort, with its name.

    `teachers` maps a reviewer to the organisation for which they teach or mentor.
    """
    asked = set(people)
    rows = Enrolment.objects.filter(
        cohort__programme__organiser__in=set(teachers.values())
    ).select_related("cohort__programme")
    found: dict[int, dict[int, str]] = {}
    for row in rows.iterator() if teachers else ():
        if row.person_id not in asked:
            continue
        for reviewer, organisation in teachers.items():
            if row.cohort.programme.organiser_id == organisation:
                found.setdefault(row.person_id, {})[reviewer] = str(row.cohort)
    return found
