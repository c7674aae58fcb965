"""Runnable examples of the tasks about news."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bitgoeul.core import notices
from bitgoeul.core.notices import services, tasks
from bitgoeul.core.notices.models import Mail, Notice
from tests.world import AT, build_world


def _told() -> dict[str, Any]:
    person = build_world().people["trainee"]
    notices.tell("labs.scored", person=person, path="/labs/", at=AT, lab="첫 실습")
    return {"mail": str(Mail.objects.get().uuid)}


def _for_the_daily_letter() -> dict[str, Any]:
    person = build_world().people["trainee"]
    services.choose_mail(person=person, choices={"labs": "daily"}, by=person, at=AT)
    notices.tell("labs.scored", person=person, path="/labs/", at=AT, lab="첫 실습")
    return {}


def _stuck() -> dict[str, Any]:
    _told()
    return {}


def _old() -> dict[str, Any]:
    _told()
    Notice.objects.update(created_at=AT - dt.timedelta(days=1000))
    return {}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.send_mail: _told,
    tasks.gather_digests: _for_the_daily_letter,
    tasks.post_again: _stuck,
    tasks.forget_old: _old,
}
