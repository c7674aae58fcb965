"""Assignments and company projects: teams, hand-ins, marks, peers, and what counts at the end."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Enrolment, HandIn, Project, ProjectMark, Team
from bitgoeul.apps.programmes.queries.projects import peer_result_of, project_results_of
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, member, started
from tests.apps.programmes.test_pages import client_of

DUE = IN_CLASS + dt.timedelta(days=7)
FACTS = {"by": None, "at": IN_CLASS}


@pytest.fixture
def course(db: None) -> Stage:
    stage = make_stage(hours=80, seats={"a": 5})
    started(stage, {f"K{number}": "90" for number in range(1, 6)}, keys=("a",))
    return stage


def _people(stage: Stage) -> list[Enrolment]:
    return list(Enrolment.objects.filter(cohort=stage.cohort).select_related("person"))


def _give(stage: Stage, **values: object) -> Project:
    usual = {"kind": "company", "title_ko": "물류 예측", "brief": "수요를 예측한다."}
    return services.give_project(
        cohort=stage.cohort, values=usual | values, milestones=[("중간", DUE)], **FACTS
    )


def _team(project: Project, people: list[Enrolment], name: str = "1조", **more: object) -> Team:
    return services.save_team(project=project, name=name, members=people, **more, **FACTS)  # type: ignore[arg-type]  # of the test


def _mark(team: Team, role: str, points: int) -> ProjectMark:
    return services.mark_team(team=team, role=role, points=points, **FACTS)


def test_the_result_waits_for_every_mark_and_weighs_them(course: Stage) -> None:
    weights = {"weight_instructor": 50, "weight_mentor": 20, "weight_company": 30}
    project = _give(course, company=course.company, pass_mark=70, **weights)
    one = _people(course)[0]
    team = _team(project, [one])
    _mark(team, "instructor", 81)
    _mark(team, "mentor", 60)
    (waiting,) = project_results_of(one)
    assert (waiting.score, waiting.passed, waiting.missing) == (None, None, ("company",))
    _mark(team, "company", 55)
    (found,) = project_results_of(one)
    assert found.score == Decimal("69.00")  # 40.5 + 12 + 16.5, by hand
    assert found.passed is False
    _mark(team, "company", 59)
    assert project_results_of(one)[0].passed is True
    assert ProjectMark.objects.count() == 3  # a new mark replaces the old one
    assert Entry.objects.filter(event="project.marked").count() == 4


def test_nobody_is_in_two_teams_and_only_who_has_to_do_it(course: Stage) -> None:
    project, people = _give(course), _people(course)
    first = _team(project, people[:2])
    with pytest.raises(Refused):
        _team(project, people[1:3], name="2조")
    _team(project, [people[0]], team=first)
    assert _team(project, people[1:3], name="2조").memberships.count() == 2
    other = make_stage_of_another()
    with pytest.raises(Refused):
        _team(project, [other], name="3조")


def make_stage_of_another() -> Enrolment:
    made = Enrolment.objects.all()[0]
    made.pk = 10**9
    return made


def test_weights_make_a_whole_and_a_company_is_named(course: Stage) -> None:
    for values in ({"weight_instructor": 90}, {"weight_instructor": 70, "weight_company": 30}):
        with pytest.raises(Refused):
            _give(course, **values)
    assert not Project.objects.exists()


def test_an_assignment_is_handed_in_alone_and_late_is_said(course: Stage) -> None:
    project, one = _give(course, kind="assignment"), _people(course)[0]
    assert Notice.objects.filter(topic="teaching").count() == len(_people(course))
    due = project.milestones.get()
    client = client_of(one.person)
    address = reverse("programmes:hand_in", kwargs={"uuid": due.uuid})
    with clock.freeze(DUE - dt.timedelta(minutes=1)):
        assert client.post(address, {"text": ""}).status_code == 422
        file = SimpleUploadedFile("report.txt", "보고서".encode())
        answer = client.post(address, {"text": "보고서", "file": file})
        assert answer.status_code == 302
    with clock.freeze(DUE + dt.timedelta(minutes=1)):
        client.post(address, {"text": "https://example.org/2"})
    late, early = HandIn.objects.all()
    assert (early.late, late.late, early.name) == (False, True, "report.txt")
    assert early.team == late.team
    page = client.get(reverse("programmes:project_detail", kwargs={"uuid": project.uuid}))
    assert "Handed in late" in page.content.decode()
    with pytest.raises(Refused):
        services.hand_in(
            milestone=due, person=one.person, at=DUE,
            work=services.Work(name="run.exe", content=b"MZ" + b"\0" * 100),
        )  # fmt: skip


def test_who_is_in_no_team_hands_in_nothing(course: Stage) -> None:
    project, one = _give(course), _people(course)[0]
    facts = {"milestone": project.milestones.get(), "at": IN_CLASS, "text": "x"}
    with pytest.raises(Refused):
        services.hand_in(person=one.person, **facts)  # type: ignore[arg-type]  # of the test
    with pytest.raises(Refused):
        services.hand_in(person=course.instructor, **facts)  # type: ignore[arg-type]  # of the test


def test_each_judges_in_their_own_role_only(course: Stage) -> None:
    mentor = member("mentor", course.company, Role.MENTOR)
    weights = {"weight_instructor": 50, "weight_mentor": 20, "weight_company": 30}
    project = _give(course, company=course.university, **weights)
    team = _team(project, _people(course)[:2], mentor=mentor)
    facts = {"team": team, "points": 80, "at": IN_CLASS}
    for person, role in (
        (mentor, "instructor"), (mentor, "company"), (course.instructor, "mentor"),
        (course.company_officer, "company"), (_people(course)[0].person, "instructor"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.mark_team(role=role, by=person, **facts)  # type: ignore[arg-type]  # of the test
    services.mark_team(role="mentor", by=mentor, **facts)  # type: ignore[arg-type]  # of the test
    services.mark_team(role="company", by=course.officer, **facts)  # type: ignore[arg-type]  # of the test
    client = client_of(mentor)
    page = client.get(reverse("programmes:project_detail", kwargs={"uuid": project.uuid}))
    assert "1조" in page.content.decode()
    assert client.get(reverse("programmes:project_list")).content.decode().count("물류 예측") == 1
    stranger = client_of(course.company_officer)
    hidden = stranger.get(reverse("programmes:project_detail", kwargs={"uuid": project.uuid}))
    assert hidden.status_code == 404


def test_what_peers_say_is_shown_only_among_three(course: Stage) -> None:
    project, people = _give(course, peer_review=True), _people(course)
    team, about = _team(project, people[:4]), people[0]
    for number, reviewer in enumerate(people[1:4], start=1):
        said = services.Judgement(about=about, contribution=number + 2, cooperation=4)
        services.review_peers(team=team, person=reviewer.person, judgements=[said], at=IN_CLASS)
        found = peer_result_of(about, team)
        assert found.reviews == number
        assert (found.contribution is None) == (number < 3)
    assert (found.contribution, found.cooperation) == (Decimal("4.0"), Decimal("4.0"))
    own = services.Judgement(about=about, contribution=5, cooperation=5)
    for person, judgement in ((about.person, own), (people[4].person, own)):
        with pytest.raises(Refused):
            services.review_peers(team=team, person=person, judgements=[judgement], at=IN_CLASS)
    page = client_of(about.person).get(
        reverse("programmes:project_detail", kwargs={"uuid": project.uuid})
    )
    assert "4.0 / 5" in page.content.decode()
    export = client_of(about.person).post(
        reverse("programmes:peer_review", kwargs={"uuid": project.uuid}), {}
    )
    assert export.status_code == 422


def test_another_team_s_work_is_hidden(course: Stage) -> None:
    project, people = _give(course), _people(course)
    _team(project, people[:2])
    _team(project, people[2:4], name="2조")
    services.hand_in(
        milestone=project.milestones.get(), person=people[0].person, text="우리 것", at=IN_CLASS
    )
    page = client_of(people[2].person).get(
        reverse("programmes:project_detail", kwargs={"uuid": project.uuid})
    )
    assert "2조" in page.content.decode()
    assert "1조" not in page.content.decode()
    assert "우리 것" not in page.content.decode()


def test_the_page_asks_as_often_for_one_team_as_for_many(course: Stage) -> None:
    project, people = _give(course, kind="assignment"), _people(course)
    client = client_of(course.instructor)
    address = reverse("programmes:project_detail", kwargs={"uuid": project.uuid})
    due, asked = project.milestones.get(), []
    for one in people[:3]:
        services.hand_in(milestone=due, person=one.person, text="x", at=IN_CLASS)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert len(set(asked)) == 1
    assert asked[0] <= 16
