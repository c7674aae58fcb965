"""Assignments and company projects: given, handed in, judged."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import asked_of, room
from bitgoeul.apps.programmes.forms.projects import (
    HandInForm,
    MarkForm,
    MilestoneForm,
    NewProjectForm,
    ProjectFilter,
    ProjectForm,
    TeamForm,
)
from bitgoeul.apps.programmes.models import Enrolment, Milestone, Project, Team
from bitgoeul.apps.programmes.queries.projects import projects_listed, team_lines
from bitgoeul.apps.programmes.views import projects as pages
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, body_of, given
from bitgoeul.core.api.problems import Problem
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.api.values import Moment, Short
from bitgoeul.core.uploads import PAPERS

FILE = "application/octet-stream"


class ProjectRow(Row):
    """A project or an assignment."""

    uuid: UUID
    cohort: Annotated[UUID, At("cohort__uuid")]
    track: Annotated[str | None, At("track__key")]
    kind: str
    title_ko: str
    title_en: str
    required: bool
    pass_mark: int
    given_at: dt.datetime


class MilestoneRow(Row):
    """A due date."""

    uuid: UUID
    order: int
    title: str
    due_at: dt.datetime


class TeamRow(Row):
    """A team with its result; a score only once every mark that counts is there."""

    uuid: UUID
    name: str
    members: list[UUID]
    handed_in: list[UUID]
    marks: dict[str, int]
    score: float | None


class ProjectOut(ProjectRow):
    """A project with its due dates, and the teams that one may see."""

    brief: str
    milestones: Annotated[list[MilestoneRow], At("")]
    teams: Annotated[list[TeamRow], At("")]


class MilestoneIn(Body):
    """A due date to give."""

    title: Annotated[Short, Field(min_length=1, pattern=r"^[^|\r\n]*$")]
    due_at: Moment


class ReviewIn(Body):
    """What one says of another member, from 1 to 5."""

    about: UUID
    contribution: Annotated[int, Field(ge=1, le=5)]
    cooperation: Annotated[int, Field(ge=1, le=5)]


class ReviewsIn(Body):
    """What one says of the others."""

    reviews: Annotated[list[ReviewIn], Field(min_length=1, max_length=50)]


class Reviewed(Row):
    """Of how many something was said."""

    reviewed: int


NewProjectIn = body_of(
    NewProjectForm,
    replace={"milestones": Annotated[list[MilestoneIn], Field(min_length=1, max_length=20)]},
    suffix="Body",
)


@room.lists("/projects", ProjectRow, filters=ProjectFilter)
def project_list(request: Request) -> Any:
    """List what one has to do, teaches or judges."""
    cohort = asked_of(request, "cohort")["cohort"]
    visible = rules.projects_visible_to(request.user)
    return listed(request, projects_listed(visible, cohort=cohort), ProjectRow)


@room.reads("/projects/{uuid:uuid}", ProjectOut)
def project_detail(request: Request, uuid: UUID) -> Any:
    """Read a project and the teams that one may see; the reading is recorded."""
    visible = rules.projects_visible_to(request.user)
    row = access.get(Project.objects.select_related("cohort"), visible, uuid=uuid)
    seen = Team.objects.filter(rules.teams_visible_to(request.user)).values("pk")
    due = list(row.milestones.order_by("order"))
    lines = team_lines(row, Team.objects.filter(pk__in=seen), due)
    people = [each.person.uuid for line in lines for each in line.members]
    note_reading(request, people, what="project_detail", about=uuid)  # type: ignore[arg-type]  # both doors
    teams = [
        {
            "uuid": line.team.uuid,
            "name": line.name,
            "members": [each.uuid for each in line.members],
            "handed_in": [milestone.uuid for milestone, work in line.handed_in if work],
            "marks": {role: mark.points for role, mark in line.marks.items()},
            "score": line.result.score,
        }
        for line in lines
    ]
    milestones = every(Milestone.objects.filter(project=row), MilestoneRow)
    found = one(Project.objects.all(), access.EVERYBODY, ProjectOut, uuid=uuid)
    return found | {"milestones": milestones, "teams": teams}


@room.writes("/cohorts/{uuid:uuid}/projects", Made, status=201, body=NewProjectIn)
def project_create(request: Request, uuid: UUID) -> Any:
    """Give a cohort something to do."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    values = given(request).model_dump(exclude_unset=True)
    due = [(each["title"], each["due_at"]) for each in values.pop("milestones")]
    form = bind(request, ProjectForm, data=values, cohort=cohort)
    facts = {"values": form.cleaned_data, "milestones": due, **acting(request)}
    return {"uuid": services.give_project(cohort=cohort, **facts).uuid}


