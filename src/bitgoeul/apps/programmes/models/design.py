"""How a cohort is taught: its calendar, its classes with who teaches them, its curriculum."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.programmes.enums import DayKind, TeachingRole
from bitgoeul.apps.programmes.models.programme import Cohort, Track

HOURS_A_DAY_AT_MOST = 12
WEEKDAYS = [0, 1, 2, 3, 4]


def workdays() -> list[int]:
    """Monday to Friday."""
    return list(WEEKDAYS)


class CourseCalendar(models.Model):
    """On which weekdays and at which times a cohort is taught.

    A lesson hour takes `hour_minutes` with its break; after `lunch_after` hours there is a pause.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="calendar")
    weekdays = models.JSONField(_("weekdays"), default=workdays)
    hours_a_day = models.PositiveSmallIntegerField(
        _("hours a day"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(HOURS_A_DAY_AT_MOST)],
    )
    starts_at = models.TimeField(_("first hour begins at"), default=dt.time(9, 0))
    hour_minutes = models.PositiveSmallIntegerField(
        _("minutes of an hour with its break"),
        default=60,
        validators=[MinValueValidator(30), MaxValueValidator(90)],
    )
    lunch_after = models.PositiveSmallIntegerField(
        _("hours before the midday pause"),
        default=3,
        validators=[MaxValueValidator(HOURS_A_DAY_AT_MOST)],
    )
    lunch_minutes = models.PositiveSmallIntegerField(
        _("minutes of the midday pause"), default=60, validators=[MaxValueValidator(180)]
    )
    holidays_off = models.BooleanField(_("no classes on public holidays"), default=True)

    class Meta:
        verbose_name = _("course calendar")
        verbose_name_plural = _("course calendars")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(hours_a_day__gte=1, hours_a_day__lte=HOURS_A_DAY_AT_MOST),
                name="programmes_calendar_hours_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort}: {self.hours_a_day}"

    def begins(self, hour: int) -> int:
        """Return the minutes after midnight at which an hour of the day begins, from 0."""
        first = self.starts_at.hour * 60 + self.starts_at.minute
        pause = self.lunch_minutes if 0 < self.lunch_after <= hour else 0
        return first + hour * self.hour_minutes + pause

    def ends(self, hour: int) -> int:
        """Return the minutes after midnight at which an hour of the day ends, from 0."""
        return self.begins(hour) + self.hour_minutes


class SpecialDay(models.Model):
    """A day on which a cohort has no classes, or has them although the calendar has none."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="special_days")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=6, choices=DayKind, default=DayKind.CLOSED)
    title = models.CharField(_("why"), max_length=120)

    class Meta:
        ordering = ("cohort_id", "day")
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "day"), name="programmes_special_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.title}"


class ClassGroup(models.Model):
    """A class of a track: who sits together in one room before one instructor."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="classes")
    key = models.SlugField(_("key"), max_length=40)
    name_ko = models.CharField(_("name in Korean"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    room = models.CharField(_("room"), max_length=80, blank=True)

    class Meta:
        ordering = ("track_id", "key")
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = (
            models.UniqueConstraint(fields=("track", "key"), name="programmes_class_key_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class Module(models.Model):
    """A part of a curriculum with its hours; without a track it is for every track.

    `skills` are keys of skills, such as NCS codes; what is done for a company counts as project.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="modules")
    track = models.ForeignKey(
        Track, on_delete=models.CASCADE, null=True, blank=True, related_name="modules"
    )
    key = models.SlugField(_("key"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"))
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    about = models.TextField(_("what is taught"), max_length=4000, blank=True)
    hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    company_project = models.BooleanField(_("company project"), default=False)
    company = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="modules"
    )
    skills = models.JSONField(_("skills"), default=list, blank=True)

    class Meta:
        ordering = ("cohort_id", "order", "key")
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "key"), name="programmes_module_key_once"),
            models.CheckConstraint(
                condition=models.Q(hours__gte=1), name="programmes_module_has_hours"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


class Teaching(models.Model):
    """Somebody teaches a class, one module of it or all of them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="teachings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teachings"
    )
    role = models.CharField(
        _("role"), max_length=9, choices=TeachingRole, default=TeachingRole.LEAD
    )
    module = models.ForeignKey(
        Module, on_delete=models.CASCADE, null=True, blank=True, related_name="teachings"
    )

    class Meta:
        ordering = ("class_group_id", "role", "id")
        verbose_name = _("teaching")
        verbose_name_plural = _("teachings")
        constraints = (
            models.UniqueConstraint(
                fields=("class_group", "person", "module"), name="programmes_teaching_once"
            ),
            models.UniqueConstraint(
                fields=("class_group", "person"),
                condition=models.Q(module__isnull=True),
                name="programmes_teaching_all_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.class_group}"
