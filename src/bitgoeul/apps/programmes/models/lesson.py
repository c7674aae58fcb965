"""What a cohort reads and asks: lessons with files, announcements, questions and answers."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.design import ClassGroup, Module
from bitgoeul.apps.programmes.models.enrolment import Enrolment
from bitgoeul.apps.programmes.models.programme import Cohort


class Lesson(models.Model):
    """A text of a module, with a link to a video if it has one; trainees read it from its day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    order = models.PositiveSmallIntegerField(_("order"))
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=40_000, blank=True)
    video = models.URLField(_("link to a video"), max_length=300, blank=True)
    released_on = models.DateField(_("readable from"))

    class Meta:
        ordering = ("module_id", "order", "id")
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


def lesson_file_path(lesson_file: "LessonFile", name: str) -> str:
    """Keep a file under its uuid, never under the name that came with it."""
    return f"lessons/{lesson_file.uuid}"


class LessonFile(models.Model):
    """A file of a lesson."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=lesson_file_path, max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("lesson_id", "id")
        verbose_name = _("file of a lesson")
        verbose_name_plural = _("files of lessons")

    def __str__(self) -> str:
        return self.name


class Announcement(models.Model):
    """What a cohort, or one class of it, should know."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="announcements")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="announcements"
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=8000)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return self.title


class ClassQuestion(models.Model):
    """A question of a trainee to who teaches; the class reads it when it is shared."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="questions")
    module = models.ForeignKey(
        Module, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("question"), max_length=8000)
    shared = models.BooleanField(_("my class may read it"), default=True)
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("question to the instructor")
        verbose_name_plural = _("questions to the instructor")

    def __str__(self) -> str:
        return self.title


class ClassAnswer(models.Model):
    """An answer to a question, or what its author asks back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(ClassQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(_("answer"), max_length=8000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers"
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        ordering = ("question_id", "written_at", "id")
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.question)