@room.writes("/projects/{uuid:uuid}", Made, method="PATCH", body=ProjectForm)
def project_edit(request: Request, uuid: UUID) -> Any:
    """Change a project."""
    row = _taught(request, uuid)
    values = bind(request, ProjectForm, instance=row, cohort=row.cohort).cleaned_data
    services.change_project(project=row, values=values, **acting(request))
    return {"uuid": uuid}


@room.writes("/projects/{uuid:uuid}/milestones", Made, status=201, body=MilestoneForm)
def milestone_add(request: Request, uuid: UUID) -> Any:
    """Add a due date."""
    row = _taught(request, uuid)
    facts = {**bind(request, MilestoneForm).cleaned_data, **acting(request)}
    return {"uuid": services.add_milestone(project=row, **facts).uuid}


@room.writes("/projects/{uuid:uuid}/teams", Made, status=201, body=TeamForm)
def team_create(request: Request, uuid: UUID) -> Any:
    """Make a team."""
    row = _taught(request, uuid)
    facts = {**bind(request, TeamForm, project=row).cleaned_data, **acting(request)}
    return {"uuid": services.save_team(project=row, **facts).uuid}


@room.writes("/teams/{uuid:uuid}", Made, body=TeamForm)
def team_edit(request: Request, uuid: UUID) -> Any:
    """Change who is in a team."""
    team = _taught_team(request, uuid)
    form = bind(request, TeamForm, project=team.project, team=team)
    facts = {**form.cleaned_data, "team": team, **acting(request)}
    services.save_team(project=team.project, **facts)
    return {"uuid": uuid}


@room.writes("/teams/{uuid:uuid}/removal", Made)
def team_remove(request: Request, uuid: UUID) -> Any:
    """Dissolve a team that has handed in nothing."""
    services.remove_team(team=_taught_team(request, uuid), **acting(request))
    return {"uuid": uuid}


@room.writes(
    "/milestones/{uuid:uuid}/hand-ins",
    Made,
    status=201,
    body=HandInForm,
    most_bytes=PAPERS.most_bytes,
)
def hand_in(request: Request, uuid: UUID) -> Any:
    """Hand in an answer or a link for a due date, and a file if one comes with it."""
    row = pages.own_milestone(request, uuid)
    form = bind(request, HandInForm)
    facts = {"text": form.cleaned_data["text"], "work": form.work(), "at": clock.now()}
    return {"uuid": services.hand_in(milestone=row, person=request.user, **facts).uuid}


room.hands_out("/hand-ins/{uuid:uuid}/file", pages.hand_in_file, FILE, name="hand_in_file")


@room.writes("/teams/{uuid:uuid}/marks", Made, body=MarkForm)
def team_mark(request: Request, uuid: UUID) -> Any:
    """Judge a team's work as instructor, mentor or company."""
    team, roles = pages.judged_team(request, uuid)
    facts = {**bind(request, MarkForm, roles=roles).cleaned_data, **acting(request)}
    return {"uuid": services.mark_team(team=team, **facts).uuid}


@room.writes("/projects/{uuid:uuid}/peer-reviews", Reviewed, body=ReviewsIn)
def peer_review(request: Request, uuid: UUID) -> Any:
    """Say of other members of one's team how the work together was."""
    team, others = pages.reviewed_team(request, uuid)
    known = {each.uuid: each for each in others}
    judgements = []
    for review in given(request).reviews:
        if review.about not in known:
            raise Problem("invalid")
        judgements.append(_judgement(review, known[review.about]))
    facts = {"person": request.user, "at": clock.now()}
    return {"reviewed": services.review_peers(team=team, judgements=judgements, **facts)}


room.hands_out(
    "/cohorts/{uuid:uuid}/projects.{form}",
    pages.project_results,
    CSV,
    XLSX,
    name="project_results_file",
)


def _judgement(review: ReviewIn, about: Enrolment) -> services.Judgement:
    return services.Judgement(
        about=about, contribution=review.contribution, cooperation=review.cooperation
    )


def _taught(request: Request, uuid: UUID) -> Project:
    rows = Project.objects.select_related("cohort__programme__organiser", "cohort__rule_set")
    return access.get(rows, rules.projects_taught_by(request.user), uuid=uuid)


def _taught_team(request: Request, uuid: UUID) -> Team:
    near = ("project__cohort__programme__organiser", "project__cohort__rule_set")
    visible = rules.of_taught_cohorts(request.user, "project__cohort")
    return access.get(Team.objects.select_related(*near), visible, uuid=uuid)
