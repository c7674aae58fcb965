"""Assignments and company projects: given, teams made, handed in, judged, reviewed by peers."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, EnrolmentState, MarkRole, ProjectKind
from bitgoeul.apps.programmes.models import (
    Cohort,
    Enrolment,
    HandIn,
    Milestone,
    PeerReview,
    Project,
    ProjectMark,
    Team,
    TeamMember,
)
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.apps.programmes.services.teaching_news import tell_given, tell_marked
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports.errors import FileRefused

_PROJECT = (
    "track", "module", "kind", "title_ko", "title_en", "brief", "company", "required", "pass_mark",
    "weight_instructor", "weight_mentor", "weight_company", "peer_review",
)  # fmt: skip
_HERE = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A file as it came in."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What somebody says of another member of their team, from 1 to 5."""

    about: Enrolment
    contribution: int
    cooperation: int


def give_project(
    *,
    cohort: Cohort,
    values: Mapping[str, Any],
    milestones: Sequence[tuple[str, dt.datetime]],
    by: User | None,
    at: dt.datetime,
) -> Project:
    """Give a cohort, or one track of it, something to do by one or several due dates."""
    with transaction.atomic():
        _open_for_projects(cohort, by)
        if not milestones:
            raise Refused(_("A project has at least one due date."), code="invalid")
        row = Project(cohort=cohort, given_at=at)
        _set_project(row, values)
        row.save(force_insert=True)
        Milestone.objects.bulk_create(
            Milestone(project=row, order=place, title=title, due_at=due)
            for place, (title, due) in enumerate(milestones, start=1)
        )
        details = {"kind": row.kind, "milestones": len(milestones), "required": row.required}
        journal.record(event="project.given", by=by, at=at, on=row, details=details)
        tell_given(row, [one.person for one in people_for(row)], at=at)
    return row


