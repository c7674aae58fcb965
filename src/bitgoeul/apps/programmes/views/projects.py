"""Assignments and company projects: one's own and those one teaches or judges."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.projects import (
    HandInForm,
    MarkForm,
    MilestoneForm,
    NewProjectForm,
    PeerForm,
    ProjectFilter,
    ProjectForm,
    TeamForm,
)
from bitgoeul.apps.programmes.models import Cohort, Enrolment, HandIn, Milestone, Project, Team
from bitgoeul.apps.programmes.queries.projects import (
    peer_result_of,
    people_in,
    project_results_in,
    projects_listed,
    result_rows,
    team_lines,
)
from bitgoeul.apps.programmes.views.loading import note_download, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import (
    Crumb,
    acting,
    address,
    crumbs_of,
    done,
    form_page,
    note_choices,
)
from bitgoeul.core import access, clock, exports, uploads
from bitgoeul.core.pages import page_of

_NEAR = (
    "cohort__programme__organiser", "cohort__programme__agreement", "cohort__rule_set", "track",
    "company", "module",
)  # fmt: skip
_TEAM = ("mentor", *(f"project__{path}" for path in _NEAR))


@require_safe
@access.signed_in
def project_list(request: SignedInRequest) -> HttpResponse:
    """List what one has to do, teaches or judges."""
    filters = ProjectFilter(request.GET)
    asked = filters.cleaned_data["cohort"] if filters.is_valid() else None
    found = projects_listed(rules.projects_visible_to(request.user), cohort=str(asked or ""))
    page = page_of(found, request.GET.get("page"))
    context = {"page": page, "give": _give(request, asked) if asked else ""}
    return render(request, "programmes/project_list.html", context)


@require_safe
@access.signed_in
def project_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a project: to a trainee their own team, to staff, mentors and company theirs."""
    row = _project(request, uuid)
    teaches = rules.can_teach_project(request.user, row)
    seen = Team.objects.filter(rules.teams_visible_to(request.user)).values("pk")
    milestones = list(row.milestones.order_by("order"))
    lines = team_lines(row, Team.objects.filter(pk__in=seen), milestones)
    note_reading(request, people_in(lines), what="project_detail", about=uuid)
    judged = {line.team.pk: rules.marking_roles(request.user, line.team) for line in lines}
    mine = next((x for x in lines for one in x.members if one.person_id == request.user.pk), None)
    context = {
        "project": row, "cohort": row.cohort, "teaches": teaches, "lines": lines, "mine": mine,
        "milestones": milestones, "now": clock.now(),
        "to_do": mine is not None or (not teaches and _has_to_do(row, request)),
        "judged": judged, "judges": any(judged.values()),
        "peers": _peers(request, mine) if row.peer_review else None,
    }  # fmt: skip
    return render(request, "programmes/project_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def project_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give a cohort something to do."""
    cohort = taught_cohort(request, uuid)
    form = NewProjectForm(request.POST or None, cohort=cohort)

    def give() -> None:
        values = {**form.cleaned_data}
        milestones = values.pop("milestones")
        facts = {"values": values, "milestones": milestones, **acting(request)}
        services.give_project(cohort=cohort, **facts)

    to = f"{reverse('programmes:project_list')}?cohort={cohort.uuid}"
    title, said = _("Give a project or an assignment"), _("It is given, and the trainees are told.")
    return form_page(request, form, give, title=title, said=said, to=to, crumbs=crumbs_of(cohort))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def project_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a project."""
    row = _taught(request, uuid)
    form = ProjectForm(request.POST or None, cohort=row.cohort, instance=row)
    return form_page(
        request,
        form,
        lambda: services.change_project(project=row, values=form.cleaned_data, **acting(request)),
        title=_("Change a project"),
        said=_("The project is changed."),
        to=address("project_detail", row),
        crumbs=_crumbs(row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def milestone_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a due date."""
    row = _taught(request, uuid)
    form = MilestoneForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.add_milestone(project=row, **form.cleaned_data, **acting(request)),
        title=_("Add a due date"),
        said=_("The due date is added."),
        to=address("project_detail", row),
        crumbs=_crumbs(row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Make a team."""
    row = _taught(request, uuid)
    form = TeamForm(request.POST or None, project=row)
    note_choices(request, form, "members", "mentor")
    return form_page(
        request,
        form,
        lambda: services.save_team(project=row, **form.cleaned_data, **acting(request)),
        title=_("Make a team"),
        said=_("The team is made."),
        to=address("project_detail", row),
        crumbs=_crumbs(row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change who is in a team."""
    team = _taught_team(request, uuid)
    row = team.project
    form = TeamForm(request.POST or None, project=row, team=team)
    note_choices(request, form, "members", "mentor")
    facts = {"team": team, **acting(request)}
    return form_page(
        request,
        form,
        lambda: services.save_team(project=row, **form.cleaned_data, **facts),
        title=_("Change a team"),
        said=_("The team is changed."),
        to=address("project_detail", row),
        crumbs=_crumbs(row),
        remove=address("team_remove", team),
        remove_ask=_("Dissolve this team? Only one that has handed in nothing can go."),
    )


@require_POST
@access.signed_in
def team_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Dissolve a team."""
    team = _taught_team(request, uuid)
    return done(
        request,
        lambda: services.remove_team(team=team, **acting(request)),
        said=_("The team is dissolved."),
        to=address("project_detail", team.project),
    )


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def hand_in(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in for a due date."""
    row = own_milestone(request, uuid)
    form = HandInForm(request.POST or None, request.FILES or None)

    def give() -> None:
        facts = {"text": form.cleaned_data["text"], "work": form.work(), "at": clock.now()}
        services.hand_in(milestone=row, person=request.user, **facts)

    return form_page(
        request, form, give, title=row.title, said=_("It has been handed in."),
        to=address("project_detail", row.project), crumbs=_crumbs(row.project),
        lede=row.project.title,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def hand_in_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out what a team handed in."""
    visible = rules.teams_visible_to(request.user, "team__")
    row = access.get(HandIn.objects.select_related("handed_in_by"), visible, uuid=uuid)
    access.require(bool(row.file))
    note_download(request, [row.handed_in_by.uuid], what="hand_in_file", about=uuid)
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_mark(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Judge a team's work as instructor, mentor or company."""
    team, roles = judged_team(request, uuid)
    form = MarkForm(request.POST or None, roles=roles, initial=_standing_mark(team, roles))
    return form_page(
        request,
        form,
        lambda: services.mark_team(team=team, **form.cleaned_data, **acting(request)),
        title=_("Judge the work"),
        said=_("The mark is given, and the team is told."),
        to=address("project_detail", team.project),
        crumbs=_crumbs(team.project),
        lede=team.project.title,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def peer_review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say of each other member of one's team how the work together was."""
    team, others = reviewed_team(request, uuid)
    data = request.POST if request.method == "POST" else None
    forms = [PeerForm(data, about=one) for one in others]
    good = [form.is_valid() for form in forms]  # every one, so that all faults show at once
    if data is not None and all(good):
        judgements = [form.judgement() for form in forms]
        return done(
            request,
            lambda: services.review_peers(
                team=team, person=request.user, judgements=judgements, at=clock.now()
            ),
            said=_("Thank you. The others see it only among three or more."),
            to=address("project_detail", team.project),
        )
    context = {"project": team.project, "cohort": team.project.cohort, "forms": forms}
    status = 200 if data is None else 422
    return render(request, "programmes/peer_review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def project_results(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out everyone's results in all projects of a cohort."""
    cohort = taught_cohort(request, uuid)
    rows = Enrolment.objects.filter(cohort=cohort).select_related("person", "track")
    people = list(rows.order_by("track__key", "person__full_name", "id"))
    note_download(request, [one.person.uuid for one in people], what="project_results")
    header = [
        _("Full name"), _("E-mail"), _("Track"), _("Project"), _("Kind"), _("Points of 100"),
        _("Pass mark"), _("Passed"),
    ]  # fmt: skip
    results = project_results_in(cohort.pk, people)
    name = f"projects-{cohort.programme.key}-{cohort.number}"
    return exports.table_response(form, name, header, result_rows(people, results))


def own_milestone(request: Any, uuid: UUID) -> Milestone:
    """Return a due date of a project that is the person's to do."""
    near = [f"project__{path}" for path in _NEAR]
    mine = rules.projects_to_do_of(request.user, "project__")
    return access.get(Milestone.objects.select_related(*near), mine, uuid=uuid)


def judged_team(request: Any, uuid: UUID) -> tuple[Team, list[str]]:
    """Return a team whose work the person judges, and in which roles."""
    visible = rules.teams_visible_to(request.user)
    team = access.get(Team.objects.select_related(*_TEAM), visible, uuid=uuid)
    roles = rules.marking_roles(request.user, team)
    access.require(bool(roles))
    return team, roles


def reviewed_team(request: Any, uuid: UUID) -> tuple[Team, list[Enrolment]]:
    """Return the person's own team of a project with peer review, and its other members."""
    rows = Team.objects.select_related(*_TEAM).filter(project__uuid=uuid, project__peer_review=True)
    team = rows.filter(memberships__enrolment__person=request.user).first()
    access.require(team is not None)
    assert team is not None
    others = Enrolment.objects.filter(team_memberships__team=team).exclude(person=request.user)
    return team, list(others.select_related("person").order_by("person__full_name", "id"))


def _standing_mark(team: Team, roles: list[str]) -> dict[str, Any]:
    found = team.marks.filter(role__in=roles[:1]).first()
    known = {"points": found.points, "comment": found.comment} if found else {}
    return {"role": roles[0], **known}


def _give(request: SignedInRequest, cohort: UUID) -> str:
    found = Cohort.objects.filter(rules.cohorts_taught_by(request.user), uuid=cohort).first()
    return address("project_create", found) if found else ""


def _peers(request: SignedInRequest, mine: Any) -> Any:
    if mine is None:
        return None
    me = next(one for one in mine.members if one.person_id == request.user.pk)
    return peer_result_of(me, mine.team)


def _has_to_do(row: Project, request: SignedInRequest) -> bool:
    found = Project.objects.filter(rules.projects_to_do_of(request.user), pk=row.pk)
    return found.exists()


def _project(request: SignedInRequest, uuid: UUID) -> Project:
    visible = rules.projects_visible_to(request.user)
    return access.get(Project.objects.select_related(*_NEAR), visible, uuid=uuid)


def _taught(request: SignedInRequest, uuid: UUID) -> Project:
    visible = rules.projects_taught_by(request.user)
    return access.get(Project.objects.select_related(*_NEAR), visible, uuid=uuid)


def _taught_team(request: SignedInRequest, uuid: UUID) -> Team:
    visible = rules.of_taught_cohorts(request.user, "project__cohort")
    return access.get(Team.objects.select_related(*_TEAM), visible, uuid=uuid)


def _crumbs(row: Project) -> list[Crumb]:
    return crumbs_of(row.cohort, (row.title, address("project_detail", row)))
