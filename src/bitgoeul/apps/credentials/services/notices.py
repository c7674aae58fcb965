"""What the room tells whoever was given something."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.credentials.models import Credential
from bitgoeul.core import notices

CREDENTIALS = notices.declare(
    notices.Topic(
        key="credentials",
        title=_("Certificates"),
        about=_("When you were given a certificate, or one was revoked."),
        messages=(
            notices.Message(
                key="credentials.issued",
                subject=_("You were given a certificate"),
                text=_("“%(title)s”: your certificate is ready. Download it or show its code."),
            ),
            notices.Message(
                key="credentials.revoked",
                subject=_("A certificate of yours was revoked"),
                text=_("“%(title)s” was revoked. Its page says why."),
            ),
        ),
    )
)


def tell_issued(rows: Sequence[Credential], *, at: dt.datetime) -> None:
    """Tell each owner of their new credential."""
    notices.tell_many("credentials.issued", [_news(row) for row in rows], at=at)


def tell_revoked(row: Credential, *, at: dt.datetime) -> None:
    """Tell the owner that a credential counts no more."""
    notices.tell_many("credentials.revoked", [_news(row)], at=at)


def _news(row: Credential) -> notices.News:
    path = reverse("credentials:credential_detail", kwargs={"uuid": row.uuid})
    return notices.News(
        person=row.person,
        path=path,
        values={"title": notices.in_both(lambda _language: row.title)},
    )
