"""What teaching keeps about one person, for the file they may take with them."""

from collections.abc import Mapping, Sequence

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.models import (
    AbsenceRequest,
    CalendarFeed,
    ClassAnswer,
    ClassQuestion,
    Correction,
    HandIn,
    Presence,
    ProjectMark,
    SurveyInvitation,
    Teaching,
    TeamMember,
)

Rows = Sequence[Mapping[str, object]]


def teaching_data_of(person: User) -> Mapping[str, Rows]:
    """Return sessions attended, corrections, projects, questions, and what one teaches."""
    presences = Presence.objects.filter(enrolment__person=person).order_by("session__starts_at")
    corrections = Correction.objects.filter(enrolment__person=person).order_by("at")
    absences = AbsenceRequest.objects.filter(enrolment__person=person).order_by("filed_at")
    teams = TeamMember.objects.filter(enrolment__person=person).order_by("id")
    marks = ProjectMark.objects.filter(team__memberships__enrolment__person=person)
    hand_ins = HandIn.objects.filter(handed_in_by=person).order_by("handed_in_at")
    questions = ClassQuestion.objects.filter(enrolment__person=person).order_by("asked_at")
    answers = ClassAnswer.objects.filter(written_by=person).order_by("written_at")
    teachings = Teaching.objects.filter(person=person).order_by("id")
    surveys = SurveyInvitation.objects.filter(enrolment__person=person).order_by("id")
    feeds = CalendarFeed.objects.filter(person=person).order_by("made_at")
    return {
        "presences": list(
            presences.values(
                "session__starts_at", "arrived_at", "left_at", "out_minutes", "hours", "late",
                "left_early", "went_out", "excuse", "source",
            )
        ),
        "corrections": list(corrections.values("held_on", "before", "after", "reason", "at")),
        "absences": list(
            absences.values(
                "kind", "from_on", "until_on", "first_hour", "last_hour", "words", "name",
                "sha256", "state", "late", "filed_at", "decided_at", "answer", "trace",
            )
        ),
        "teams": list(teams.values("project__title_ko", "team__name")),
        "project_marks": list(
            marks.order_by("given_at").values(
                "team__project__title_ko", "role", "points", "comment", "given_at"
            )
        ),
        "hand_ins": list(
            hand_ins.values("milestone__title", "name", "sha256", "text", "late", "handed_in_at")
        ),
        "questions": list(questions.values("title", "text", "shared", "asked_at")),
        "answers": list(answers.values("question__title", "text", "written_at")),
        "teachings": list(teachings.values("class_group__name_ko", "role", "module__title_ko")),
        "surveys": list(surveys.values("survey__title_ko", "answered")),
        "calendar_links": list(feeds.values("made_at", "revoked_at")),
    }  # fmt: skip
