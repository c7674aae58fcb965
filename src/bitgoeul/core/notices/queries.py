"""What there is to read, and who gets mail about what."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from .models import Notice, Preference
from .topics import Topic, all_topics

COUNTED_TO = 100
"""The bell says 99+; counting further would only cost."""


def notices_of(person: Any, *, topic: str = "") -> QuerySet[Notice]:
    """A person's notices, the unread ones first, the newest on top."""
    found = Notice.objects.filter(person=person)
    if topic:
        found = found.filter(topic=topic)
    return found.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-id")


def unread_count(person: Any) -> int:
    """How many notices are unread, counted no further than the bell shows."""
    rows = Notice.objects.filter(person=person, read_at__isnull=True).order_by()
    return rows[:COUNTED_TO].count()


def unread_by_topic(person: Any) -> dict[str, int]:
    """How many notices of each topic are unread."""
    rows = Notice.objects.filter(person=person, read_at__isnull=True).order_by()
    return dict(rows.values_list("topic").annotate(Count("pk")))


def choices_of(people: Sequence[int], topic: Topic) -> dict[int, str]:
    """What these people chose for a topic, as far as they chose."""
    chosen = Preference.objects.filter(topic=topic.key)
    if len(people) <= 500:
        chosen = chosen.filter(person__in=people)
    return dict(chosen.values_list("person_id", "when"))


def choices_by(person: Any) -> dict[str, str]:
    """When a person gets mail, topic by topic."""
    chosen = dict(Preference.objects.filter(person=person).values_list("topic", "when"))
    return {topic.key: chosen.get(topic.key, topic.when.value) for topic in all_topics()}


def is_reachable(person: Any) -> bool:
    """Whether mail makes sense: somebody who can sign in, or has done so already.

    People who were only imported have not agreed to mail of this kind; their letter is the
    invitation.
    """
    if not person.is_active or not person.email:
        return False
    return bool(person.has_usable_password() or person.last_login is not None)


def kept_about(person: Any) -> list[dict[str, object]]:
    """What is kept of a person's news, for the file they may take with them."""
    fields = ("topic", "message", "values", "created_at", "read_at")
    return list(Notice.objects.filter(Q(person=person)).values(*fields))
