"""Lessons, announcements and questions as their readers see them."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from bitgoeul.apps.programmes.models import Announcement, ClassQuestion, Cohort, Lesson, Module


def lessons_by_module(
    cohort: Cohort, *, visible: Q, track: int | None = None
) -> list[tuple[Module, list[Lesson]]]:
    """Return the lessons that somebody may read, under their modules."""
    rows = Lesson.objects.filter(visible, module__cohort=cohort).distinct()
    if track is not None:
        rows = rows.filter(Q(module__track__isnull=True) | Q(module__track=track))
    near = rows.select_related("module").annotate(attached=Count("files"))
    ordered = near.order_by("module__order", "module__key", "order", "id")
    return [(module, list(lessons)) for module, lessons in groupby(ordered, lambda row: row.module)]


def announcements_for(cohort: Cohort, *, visible: Q) -> QuerySet[Announcement]:
    """Return the announcements that somebody may read, the newest first."""
    found = Announcement.objects.filter(visible, cohort=cohort).distinct()
    return found.select_related("class_group", "published_by").order_by("-published_at", "-id")


def questions_for(cohort: Cohort, *, visible: Q) -> QuerySet[ClassQuestion]:
    """Return the questions that somebody may read: the unanswered ones first."""
    found = ClassQuestion.objects.filter(visible, enrolment__cohort=cohort).distinct()
    near = found.select_related("enrolment__person", "module").annotate(said=Count("answers"))
    return near.order_by("answered_at", "-asked_at", "-id")


def is_open(lesson: Lesson, today: dt.date) -> bool:
    """Tell whether trainees read a lesson yet."""
    return lesson.released_on <= today


def shown(text: str) -> SafeString:
    """Return a written text as paragraphs with links; nothing of it is markup.

    Links go to what begins with http:// or https:// and tell the other site nothing of this one.
    """
    escaped = linebreaks(text, autoescape=True)
    return mark_safe(urlize(escaped, nofollow=True))  # noqa: S308 -- escaped in the line above


def neighbours(rows: Sequence[Any], here: Any) -> tuple[Any, Any]:
    """Return what stands before and after a row of a list."""
    place = next(number for number, row in enumerate(rows) if row.pk == here.pk)
    before = rows[place - 1] if place else None
    return before, rows[place + 1] if place + 1 < len(rows) else None
