"""Projects and assignments: what stands, and what of it counts for completion."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Avg, Count, Max, Prefetch, Q, QuerySet

from bitgoeul.apps.programmes.enums import ProjectKind
from bitgoeul.apps.programmes.models import (
    Enrolment,
    HandIn,
    Milestone,
    PeerReview,
    Project,
    ProjectMark,
    Team,
    TeamMember,
)

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class ProjectResult:
    """What one person reached in one project.

    `score` is the weighted mark of 100 as soon as everyone whose mark counts has given it, else
    None; `passed` is None as long as there is no score. `missing` names the marks that are not
    there yet.
    """

    project: UUID
    title: str
    kind: str
    required: bool
    pass_mark: int
    score: Decimal | None
    missing: tuple[str, ...]

    @property
    def passed(self) -> bool | None:
        """Whether the pass mark is reached; None while it is not decided."""
        return None if self.score is None else self.score >= self.pass_mark


def project_results_of(enrolment: Enrolment) -> list[ProjectResult]:
    """Return the result of one person in every project that is theirs to do."""
    return project_results_in(enrolment.cohort_id, [enrolment])[enrolment.pk]


def project_results_in(
    cohort_id: int, enrolments: Sequence[Enrolment]
) -> dict[int, list[ProjectResult]]:
    """Return the results of many people of a cohort at once, with three statements."""
    projects = list(Project.objects.filter(cohort=cohort_id).order_by("given_at", "id"))
    if not projects:
        return {row.pk: [] for row in enrolments}
    people = [row.pk for row in enrolments]
    teams = {
        (project, enrolment): team
        for project, enrolment, team in TeamMember.objects.filter(
            project__cohort=cohort_id, enrolment__in=people
        ).values_list("project_id", "enrolment_id", "team_id")
    }
    marks: Mapping[int, dict[str, int]] = defaultdict(dict)
    rows = ProjectMark.objects.filter(team__project__cohort=cohort_id)
    for team, role, points in rows.values_list("team_id", "role", "points"):
        marks[team][role] = points
    return {
        row.pk: [
            result_of(project, marks.get(teams.get((project.pk, row.pk), 0), {}))
            for project in projects
            if project.track_id in {None, row.track_id}
        ]
        for row in enrolments
    }


def result_of(project: Project, marks: Mapping[str, int]) -> ProjectResult:
    """Weigh the marks of a project."""
    weights = project.weights
    missing = tuple(role for role in weights if role not in marks)
    score = None
    if not missing:
        weighed = Decimal(sum(marks[role] * weight for role, weight in weights.items()))
        score = (weighed / 100).quantize(_CENT, ROUND_HALF_UP)
    return ProjectResult(
        project=project.uuid,
        title=project.title,
        kind=project.kind,
        required=project.required,
        pass_mark=project.pass_mark,
        score=score,
        missing=missing,
    )


def for_track(enrolment: Enrolment) -> Q:
    """Filter: projects that somebody has to do."""
    own = Q(track__isnull=True) | Q(track=enrolment.track_id)
    return Q(cohort=enrolment.cohort_id) & own


@dataclass(frozen=True, kw_only=True)
class PeerResult:
    """What the others of a team said of somebody, only ever of several together."""

    reviews: int
    contribution: Decimal | None
    cooperation: Decimal | None


OTHERS_AT_LEAST = 3
"""With fewer reviews somebody could work out who said what."""


def peer_result_of(enrolment: Enrolment, team: Team) -> PeerResult:
    """Return what the others said of a member: means of three or more, else only how many."""
    found = PeerReview.objects.filter(team=team, about=enrolment).aggregate(
        n=Count("id"), contribution=Avg("contribution"), cooperation=Avg("cooperation")
    )
    enough = found["n"] >= OTHERS_AT_LEAST
    return PeerResult(
        reviews=found["n"],
        contribution=_rounded(found["contribution"]) if enough else None,
        cooperation=_rounded(found["cooperation"]) if enough else None,
    )


def _rounded(mean: float) -> Decimal:
    return Decimal(str(mean)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def projects_listed(visible: Q, *, cohort: str = "") -> QuerySet[Project]:
    """Return projects that somebody may see, the newest first; of one cohort if it is named."""
    rows = Project.objects.filter(pk__in=Project.objects.filter(visible).values("pk"))
    if cohort:
        rows = rows.filter(cohort__uuid=cohort)
    near = rows.select_related("cohort__programme", "track", "company")
    return near.annotate(last_due=Max("milestones__due_at")).order_by("-given_at", "-id")


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """A team with what it handed in and how it was judged."""

    team: Team
    members: tuple[Enrolment, ...]
    handed_in: tuple[tuple[Milestone, HandIn | None], ...]
    marks: Mapping[str, ProjectMark]
    result: ProjectResult

    @property
    def name(self) -> str:
        """The team's name; one person alone is called by their own."""
        alone = len(self.members) == 1 and self.team.name == str(self.members[0].uuid)
        return self.members[0].person.full_name if alone else self.team.name


def team_lines(
    project: Project, teams: QuerySet[Team], milestones: Sequence[Milestone]
) -> list[TeamLine]:
    """Return teams of a project with a fixed number of statements."""
    members = TeamMember.objects.select_related("enrolment__person").order_by("id")
    rows = teams.filter(project=project).select_related("mentor").prefetch_related(
        Prefetch("memberships", members), "marks",
        Prefetch("hand_ins", HandIn.objects.order_by("handed_in_at", "id")),
    )  # fmt: skip
    return [_team_line(project, milestones, team) for team in rows]


def people_in(lines: Sequence[TeamLine]) -> list[UUID]:
    """Return who is named in lines of teams: members and mentors."""
    mentors = [line.team.mentor.uuid for line in lines if line.team.mentor is not None]
    return [*(one.person.uuid for line in lines for one in line.members), *mentors]


def _team_line(project: Project, milestones: Sequence[Milestone], team: Team) -> TeamLine:
    team.project = project  # known already: nobody has to ask for it again
    newest = {row.milestone_id: row for row in team.hand_ins.all()}
    marks = {row.role: row for row in team.marks.all()}
    return TeamLine(
        team=team,
        members=tuple(row.enrolment for row in team.memberships.all()),
        handed_in=tuple((each, newest.get(each.pk)) for each in milestones),
        marks=marks,
        result=result_of(project, {role: row.points for role, row in marks.items()}),
    )


def result_rows(
    people: Sequence[Enrolment], results: Mapping[int, Sequence[ProjectResult]]
) -> Iterator[list[object]]:
    """Yield a row per person and project, for a spreadsheet."""
    for one in people:
        for result in results[one.pk]:
            yield [
                one.person.full_name, one.person.email, one.track.name, result.title,
                ProjectKind(result.kind).label, result.score, result.pass_mark,
                "" if result.passed is None else result.passed,
            ]  # fmt: skip
