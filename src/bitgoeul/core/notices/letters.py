"""The letters themselves: their words, their headers, and the link that ends them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import queries
from .models import Mail, Notice
from .topics import LANGUAGES, Attachment, find_message

_SALT = "bitgoeul.notices.unsubscribe"
DAILY = "daily"
"""What the link of a day's letter ends: mail about every topic that comes once a day."""
MOST_IN_A_DIGEST = 50


def letter_of(mail: Mail) -> EmailMessage | None:
    """Write a letter, in its reader's language; None when there is nobody or nothing to write."""
    notices = list(mail.notices.order_by("created_at", "id")[:MOST_IN_A_DIGEST])
    person: Any = mail.person
    if not notices or not queries.is_reachable(person):
        return None
    language = person.language if person.language in LANGUAGES else "ko"
    with translation.override(language):
        subject = _("Your news of the day") if mail.digest else notices[0].title
        end = unsubscribe_address(person, DAILY if mail.digest else notices[0].topic)
        context = {
            "person": person,
            "notices": [(notice, address(notice.path)) for notice in notices],
            "digest": mail.digest,
            "unsubscribe": end,
            "settings": address(reverse("notices:settings")),
        }
        letter = EmailMessage(
            subject=f"[{_('Bitgoeul')}] {subject}",
            body=render_to_string("notices/letter.txt", context),
            to=[person.email],
            headers=_headers(mail, notices, end),
        )
        for file in _files(person, notices):
            letter.attach(file.name, file.content, file.media)
        return letter


def _files(person: Any, notices: list[Notice]) -> Iterator[Attachment]:
    """The files that go with a letter, each once."""
    names: set[str] = set()
    for notice in notices:
        known = find_message(notice.message)
        file = known.attach(person, notice.values) if known and known.attach else None
        if file is not None and file.name not in names:
            names.add(file.name)
            yield file


def address(path: str) -> str:
    """The full address of a page."""
    return f"{settings.BITGOEUL.public_url}{path}"


def unsubscribe_address(person: Any, topic: str) -> str:
    """The address that ends mail about a topic, without signing in."""
    token = signing.dumps([str(person.uuid), topic], salt=_SALT, compress=False)
    return address(reverse("notices:unsubscribe", kwargs={"token": token}))


def read_token(token: str) -> tuple[UUID, str] | None:
    """Whom and which topic a link is about; None when it is not one of ours."""
    try:
        uuid, topic = signing.loads(token, salt=_SALT)
        return UUID(uuid), str(topic)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def message_id(mail: Mail) -> str:
    """The same for every attempt, so that a letter sent again is known as the same letter."""
    domain = settings.BITGOEUL.public_url.partition("//")[2].partition("/")[0].partition(":")[0]
    return f"<notice.{mail.uuid}@{domain or 'localhost'}>"


def _headers(mail: Mail, notices: list[Notice], end: str) -> dict[str, str]:
    return {
        "Message-ID": message_id(mail),
        "Date": _date(mail),
        "List-Unsubscribe": f"<{end}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _date(mail: Mail) -> str:
    from email.utils import format_datetime

    return format_datetime(mail.created_at)
