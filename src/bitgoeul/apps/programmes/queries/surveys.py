"""What came of a survey, as far as it may be shown, and which surveys somebody is asked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import SurveyKind
from bitgoeul.apps.programmes.models import (
    Cohort,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
)
from bitgoeul.apps.programmes.models.survey import POINTS
from bitgoeul.core import disclosure
from bitgoeul.core.disclosure import Scale

SCALE_WORDS = (
    gettext_lazy("Not at all"),
    gettext_lazy("Rather not"),
    gettext_lazy("Neither"),
    gettext_lazy("Rather"),
    gettext_lazy("Very much"),
)
SURVEY_HEADER = (
    gettext_lazy("Area"),
    gettext_lazy("Question"),
    gettext_lazy("Answers"),
    gettext_lazy("Mean"),
    *(gettext_lazy("Points: 1"), gettext_lazy("Points: 2"), gettext_lazy("Points: 3")),
    *(gettext_lazy("Points: 4"), gettext_lazy("Points: 5")),
    gettext_lazy("Free words"),
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one question; `texts` None = too few to be shown."""

    question: SurveyQuestion
    scale: Scale | None = None
    texts: tuple[str, ...] | None = None

    @property
    def bars(self) -> list[tuple[int, Any, int]]:
        """Each point with its words and how often it was given, where that may be shown."""
        counts = self.scale.counts if self.scale else None
        return list(zip(POINTS, SCALE_WORDS, counts, strict=True)) if counts else []


@dataclass(frozen=True, kw_only=True)
class Results:
    """What came of a survey; `answered` None = so few that it is not said."""

    asked: int
    answered: int | None
    questions: tuple[Result, ...]

    @property
    def are_shown(self) -> bool:
        """Whether enough people answered to show anything."""
        return self.answered is not None


def surveys_listed(cohort: Cohort, visible: Q) -> QuerySet[Survey]:
    """Return the surveys of a cohort that somebody may see, with how many were asked."""
    rows = Survey.objects.filter(visible, cohort=cohort).distinct()
    counted = rows.annotate(asked=Count("invitations", distinct=True))
    return counted.select_related("module", "class_group").order_by("-closes_at", "-id")


def surveys_of(person: User) -> list[SurveyInvitation]:
    """Return the surveys that somebody was asked, the newest first."""
    rows = SurveyInvitation.objects.filter(
        enrolment__person=person, survey__published_at__isnull=False
    )
    near = ("survey__cohort__programme", "survey__module", "survey__class_group")
    return list(rows.select_related(*near).order_by("-survey__closes_at", "-survey_id"))


def results_of(survey: Survey, *, at: dt.datetime) -> Results | None:
    """Return what came of a survey; None before it is over, or each answer would show itself."""
    if not survey.is_over(at):
        return None
    asked = survey.invitations.count()
    answered = survey.invitations.filter(answered=True).count()
    if disclosure.is_small(answered) or not answered:
        return Results(asked=asked, answered=None if answered else 0, questions=())
    rows = survey.questions.prefetch_related("tallies", "texts")
    found = tuple(_result(question) for question in rows)
    return Results(asked=asked, answered=answered, questions=found)


def _result(question: SurveyQuestion) -> Result:
    if question.kind == SurveyKind.TEXT:
        texts = tuple(row.text for row in question.texts.all())
        few = disclosure.is_small(len(texts))
        return Result(question=question, texts=None if few else texts)
    numbers = {row.point: row.number for row in question.tallies.all()}
    counts = [numbers.get(point, 0) for point in POINTS]
    return Result(question=question, scale=disclosure.protect_scale(counts))


def survey_rows(results: Results) -> Iterator[list[Any]]:
    """Return the rows of a file: the same numbers as on the page, withheld ones as a word."""
    hidden = _("withheld")
    for one in results.questions:
        start: list[Any] = [one.question.area, one.question.text]
        if one.scale is not None:
            counts = one.scale.counts or (hidden,) * len(POINTS)
            mean = hidden if one.scale.mean is None else one.scale.mean
            answers = hidden if one.scale.answers is None else one.scale.answers
            yield [*start, answers, mean, *counts, ""]
        elif one.texts is None:
            yield [*start, hidden, "", *[""] * len(POINTS), hidden]
        else:
            for text in one.texts:
                yield [*start, len(one.texts), "", *[""] * len(POINTS), text]


def last_day_of(cohort: Cohort) -> dt.date | None:
    """Return until when the rules want the survey of satisfaction held; None = no such rule."""
    days = cohort.rule_set.thresholds.survey_within_days
    return None if days is None else cohort.ends_on + dt.timedelta(days=days)
