"""What teaching keeps about people: who teaches, who was there, what they handed in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.absence import AbsenceRequest
from bitgoeul.apps.programmes.models.design import (
    ClassGroup,
    CourseCalendar,
    Module,
    SpecialDay,
    Teaching,
)
from bitgoeul.apps.programmes.models.lesson import (
    Announcement,
    ClassAnswer,
    ClassQuestion,
    Lesson,
    LessonFile,
)
from bitgoeul.apps.programmes.models.presence import Correction, Presence
from bitgoeul.apps.programmes.models.project import (
    HandIn,
    Milestone,
    PeerReview,
    Project,
    ProjectMark,
    Team,
    TeamMember,
)
from bitgoeul.apps.programmes.models.survey import (
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyTally,
    SurveyText,
)
from bitgoeul.apps.programmes.models.timetable import CalendarFeed, Session
from bitgoeul.core.privacy.declarations import (
    NOTHING,
    Declaration,
    Erase,
    Kind,
    Part,
    Retention,
    years,
)

_NAMED = ("name_ko", "name_en")
_KEPT = Retention(
    key="training",
    title=_("Records of publicly funded training: five years after the cohort ended"),
    days=years(5),
    source=_("K-Digital Training operating rules §58 (second-hand: check at the source)"),
)
_ENDED = ("enrolment__cohort__ends_on",)

TEACHING: dict[Any, Declaration] = {
    CourseCalendar: NOTHING,
    SpecialDay: NOTHING,
    Module: NOTHING,
    ClassGroup: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    Teaching: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="teaching", erase=Erase.LINK),),
        plain=("role",),
    ),
    Session: Declaration(kind=Kind.NONE, actors=("instructor",), export=False),
    CalendarFeed: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="link", fields=("key_sha256",), erase=Erase.DELETE),),
        plain=("made_at", "revoked_at"),
    ),
    Presence: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="presence",
                fields=(
                    "arrived_at", "left_at", "out_minutes", "hours", "late", "left_early",
                    "went_out", "excuse", "device",
                ),
                erase=Erase.DELETE,
                keep=_KEPT,
                after=_ENDED,
            ),
        ),
        plain=("source",),
    ),
    AbsenceRequest: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="absence",
                title=_("requests to recognise an absence, with their evidence"),
                fields=(
                    "kind", "from_on", "until_on", "first_hour", "last_hour", "words", "file",
                    "name", "size", "sha256", "state", "late", "filed_at", "decided_at", "answer",
                    "trace", "changed",
                ),
                erase=Erase.DELETE,
                keep=_KEPT,
                after=_ENDED,
            ),
        ),
        actors=("filed_by", "decided_by"),
    ),
    Correction: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="correction",
                fields=("before", "after", "reason", "held_on"),
                erase=Erase.DELETE,
                keep=_KEPT,
                after=_ENDED,
            ),
        ),
        actors=("by",),
        plain=("at",),
    ),
    Survey: NOTHING,
    SurveyQuestion: NOTHING,
    SurveyTally: NOTHING,
    SurveyText: Declaration(
        kind=Kind.PSEUDONYMOUS,
        plain=("text",),
        export=False,
        why=_("Nothing knows who wrote them: they are shown among five or more only."),
    ),
    SurveyInvitation: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(Part(key="asked", erase=Erase.LINK),),
        plain=("answered",),
    ),
    Lesson: NOTHING,
    LessonFile: Declaration(kind=Kind.NONE, plain=("file", "name"), export=False),
    Announcement: Declaration(kind=Kind.NONE, actors=("published_by",), export=False),
    ClassQuestion: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(Part(key="question", fields=("title", "text")),),
        plain=("shared", "asked_at", "answered_at"),
    ),
    ClassAnswer: Declaration(
        kind=Kind.PERSONAL,
        person="written_by",
        parts=(Part(key="answer", fields=("text",)),),
        plain=("written_at",),
    ),
    Project: NOTHING,
    Milestone: NOTHING,
    Team: Declaration(kind=Kind.NONE, actors=("mentor",), plain=("name",), export=False),
    TeamMember: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(Part(key="membership", erase=Erase.LINK),),
    ),
    HandIn: Declaration(
        kind=Kind.PERSONAL,
        person="handed_in_by",
        parts=(Part(key="work", fields=("file", "name", "text", "sha256")),),
        plain=("size", "late", "handed_in_at"),
    ),
    ProjectMark: Declaration(
        kind=Kind.PERSONAL,
        person="team__memberships__enrolment__person",
        parts=(
            Part(
                key="mark",
                fields=("comment",),
                keep=_KEPT,
                after=("team__project__cohort__ends_on",),
            ),
        ),
        actors=("given_by",),
        plain=("role", "points", "given_at"),
    ),
    PeerReview: Declaration(
        kind=Kind.PERSONAL,
        person="about__person",
        parts=(Part(key="review", erase=Erase.LINK),),
        plain=("contribution", "cooperation", "written_at"),
        export=False,
        why=_("What others said reaches a person only among three or more, on the project's page."),
    ),
}  # fmt: skip
