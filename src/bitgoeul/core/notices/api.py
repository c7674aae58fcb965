"""One's news for programs: reading it, marking it as read, and when letters come."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, errors_of, given
from bitgoeul.core.api.problems import Problem
from bitgoeul.core.api.rooms import Request, Room
from bitgoeul.core.api.rows import At, Row, listed, whole
from bitgoeul.core.api.values import Short

from . import queries, rules, services, topics
from .enums import When
from .forms import MailForm, NoticeFilter
from .models import Notice

room = Room("notices", title=_("News"))


class NoticeRow(Row):
    """A piece of news, in the reader's language; `path` leads to what it is about."""

    uuid: UUID
    topic: str
    message: str
    title: Annotated[str, At("")]
    text: Annotated[str, At("")]
    path: str
    created_at: dt.datetime
    read_at: dt.datetime | None


class _Kept(NoticeRow):
    """A row with what its words are made of."""

    filled: Annotated[dict[str, Any], At("values")]


class TopicRow(Row):
    """A topic, and when letters about it come."""

    topic: str
    title: str
    about: str
    when: When


class ReadIn(Body):
    """Only the news of one topic, or all."""

    topic: Short = ""


class Marked(Row):
    """How many were not read before."""

    marked: int


class MailIn(Body):
    """When letters come, by topic; what is not named stays."""

    choices: Annotated[dict[Short, When], Field(max_length=100)]


@room.lists("", NoticeRow, filters=NoticeFilter)
def notice_list(request: Request) -> Any:
    """List one's news, the newest first."""
    found = queries.notices_of(request.user, topic=request.asked["topic"] or "")
    page = listed(request, found, _Kept, newest_first=True)
    for row in page["items"]:
        notice = Notice(message=row["message"], values=row.pop("filled"))
        row |= {"title": notice.title, "text": notice.text}
    return page


@room.writes("/{uuid:uuid}/reading", Marked)
def read(request: Request, uuid: UUID) -> Any:
    """Mark one piece of news as read."""
    notice = access.get(Notice.objects.all(), rules.notices_visible_to(request.user), uuid=uuid)
    one = Notice.objects.filter(pk=notice.pk)
    return {"marked": services.mark_read(notices=one, at=clock.now())}


@room.writes("/reading", Marked, body=ReadIn)
def read_all(request: Request) -> Any:
    """Mark all one's news as read, or that of one topic."""
    found = queries.notices_of(request.user, topic=given(request).topic)
    return {"marked": services.mark_read(notices=found.order_by(), at=clock.now())}


@room.lists("/mail", TopicRow)
def mail_list(request: Request) -> Any:
    """List the topics, and when letters about each come."""
    return whole(_topics(request.user))


@room.writes("/mail", None, method="PATCH", body=MailIn)
def mail_choose(request: Request) -> None:
    """Choose when letters about topics come."""
    standing = queries.choices_by(request.user)
    form = MailForm({**standing, **given(request).choices})
    unknown = given(request).choices.keys() - standing.keys()
    for key in unknown:
        form.add_error(None, _("There is no topic %(topic)s.") % {"topic": key})
    if not form.is_valid():
        raise Problem("invalid", errors=errors_of(form, place="body.choices"))
    services.choose_mail(
        person=request.user, choices=form.cleaned_data, by=request.user, at=clock.now()
    )


def _topics(person: Any) -> list[dict[str, Any]]:
    chosen = queries.choices_by(person)
    return [
        {
            "topic": topic.key,
            "title": str(topic.title),
            "about": str(topic.about),
            "when": chosen[topic.key],
        }
        for topic in topics.all_topics()
    ]