def change_project(
    *, project: Project, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> Project:
    """Change what is asked and how it counts."""
    with transaction.atomic():
        _open_for_projects(project.cohort, by)
        _set_project(project, values)
        project.save()
        details = {"required": project.required, "pass_mark": project.pass_mark}
        journal.record(event="project.changed", by=by, at=at, on=project, details=details)
    return project


def add_milestone(
    *, project: Project, title: str, due_at: dt.datetime, by: User | None, at: dt.datetime
) -> Milestone:
    """Add a due date."""
    with transaction.atomic():
        _open_for_projects(project.cohort, by)
        last = project.milestones.aggregate(n=Max("order"))["n"] or 0
        row = Milestone(project=project, order=last + 1, title=title, due_at=due_at)
        check(row)
        row.save(force_insert=True)
        details = {"title": title, "due_at": due_at.isoformat()}
        journal.record(event="milestone.added", by=by, at=at, on=row, details=details)
    return row


def save_team(
    *,
    project: Project,
    name: str,
    members: Iterable[Enrolment],
    by: User | None,
    at: dt.datetime,
    mentor: User | None = None,
    team: Team | None = None,
) -> Team:
    """Make a team, or change who is in it; nobody is in two teams of a project."""
    with transaction.atomic():
        _open_for_projects(project.cohort, by)
        people = list(members)
        row = team or Team(project=project)
        row.name, row.mentor = name, mentor
        check(row)
        row.save()
        _refuse_taken(row, people)
        row.memberships.exclude(enrolment__in=people).delete()
        known = set(row.memberships.values_list("enrolment_id", flat=True))
        TeamMember.objects.bulk_create(
            TeamMember(team=row, project=project, enrolment=one)
            for one in people
            if one.pk not in known
        )
        details = {"members": sorted(str(one.uuid) for one in people)}
        journal.record(event="team.saved", by=by, at=at, on=row, details=details)
    return row


def remove_team(*, team: Team, by: User | None, at: dt.datetime) -> None:
    """Dissolve a team that has handed in nothing."""
    with transaction.atomic():
        _open_for_projects(team.project.cohort, by)
        if team.hand_ins.exists() or team.marks.exists():
            raise Refused(_("This team has handed in something already."), code="in_use")
        journal.record(event="team.removed", by=by, at=at, on=team, details={"name": team.name})
        team.delete()


def hand_in(
    *, milestone: Milestone, person: User, at: dt.datetime, text: str = "", work: Work | None = None
) -> HandIn:
    """Hand in for a milestone; the newest counts, and what comes after the due date says so."""
    if work is None and not text.strip():
        raise Refused(_("Hand in a file, or write an answer or a link."), code="empty")
    if work is not None:
        try:
            uploads.admit_paper(work.content, name=work.name)
        except FileRefused as refusal:
            raise Refused(str(refusal), code=refusal.code) from refusal
    project = milestone.project
    with transaction.atomic():
        if project.cohort.state == CohortState.ENDED:
            raise Refused(_("The cohort has ended; nothing is handed in any more."), code="closed")
        row = HandIn(
            milestone=milestone, team=_team_of(project, person), text=text, handed_in_at=at,
            handed_in_by=person, late=at > milestone.due_at,
        )  # fmt: skip
        if work is not None:
            row.name, row.size = uploads.safe_name(work.name), len(work.content)
            row.sha256 = hashlib.sha256(work.content).hexdigest()
            row.file.save(row.name, ContentFile(work.content), save=False)
        check(row)
        row.save(force_insert=True)
        details = {"milestone": milestone.order, "late": row.late, "sha256": row.sha256}
        journal.record(event="work.handed_in", by=person, at=at, on=row, details=details)
    return row


def mark_team(
    *, team: Team, role: str, points: int, by: User | None, at: dt.datetime, comment: str = ""
) -> ProjectMark:
    """Judge a team's work as instructor, mentor or company; the team is told."""
    with transaction.atomic():
        if by is not None and role not in rules.marking_roles(by, team):
            raise Refused(_("You may not judge this work in this role."), code="not_allowed")
        if team.project.cohort.state == CohortState.ENDED:
            raise Refused(_("The cohort has ended; its marks stand."), code="closed")
        row = ProjectMark.objects.filter(team=team, role=role).first()
        before = {"points": row.points, "comment": row.comment} if row else None
        row = row or ProjectMark(team=team, role=role)
        row.points, row.comment, row.given_by, row.given_at = points, comment, by, at
        check(row)
        row.save()
        journal.record(
            event="project.marked", by=by, at=at, on=row, before=before,
            after={"points": points, "comment": comment}, details={"role": role},
        )  # fmt: skip
        tell_marked(team, at=at)
    return row


def review_peers(
    *, team: Team, person: User, judgements: Sequence[Judgement], at: dt.datetime
) -> int:
    """Keep what a member says of the others; each is replaced by what is said later."""
    with transaction.atomic():
        members = {row.enrolment_id: row.enrolment for row in _memberships(team)}
        mine = next((one for one in members.values() if one.person_id == person.pk), None)
        if mine is None or not team.project.peer_review:
            raise Refused(_("You are not asked for a review here."), code="not_allowed")
        for each in judgements:
            if each.about.pk == mine.pk or each.about.pk not in members:
                raise Refused(_("A review is of another member of the team."), code="invalid")
            values = {
                "contribution": each.contribution, "cooperation": each.cooperation,
                "written_at": at,
            }  # fmt: skip
            row = PeerReview.objects.filter(team=team, reviewer=mine, about=each.about).first()
            row = row or PeerReview(team=team, reviewer=mine, about=each.about)
            for name, value in values.items():
                setattr(row, name, value)
            check(row)
            row.save()
        # Whom it is about and what was said stays out of the journal.
        details = {"reviews": len(judgements)}
        journal.record(event="peers.reviewed", by=person, at=at, on=team, details=details)
    return len(judgements)


def people_for(project: Project) -> list[Enrolment]:
    """Return who has to do a project."""
    rows = Enrolment.objects.filter(cohort=project.cohort_id, state__in=_HERE)
    if project.track_id:
        rows = rows.filter(track=project.track_id)
    return list(rows.select_related("person").order_by("person__full_name", "id"))


def _team_of(project: Project, person: User) -> Team:
    """The person's team; for an assignment everyone is a team of their own, made when needed."""
    member = (
        TeamMember.objects.filter(project=project, enrolment__person=person)
        .select_related("team")
        .first()
    )
    if member is not None:
        return member.team
    enrolment = next((one for one in people_for(project) if one.person_id == person.pk), None)
    if enrolment is None:
        raise Refused(_("This is not yours to do."), code="not_allowed")
    if project.kind == ProjectKind.COMPANY:
        raise Refused(_("You are in no team of this project yet."), code="no_team")
    # The name of a team of one is its enrolment: two people may be called alike.
    team = Team(project=project, name=str(enrolment.uuid))
    team.save(force_insert=True)
    TeamMember(team=team, project=project, enrolment=enrolment).save(force_insert=True)
    return team


def _memberships(team: Team) -> Any:
    return team.memberships.select_related("enrolment")


def _refuse_taken(team: Team, people: Sequence[Enrolment]) -> None:
    able = {one.pk for one in people_for(team.project)}
    if any(one.pk not in able for one in people):
        raise Refused(_("Somebody does not have to do this project."), code="invalid")
    taken = TeamMember.objects.filter(project=team.project, enrolment__in=people).exclude(team=team)
    if found := taken.select_related("enrolment__person", "team").first():
        raise Refused(
            _("%(name)s is in team %(team)s already.")
            % {"name": found.enrolment.person.full_name, "team": found.team.name},
            code="taken",
        )


def _set_project(row: Project, values: Mapping[str, Any]) -> None:
    for name in _PROJECT:
        if name in values:
            setattr(row, name, values[name])
    if sum(row.weights.values()) != 100:
        raise Refused(_("The weights of the marks must make 100 percent."), code="invalid")
    if row.weights.get(MarkRole.COMPANY) and row.company is None:
        raise Refused(_("Say which company judges the work."), code="invalid")
    check(row)


def _open_for_projects(cohort: Cohort, by: User | None) -> None:
    require(by, rules.can_teach_cohort, cohort)
    if cohort.state == CohortState.ENDED:
        raise Refused(_("The cohort has ended; its projects stand."), code="wrong_state")
