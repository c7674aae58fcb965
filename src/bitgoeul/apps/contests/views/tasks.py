"""A task: read by everybody once its phase has begun; teams hand in; officers score anew."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.forms import (
    EntryForm,
    FinalsForm,
    LabTaskForm,
    PredictionTaskForm,
    RejudgeForm,
    content_of,
)
from bitgoeul.apps.contests.models import Scorer, Task, Team
from bitgoeul.apps.contests.queries.eligibility import team_of
from bitgoeul.apps.contests.queries.entries import task_page
from bitgoeul.apps.contests.queries.rejudging import changes_of, progress_of
from bitgoeul.apps.contests.views.replies import attempt, form_page, managed_phase
from bitgoeul.apps.contests.views.teams import note
from bitgoeul.apps.labs.models import LabFile
from bitgoeul.apps.labs.rules import HIDDEN_KINDS
from bitgoeul.core import access, clock, uploads
from bitgoeul.core.errors import Refused

CHOICES = {"switch": services.switch_scorer, "drop": services.drop_scorer}


@uploads.body_up_to(4 * services.DATA_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def task_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a task whose answer is a table of predictions."""
    phase = managed_phase(request, uuid)
    form = PredictionTaskForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        services.add_prediction_task,
        template="contests/task_form.html",
        done=_("The task has been added."),
        then=lambda made: reverse("contests:contest_plan", args=[phase.contest.uuid]),
        facts=lambda: {"phase": phase, **form.facts()},
        contest=phase.contest,
        phase=phase,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def task_create_lab(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a task from a lab that was made for it."""
    phase = managed_phase(request, uuid)
    form = LabTaskForm(request.POST or None, contest=phase.contest)
    return form_page(
        request,
        form,
        services.add_lab_task,
        template="contests/task_form.html",
        done=_("The task has been added."),
        then=lambda made: reverse("contests:contest_plan", args=[phase.contest.uuid]),
        facts=lambda: {"phase": phase, **form.cleaned_data},
        contest=phase.contest,
        phase=phase,
    )


@require_safe
def task_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a task with its data; to a team what it handed in and what it has left."""
    task = task_for(request, uuid)
    context = task_page(task, request.user, at=clock.now())
    if context["team"] is not None:
        context["form"] = EntryForm(task=task)
        note_mates(request, context)
    return render(request, "contests/task_detail.html", context)


@require_safe
def task_file(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponseBase:
    """Hand out a file of a task; the truth does not exist here."""
    task = task_for(request, uuid)
    rows = LabFile.objects.filter(lab=task.lab_id).exclude(kind__in=HIDDEN_KINDS)
    file = access.get(rows, access.EVERYBODY, kind=kind)
    return FileResponse(file.file.open("rb"), as_attachment=True, filename=file.name)


@uploads.body_up_to(services.ENTRY_BYTES + 100_000)
@require_POST
@access.signed_in
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in for one's team; what is not as asked is said, and costs no attempt."""
    task = task_for(request, uuid)
    team = own_team(request, task)
    form = EntryForm(request.POST, request.FILES, task=task)
    if form.is_valid():
        try:
            entry = services.submit_entry(
                task=task, team=team, by=request.user, at=clock.now(),
                **entry_facts(form, task),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Received. It is scored as soon as it is its turn."))
            return redirect("contests:entry_detail", uuid=entry.uuid)
    context = task_page(task, request.user, at=clock.now()) | {"form": form}
    note_mates(request, context)
    return render(request, "contests/task_detail.html", context, status=422)


def note_mates(request: HttpRequest, context: dict[str, Any]) -> None:
    """Record whose entries a task's page shows."""
    people = [row.entry.person for row in context["entries"]]
    note(request, people, what="entries", about=context["task"].uuid)


def own_team(request: SignedInRequest, task: Task) -> Team:
    """Return the team for which one hands in to a task."""
    team = team_of(task.phase.contest, request.user)
    access.require(team is not None)
    assert team is not None
    return team


def entry_facts(form: EntryForm, task: Task) -> dict[str, Any]:
    """Return what the service takes of a form, for both doors."""
    kind = task.lab.kind if task.lab else "prediction"
    file = content_of(form.cleaned_data["file"], services.ENTRY_DOORS[kind])
    said = {name: form.cleaned_data.get(name) or "" for name in ("note", "external_data")}
    return {"name": file.name, "content": file.data, **said}


@require_POST
@access.signed_in
def finals_choose(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say which entries count in the end."""
    task = task_for(request, uuid)
    team = own_team(request, task)
    form = FinalsForm(request.POST, team=team, task=task)
    if form.is_valid():
        entries = list(form.cleaned_data["entries"])
        done = _("These entries count in the end.") if entries else _("Your best entries count.")
        attempt(request, services.choose_finals, done, team=team, task=task, entries=entries)
    else:
        messages.error(request, _("Only scored entries of the team can count."))
    return redirect("contests:task_detail", uuid=uuid)


@uploads.body_up_to(services.DATA_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rejudge(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a task's scorers and what a candidate would change; try a new one."""
    task = managed_task(request, uuid)
    candidate = task.scorers.filter(state="candidate").select_related("lab").first()
    form = RejudgeForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        services.start_rejudge,
        template="contests/rejudge.html",
        done=_("Every entry is being scored anew; the board stays as it is until you switch."),
        then=lambda made: reverse("contests:rejudge", args=[uuid]),
        facts=lambda: {"task": task, **form.facts()},
        contest=task.phase.contest,
        task=task,
        scorers=task.scorers.all(),
        candidate=candidate,
        progress=progress_of(candidate) if candidate else None,
        changes=changes_of(candidate) if candidate else [],
    )


@require_POST
@access.signed_in
def scorer_choose(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Let a candidate rule, or give it up."""
    scorer = scorer_for(request, uuid)
    if action not in CHOICES:
        raise Http404
    done = _("The board is by the new scorer now.") if action == "switch" else _("Given up.")
    attempt(request, CHOICES[action], done, scorer=scorer)
    return redirect("contests:rejudge", uuid=scorer.task.uuid)


def task_for(request: HttpRequest, uuid: UUID) -> Task:
    """Return a task whose phase has begun, or that one runs."""
    rows = Task.objects.select_related("phase__contest__owner", "phase__contest__agreement", "lab")
    return access.get(rows, rules.tasks_visible_to(request.user, at=clock.now()), uuid=uuid)


def managed_task(request: HttpRequest, uuid: UUID) -> Task:
    """Return a task of a contest that one runs."""
    rows = Task.objects.select_related("phase__contest__owner", "phase__contest__agreement", "lab")
    visible = rules.contests_managed_by(request.user, prefix="phase__contest__")
    return access.get(rows, visible, uuid=uuid)


def scorer_for(request: HttpRequest, uuid: UUID) -> Scorer:
    """Return a scorer of a contest that one runs."""
    rows = Scorer.objects.select_related("task__phase__contest__owner", "lab")
    visible = rules.contests_managed_by(request.user, prefix="task__phase__contest__")
    return access.get(rows, visible, uuid=uuid)
