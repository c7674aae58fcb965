"""Telling news, gathering a day's news, reading it, and choosing when letters go out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from bitgoeul.core import jobs, journal
from bitgoeul.core.jobs.registry import resolve
from bitgoeul.core.jobs.services import enqueue_many

from . import queries, topics
from .enums import MailState, When
from .models import Mail, Notice, Preference

# By its path: tasks stand above services, and only the queue looks the name up.
_SEND = "bitgoeul.core.notices.tasks.send_mail"
_BATCH = 300
KEPT = dt.timedelta(days=365)
GIVEN_UP = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of news for one person; `once` keeps it from being told again."""

    person: Any
    path: str
    values: Mapping[str, topics.Text] = field(default_factory=dict)
    once: str | None = None


def tell(
    message: str,
    *,
    person: Any,
    path: str,
    at: dt.datetime,
    once: str | None = None,
    **values: topics.Text,
) -> None:
    """Tell one person; in the transaction of the change, so that both happen or neither."""
    tell_many(message, [News(person=person, path=path, values=values, once=once)], at=at)


def tell_many(message: str, news: Iterable[News], *, at: dt.datetime) -> int:
    """Tell each their news, with a fixed number of statements; returns to how many it was new."""
    topic = topics.topic_of(message)
    known = topics.find_message(message)
    with transaction.atomic():
        fresh = _untold(message, list(news))
        chosen = queries.choices_of([item.person.pk for item in fresh], topic)
        rows, mails = [], []
        for item in fresh:
            row = _notice(item, topic=topic, message=message, at=at)
            when = chosen.get(item.person.pk, topic.when)
            if known is not None and known.mail and queries.is_reachable(item.person):
                row.digest = when == When.DAILY
                if when == When.IMMEDIATE:
                    row.mail = Mail(person=item.person, created_at=at)
                    mails.append(row.mail)
            rows.append(row)
        _post(mails, at=at)
        for row in rows:
            row.mail_id = row.mail.pk if row.mail else None
        Notice.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def gather_digests(*, at: dt.datetime) -> int:
    """Make one letter per person of what waited for the daily mail; what was read is left out."""
    with transaction.atomic():
        waiting = Notice.objects.filter(digest=True, mail__isnull=True)
        waiting.filter(read_at__isnull=False).update(digest=False)
        people = list(waiting.order_by("person").values_list("person", flat=True).distinct())
        mails = [Mail(person_id=person, digest=True, created_at=at) for person in people]
        _post(mails, at=at)
        for mail in mails:
            waiting.filter(person=mail.person_id).update(mail=mail)
    return len(mails)


def settle_mail(*, mail: Mail, sent: bool, at: dt.datetime) -> str:
    """Note that a letter is out, or that there was nobody to send it to."""
    state = MailState.SENT if sent else MailState.DROPPED
    waiting = Mail.objects.filter(pk=mail.pk, state=MailState.WAITING)
    waiting.update(state=state, settled_at=at)
    return state.value


def post_again(*, at: dt.datetime) -> int:
    """Ask again for letters that wait without a job: their server was away for long."""
    Mail.objects.filter(state=MailState.WAITING, created_at__lt=at - GIVEN_UP).update(
        state=MailState.DROPPED, settled_at=at
    )
    older = at - dt.timedelta(minutes=5)
    waiting = Mail.objects.filter(state=MailState.WAITING, created_at__lt=older)
    for uuid in waiting.order_by("pk").values_list("uuid", flat=True)[:1000]:
        jobs.enqueue(resolve(_SEND), dedupe=_key(uuid), at=at, mail=str(uuid))
    return len(waiting)


def mark_read(*, notices: Any, at: dt.datetime) -> int:
    """Mark those of the notices that are not read yet."""
    changed: int = notices.filter(read_at__isnull=True).update(read_at=at)
    return changed


def choose_mail(*, person: Any, choices: Mapping[str, str], by: Any, at: dt.datetime) -> None:
    """Keep when a person wants mail about which topics."""
    with transaction.atomic():
        # A form sent twice waits for itself: rows that are not there yet cannot be locked.
        people = get_user_model()._default_manager.select_for_update(no_key=True)
        people.filter(pk=person.pk).values_list("pk").first()
        kept = {row.topic: row for row in Preference.objects.filter(person=person)}
        for key, when in choices.items():
            row = kept.get(key) or Preference(person=person, topic=key)
            before = row.when
            row.when = When(when)
            if before == row.when:
                continue
            row.save()
            journal.record(
                event="preference.chosen",
                by=by,
                at=at,
                on=row,
                details={"topic": key, "when": row.when},
            )


def forget_old(*, at: dt.datetime) -> int:
    """Delete news and letters that are a year old."""
    gone = Notice.objects.filter(created_at__lt=at - KEPT).delete()[0]
    settled = Mail.objects.exclude(state=MailState.WAITING)
    return gone + settled.filter(created_at__lt=at - KEPT).delete()[0]


def _untold(message: str, news: Sequence[News]) -> list[News]:
    keys = {item.once for item in news if item.once}
    told: set[tuple[int, str | None]] = set()
    if keys:
        known = Notice.objects.filter(message=message, once__in=keys)
        told = set(known.values_list("person_id", "once"))
    fresh = []
    for item in news:
        if item.once is None or (item.person.pk, item.once) not in told:
            told.add((item.person.pk, item.once))
            fresh.append(item)
    return fresh


def _notice(item: News, *, topic: topics.Topic, message: str, at: dt.datetime) -> Notice:
    if not item.path.startswith("/") or item.path.startswith("//"):
        raise ValueError(f"{item.path!r} is no address of this site")
    return Notice(
        person=item.person,
        topic=topic.key,
        message=message,
        values=dict(item.values),
        path=item.path,
        once=item.once,
        created_at=at,
    )


def _post(mails: Sequence[Mail], *, at: dt.datetime) -> None:
    Mail.objects.bulk_create(mails, batch_size=_BATCH)
    asked = {_key(mail.uuid): {"mail": str(mail.uuid)} for mail in mails}
    enqueue_many(resolve(_SEND), asked, at=at)


def _key(uuid: Any) -> str:
    return f"notices.mail:{uuid}"
