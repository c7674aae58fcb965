"""What teaching tells people: sessions that change, announcements, answers, marks."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import (
    Announcement,
    ClassQuestion,
    Enrolment,
    Project,
    Session,
    Team,
)
from bitgoeul.core import formats, notices

TEACHING = notices.declare(
    notices.Topic(
        key="teaching",
        title=_("Classes and projects"),
        about=_("When a session changes, when there is an announcement, an answer or a mark."),
        messages=(
            notices.Message(
                key="teaching.moved",
                subject=_("A session of your timetable has changed"),
                text=_("%(class)s, %(subject)s: now on %(when)s. Reason: %(reason)s"),
            ),
            notices.Message(
                key="teaching.cancelled",
                subject=_("A session of your timetable is cancelled"),
                text=_("%(class)s, %(subject)s on %(when)s is cancelled. Reason: %(reason)s"),
            ),
            notices.Message(
                key="teaching.announced",
                subject=_("There is an announcement for your class"),
                text=_("%(cohort)s: %(title)s"),
            ),
            notices.Message(
                key="teaching.asked",
                subject=_("A trainee has asked a question"),
                text=_("%(cohort)s: %(title)s"),
            ),
            notices.Message(
                key="teaching.answered",
                subject=_("Your question has an answer"),
                text=_("%(cohort)s: %(title)s"),
            ),
            notices.Message(
                key="teaching.given",
                subject=_("There is a new assignment or project"),
                text=_("%(cohort)s: %(title)s"),
            ),
            notices.Message(
                key="teaching.marked",
                subject=_("Your work has been judged"),
                text=_("%(cohort)s: %(title)s"),
            ),
        ),
    )
)


def tell_moved(session: Session, *, at: dt.datetime) -> None:
    """Tell a class and its instructor that a session has another time or room."""
    _tell_session("teaching.moved", session, at=at)


def tell_cancelled(session: Session, *, at: dt.datetime) -> None:
    """Tell a class and its instructor that a session does not take place."""
    _tell_session("teaching.cancelled", session, at=at)


def tell_announced(announcement: Announcement, *, at: dt.datetime) -> None:
    """Tell everyone whom an announcement is for."""
    rows = Enrolment.objects.filter(cohort=announcement.cohort, state=EnrolmentState.ENROLLED)
    if announcement.class_group_id:
        rows = rows.filter(class_group=announcement.class_group_id)
    people = [row.person for row in rows.select_related("person")]
    path = _at("announcement_list", announcement.cohort)
    _tell("teaching.announced", people, path, announcement.cohort, announcement.title, at=at)


def tell_asked(question: ClassQuestion, people: Iterable[User], *, at: dt.datetime) -> None:
    """Tell the instructors of a class that somebody asks."""
    cohort = question.enrolment.cohort
    _tell("teaching.asked", people, _at("question_detail", question), cohort, question.title, at=at)


def tell_answered(question: ClassQuestion, *, at: dt.datetime) -> None:
    """Tell who asked that there is an answer."""
    cohort, people = question.enrolment.cohort, [question.enrolment.person]
    path = _at("question_detail", question)
    _tell("teaching.answered", people, path, cohort, question.title, at=at)


def tell_given(project: Project, people: Iterable[User], *, at: dt.datetime) -> None:
    """Tell trainees that there is something to do."""
    named = notices.in_both(lambda _language: project.title)
    path = _at("project_detail", project)
    _tell("teaching.given", people, path, project.cohort, named, at=at)


def tell_marked(team: Team, *, at: dt.datetime) -> None:
    """Tell a team that its work was judged; the mark itself stays on the page."""
    people = [row.enrolment.person for row in team.memberships.select_related("enrolment__person")]
    named = notices.in_both(lambda _language: team.project.title)
    path = _at("project_detail", team.project)
    _tell("teaching.marked", people, path, team.project.cohort, named, at=at)


def _tell_session(message: str, session: Session, *, at: dt.datetime) -> None:
    rows = session.class_group.enrolments.filter(state=EnrolmentState.ENROLLED)
    people = [row.person for row in rows.select_related("person")]
    if session.instructor is not None:
        people.append(session.instructor)
    values: dict[str, Any] = {
        "class": notices.in_both(lambda _language: session.class_group.name),
        "subject": notices.in_both(lambda _language: session.subject),
        "when": notices.in_both(lambda language: formats.moment(session.starts_at, language)),
        "reason": session.reason,
    }
    path = _at("session_detail", session)
    once = f"{session.uuid}:{session.changes}"
    news = [
        notices.News(person=person, path=path, values=values, once=once)
        for person in {each.pk: each for each in people}.values()
    ]
    notices.tell_many(message, news, at=at)


def _tell(
    message: str, people: Iterable[User], path: str, cohort: Any, title: Any, *, at: dt.datetime
) -> None:
    named = notices.in_both(lambda _language: cohort)
    news = [
        notices.News(person=person, path=path, values={"cohort": named, "title": title})
        for person in people
    ]
    notices.tell_many(message, news, at=at)


def _at(name: str, row: Any) -> str:
    return reverse(f"programmes:{name}", kwargs={"uuid": row.uuid})
