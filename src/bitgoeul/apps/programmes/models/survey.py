"""Surveys of a cohort, a module or a class: who was asked, and what was answered, kept apart.

An answer is added up at once: there is a number per question and point of the scale, and no sheet
that belongs to somebody. Free words are rows with nothing but a random key. Who has answered is a
mark on a list that was written when the survey opened, so neither tells the order of the other.
"""

import datetime as dt
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import SurveyKind
from bitgoeul.apps.programmes.models.design import ClassGroup, Module
from bitgoeul.apps.programmes.models.enrolment import Enrolment
from bitgoeul.apps.programmes.models.programme import Cohort

POINTS = (1, 2, 3, 4, 5)
FOLDER = Path(__file__).with_name("survey_files")
SURVEY_PRESETS: Mapping[str, Mapping[str, Any]] = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}
"""Ready-made questions that an officer starts from."""


class Survey(models.Model):
    """Questions to everybody of a cohort, of a class of it, or about one of its modules."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="surveys")
    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    about_ko = models.TextField(_("introduction in Korean"), max_length=2000, blank=True)
    about_en = models.TextField(_("introduction in English"), max_length=2000, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ("-closes_at", "-id")
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="programmes_survey_window",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return _either(self.title_ko, self.title_en)

    @property
    def about(self) -> str:
        """The introduction in the reader's language."""
        return _either(self.about_ko, self.about_en)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it can be answered."""
        return self.published_at is not None and self.opens_at <= at < self.closes_at

    def is_over(self, at: dt.datetime) -> bool:
        """Whether it was answered: results are shown only then, or each answer would show."""
        return self.published_at is not None and self.closes_at <= at


class SurveyQuestion(models.Model):
    """A question of a survey."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(
        _("kind of answer"), max_length=5, choices=SurveyKind, default=SurveyKind.SCALE
    )
    area_ko = models.CharField(_("area in Korean"), max_length=60, blank=True)
    area_en = models.CharField(_("area in English"), max_length=60, blank=True)
    text_ko = models.CharField(_("question in Korean"), max_length=300)
    text_en = models.CharField(_("question in English"), max_length=300, blank=True)

    class Meta:
        ordering = ("survey_id", "order", "id")
        verbose_name = _("question of a survey")
        verbose_name_plural = _("questions of surveys")

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return _either(self.text_ko, self.text_en)

    @property
    def area(self) -> str:
        """What it is about, in the reader's language."""
        return _either(self.area_ko, self.area_en)


class SurveyTally(models.Model):
    """How often a point of the scale was given to a question."""

    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="tallies")
    point = models.PositiveSmallIntegerField(_("point"))
    number = models.PositiveIntegerField(_("how often"), default=0)

    class Meta:
        ordering = ("question_id", "point")
        verbose_name = _("count of a survey")
        verbose_name_plural = _("counts of surveys")
        constraints = (
            models.UniqueConstraint(
                fields=("question", "point"), name="programmes_survey_tally_once"
            ),
            models.CheckConstraint(
                condition=models.Q(point__gte=1, point__lte=5),
                name="programmes_survey_tally_point",
            ),
        )

    def __str__(self) -> str:
        return f"{self.point}: {self.number}"


class SurveyText(models.Model):
    """Free words that somebody wrote; the key is random, so its order tells nothing."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="texts")
    text = models.TextField(_("answer"), max_length=2000)

    class Meta:
        ordering = ("question_id", "key")
        verbose_name = _("words of a survey")
        verbose_name_plural = _("words of surveys")

    def __str__(self) -> str:
        return self.text[:40]


class SurveyInvitation(models.Model):
    """Somebody is asked, once; the mark says that they answered and nothing of what."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="survey_invitations"
    )
    answered = models.BooleanField(_("answered"), default=False)

    class Meta:
        ordering = ("survey_id", "id")
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        constraints = (
            models.UniqueConstraint(
                fields=("survey", "enrolment"), name="programmes_survey_invited_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.survey)


def _either(korean: str, english: str) -> str:
    return english if get_language() == "en" and english else korean
