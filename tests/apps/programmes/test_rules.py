"""Yes/no and list filter agree for every role and state, and both say what the table says."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q

from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    EnrolmentState,
    SelectionState,
)
from bitgoeul.apps.programmes.models import (
    AbsenceRequest,
    AllowanceRun,
    Announcement,
    Answer,
    Appeal,
    Application,
    CalendarFeed,
    ClassGroup,
    ClassQuestion,
    Cohort,
    CompletionVerdict,
    CounselNote,
    Enrolment,
    FormVersion,
    Lesson,
    Module,
    Programme,
    Project,
    Question,
    RuleSet,
    SeatOffer,
    Selection,
    SelectionRound,
    Session,
    Survey,
    SurveyInvitation,
    Teaching,
    Team,
)
from bitgoeul.core import clock
from tests.apps.programmes.teaching_rows import course_of
from tests.world import AT, ROLES, World, build_world

pytestmark = pytest.mark.once

OVERSEEING = {"officer_city", "officer_university"}
TEACHING = OVERSEEING | {"instructor"}

PAIRS: tuple[tuple[type[Model], Callable[[Any], Q], Callable[[Any, Any], bool]], ...] = (
    (Programme, rules.programmes_visible_to, rules.can_see_programme),
    (Programme, rules.programmes_managed_by, rules.can_manage_programme),
    (RuleSet, rules.rule_sets_managed_by, rules.can_manage_rule_set),
    (RuleSet, rules.rule_sets_approvable_by, rules.can_approve_rule_set),
    (RuleSet, rules.rule_sets_visible_to, rules.can_see_rule_set),
    (Cohort, rules.cohorts_visible_to, rules.can_see_cohort),
    (Cohort, rules.cohorts_managed_by, rules.can_manage_cohort),
    (Cohort, rules.cohorts_taught_by, rules.can_teach_cohort),
    (Cohort, rules.cohorts_with_totals_for, rules.can_see_totals_of_cohort),
    (Cohort, rules.cohorts_open_to, rules.can_apply_to_cohort),
    (Application, rules.applications_visible_to, rules.can_see_application),
    (Application, rules.applications_managed_by, rules.can_manage_application),
    (Application, rules.applications_changeable_by, rules.can_change_application),
    (Answer, rules.answers_visible_to, rules.can_see_answer),
    (SeatOffer, rules.seat_offers_answerable_by, rules.can_answer_seat_offer),
    (SelectionRound, rules.stores_visible_to, rules.can_see_store),
    (SelectionRound, rules.selection_rounds_visible_to, rules.can_see_selection_round),
    (Selection, rules.selections_visible_to, rules.can_see_selection),
    (Enrolment, rules.enrolments_visible_to, rules.can_see_enrolment),
    (Enrolment, rules.enrolments_taught_by, rules.can_teach_enrolment),
    (Enrolment, rules.enrolments_appealable_by, rules.can_appeal),
    (Appeal, rules.appeals_answerable_by, rules.can_answer_appeal),
    (Survey, rules.surveys_managed_by, rules.can_manage_survey),
    (Survey, rules.surveys_visible_to, rules.can_see_survey),
    (Survey, rules.surveys_answered_by, rules.can_answer_survey),
    (Enrolment, rules.enrolments_filing_for, rules.can_file_absence),
    (AbsenceRequest, rules.absences_visible_to, rules.can_see_absence),
    (AbsenceRequest, rules.absences_decidable_by, rules.can_decide_absence),
    (AbsenceRequest, rules.absences_withdrawable_by, rules.can_withdraw_absence),
    (Enrolment, rules.enrolments_counselled_by, rules.can_counsel_enrolment),
    (CounselNote, rules.counsel_notes_visible_to, rules.can_see_counsel_note),
    (Enrolment, rules.transcripts_visible_to, rules.can_see_transcript),
    (Enrolment, rules.allowances_visible_to, rules.can_see_allowances),
    (AllowanceRun, rules.allowance_runs_managed_by, rules.can_manage_allowance_run),
    (AllowanceRun, rules.allowance_runs_approvable_by, rules.can_approve_allowance_run),
    (Enrolment, rules.enrolments_managed_by, rules.can_manage_enrolment),
    (ClassGroup, rules.classes_managed_by, rules.can_manage_class),
    (ClassGroup, rules.classes_taught_by, rules.can_teach_class),
    (Module, rules.modules_managed_by, rules.can_manage_module),
    (ClassGroup, rules.classes_visible_to, rules.can_see_class),
    (Session, rules.sessions_visible_to, rules.can_see_session),
    (Session, rules.sessions_taught_by, rules.can_teach_session),
    (CalendarFeed, rules.own_feeds, rules.can_revoke_feed),
    (Project, rules.projects_visible_to, rules.can_see_project),
    (Project, rules.projects_taught_by, rules.can_teach_project),
    (Project, rules.projects_to_do_of, rules.can_do_project),
    (Team, rules.teams_visible_to, rules.can_see_team),
    (Lesson, rules.lessons_visible_to, rules.can_see_lesson),
    (Announcement, rules.announcements_visible_to, rules.can_see_announcement),
    (ClassQuestion, rules.questions_visible_to, rules.can_see_question),
    (Cohort, rules.cohorts_studied_by, rules.can_study_in),
)


@pytest.fixture
def world(db: None) -> World:
    made = build_world()
    course_of(made)
    round_ = SelectionRound.objects.create(cohort=made.cohort, number=1)
    for application in made.applications.values():
        Selection.objects.create(round=round_, application=application, total_score=80, local=True)
    form = FormVersion.objects.create(cohort=made.cohort, number=1, published_at=AT)
    asked = Question.objects.create(version=form, key="why", order=1, kind="short", label_ko="왜")
    for application in made.applications.values():
        Answer.objects.create(application=application, question=asked, value="그냥")
    SeatOffer.objects.create(
        round=round_, application=made.applications["trainee"], track=made.tracks[0], made_at=AT,
        answer_by=AT,
    )  # fmt: skip
    for who in (*OVERSEEING, "instructor"):
        CounselNote.objects.create(
            enrolment=made.enrolments["trainee"], action="talk", words="상담",
            written_by=made.people[who], written_at=AT,
        )  # fmt: skip
    verdict = CompletionVerdict.objects.create(
        enrolment=made.enrolments["trainee"], rule_set=made.cohort.rule_set, completed=False,
        decided_at=AT,
    )  # fmt: skip
    _surveys(made)
    for who in ("trainee", *OVERSEEING):
        AbsenceRequest.objects.create(
            enrolment=made.enrolments["trainee"], kind="illness", from_on=AT.date(),
            until_on=AT.date(), filed_by=made.people[who], filed_at=AT,
        )  # fmt: skip
    Appeal.objects.create(verdict=verdict, enrolment=verdict.enrolment, words="출석", made_at=AT)
    for version, role in enumerate(sorted(OVERSEEING), start=90):
        AllowanceRun.objects.create(
            cohort=made.cohort, unit=version, starts_on=AT.date(), ends_on=AT.date(), made_at=AT,
            rule_set=made.cohort.rule_set, made_by=made.people[role],
        )  # fmt: skip
        RuleSet.objects.create(
            programme=made.programme,
            version=version,
            valid_from=AT.date(),
            values={},
            proposed_by=made.people[role],
        )
    return made


def _surveys(made: World) -> None:
    """About the course, a module and a class; drafts and open ones; the instructor teaches both."""
    course = course_of(made)
    Teaching.objects.get_or_create(
        class_group=course.class_group, person=made.people["instructor"], module=course.module
    )
    for about in ({}, {"module": course.module}, {"class_group": course.class_group}):
        for opened in (None, AT):
            row = Survey.objects.create(
                cohort=made.cohort, title_ko="만족도", opens_at=AT, published_at=opened,
                closes_at=AT + dt.timedelta(days=1), **about,
            )  # fmt: skip
            SurveyInvitation.objects.create(survey=row, enrolment=made.enrolments["trainee"])


def everyone(world: World) -> dict[str, Any]:
    return {"public": AnonymousUser(), **{role: world.people[role] for role in ROLES[1:]}}


def _agree(world: World) -> None:
    with clock.freeze(AT):
        for (role, user), (model, listed, answer) in itertools.product(
            everyone(world).items(), PAIRS
        ):
            inside = set(model._default_manager.filter(listed(user)).values_list("pk", flat=True))
            said = {row.pk for row in model._default_manager.all() if answer(user, row)}
            assert inside == said, (role, model.__name__, answer.__name__)


@pytest.mark.parametrize("state", CohortState)
def test_they_agree_in_every_state_of_a_cohort(world: World, state: str) -> None:
    Cohort.objects.update(state=state)
    _agree(world)


@pytest.mark.parametrize("state", ApplicationState)
def test_they_agree_in_every_state_of_an_application(world: World, state: str) -> None:
    Application.objects.update(state=state)
    _agree(world)


@pytest.mark.parametrize("state", SelectionState)
def test_they_agree_in_every_state_of_a_selection(world: World, state: str) -> None:
    SelectionRound.objects.update(state=state)
    _agree(world)


@pytest.mark.parametrize("state", EnrolmentState)
def test_they_agree_in_every_state_of_an_enrolment(world: World, state: str) -> None:
    Enrolment.objects.update(state=state)
    _agree(world)


def test_they_agree_without_an_agreement(world: World) -> None:
    Programme.objects.update(agreement=None)
    _agree(world)


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (rules.can_manage_cohort, OVERSEEING),
        (rules.can_teach_cohort, TEACHING),
        (rules.can_see_totals_of_cohort, OVERSEEING | {"officer_company"}),
    ],
)
def test_who_may_what_with_a_cohort(
    world: World, answer: Callable[[Any, Any], bool], allowed: set[str]
) -> None:
    with clock.freeze(AT):
        said = {role for role, user in everyone(world).items() if answer(user, world.cohort)}
    assert said == allowed


def test_who_sees_anothers_application_enrolment_and_result(world: World) -> None:
    application = world.applications["stranger"]
    enrolment = world.enrolments["stranger"]
    selection = Selection.objects.get(application=application)
    with clock.freeze(AT):
        people = everyone(world).items()
        assert {
            r for r, user in people if rules.can_see_application(user, application)
        } == OVERSEEING
        assert {r for r, user in people if rules.can_see_enrolment(user, enrolment)} == TEACHING
        assert {r for r, user in people if rules.can_see_selection(user, selection)} == OVERSEEING


def test_a_draft_is_its_authors_alone(world: World) -> None:
    draft = world.applications["applicant"]
    draft.state = ApplicationState.DRAFT
    with clock.freeze(AT):
        seen = {r for r, user in everyone(world).items() if rules.can_see_application(user, draft)}
    assert seen == {"applicant"}


def test_ones_own_result_shows_only_after_publishing(world: World) -> None:
    application = world.applications["applicant"]
    selection = Selection.objects.get(application=application)
    with clock.freeze(AT):
        assert not rules.can_see_selection(world.people["applicant"], selection)
        selection.round.state = SelectionState.PUBLISHED
        assert rules.can_see_selection(world.people["applicant"], selection)


def test_a_role_that_ended_gives_nothing(world: World) -> None:
    officer = world.people["officer_university"]
    officer.memberships.update(ended_on=AT.date().replace(year=2024))
    with clock.freeze(AT):
        assert not rules.can_manage_cohort(officer, world.cohort)
