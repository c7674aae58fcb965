"""Tasks, their data, scorers and boards."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.api.room import room
from bitgoeul.apps.contests.forms import FinalsForm, LabTaskForm, PredictionTaskForm, RejudgeForm
from bitgoeul.apps.contests.queries.boards import Board, boards_of
from bitgoeul.apps.contests.queries.eligibility import team_of
from bitgoeul.apps.contests.queries.entries import task_page
from bitgoeul.apps.contests.queries.rejudging import changes_of, progress_of
from bitgoeul.apps.contests.views import boards as board_pages
from bitgoeul.apps.contests.views import tasks as pages
from bitgoeul.apps.contests.views.replies import contest_for, managed_phase
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, Request, require_files
from bitgoeul.core.api.rows import Made, Row, whole
from bitgoeul.core.api.values import Short


class TaskFileRow(Row):
    """A file of a task that everybody may have."""

    kind: str
    name: str
    sha256: str


class ContestTaskRow(Row):
    """A task of a contest in a list."""

    uuid: UUID
    phase: UUID
    number: int
    title_ko: str
    title_en: str


class TaskOut(ContestTaskRow):
    """A task with its data; to a team how many entries it has left."""

    kind: str
    task_ko: str
    task_en: str
    metric: str
    higher_is_better: bool
    id_column: str
    target_column: str
    takes_entries: bool
    files: list[TaskFileRow]
    left_today: int | None
    left_altogether: int | None


class BoardLine(Row):
    """A team on a board; what may not be seen is null."""

    place: int | None
    team: UUID
    name: str
    public: float | None
    private: float | None
    entries: int
    received_at: dt.datetime
    tied: bool
    prize: str


class BoardOut(Row):
    """The board of a task as its reader may see it."""

    task: UUID
    final: bool
    hidden: bool
    teams: int
    lines: list[BoardLine]


class DifferenceRow(Row):
    """What a candidate scorer would change for one entry."""

    entry: UUID
    public_before: float | None
    public_after: float | None
    private_before: float | None
    private_after: float | None


class ScorerRow(Row):
    """A version of how a task is scored."""

    uuid: UUID
    number: int
    state: str
    reason: str
    made_at: dt.datetime
    switched_at: dt.datetime | None


class RejudgeOut(Row):
    """A task's scorers, and what a candidate would change."""

    scorers: list[ScorerRow]
    tried: int
    total: int
    ready: bool
    changes: list[DifferenceRow]


@room.lists("/contests/{uuid:uuid}/tasks", ContestTaskRow, public=True)
def task_list(request: Request, uuid: UUID) -> Any:
    """List the tasks of a contest, phase by phase."""
    contest = contest_for(request, uuid)
    phases = contest.phases.prefetch_related("tasks")
    return whole([_row(task, phase) for phase in phases for task in phase.tasks.all()])


def _row(task: Any, phase: Any) -> dict[str, Any]:
    names = ("uuid", "number", "title_ko", "title_en")
    return {name: getattr(task, name) for name in names} | {"phase": phase.uuid}


@room.reads("/tasks/{uuid:uuid}", TaskOut, public=True)
def task_detail(request: Request, uuid: UUID) -> Any:
    """Read a task whose phase has begun; to a team how many entries it has left."""
    task = pages.task_for(request, uuid)
    page, lab = task_page(task, request.user, at=clock.now()), task.lab
    access.require(lab is not None)
    assert lab is not None
    names = ("kind", "task_ko", "task_en", "metric", "higher_is_better", "id_column",
             "target_column")  # fmt: skip
    files = [{name: getattr(file, name) for name in TaskFileRow.model_fields}
             for file in page["files"]]  # fmt: skip
    return (
        _row(task, task.phase)
        | {name: getattr(lab, name) for name in names}
        | {
            "takes_entries": page["takes"],
            "files": files,
            "left_today": page.get("left"),
            "left_altogether": page.get("left_altogether"),
        }
    )


room.hands_out(
    "/tasks/{uuid:uuid}/files/{slug:kind}", pages.task_file, CSV, name="task_file", public=True
)


@room.writes(
    "/phases/{uuid:uuid}/tasks",
    Made,
    status=201,
    body=PredictionTaskForm,
    files=PredictionTaskForm.FILES,
    most_bytes=4 * services.DATA_BYTES,
)
def task_create(request: Request, uuid: UUID) -> Any:
    """Add a task whose answer is a table of predictions, with its four files."""
    phase = managed_phase(request, uuid)
    require_files(request)
    facts = bind(request, PredictionTaskForm).facts()
    made = services.add_prediction_task(phase=phase, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/phases/{uuid:uuid}/tasks/lab", Made, status=201, body=LabTaskForm)
def task_create_lab(request: Request, uuid: UUID) -> Any:
    """Add a task from a lab that was made for it."""
    phase = managed_phase(request, uuid)
    facts = bind(request, LabTaskForm, contest=phase.contest).cleaned_data
    made = services.add_lab_task(phase=phase, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/tasks/{uuid:uuid}/finals", Made, method="PUT", body=FinalsForm)
def finals_choose(request: Request, uuid: UUID) -> Any:
    """Say which entries of one's team count in the end."""
    task = pages.task_for(request, uuid)
    team = team_of(task.phase.contest, request.user)
    access.require(team is not None)
    assert team is not None
    entries = list(bind(request, FinalsForm, team=team, task=task).cleaned_data["entries"])
    services.choose_finals(team=team, task=task, entries=entries, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.reads("/tasks/{uuid:uuid}/rejudge", RejudgeOut)
def rejudge(request: Request, uuid: UUID) -> Any:
    """Read a task's scorers, and what a candidate would change."""
    task = pages.managed_task(request, uuid)
    candidate = task.scorers.filter(state="candidate").first()
    progress = progress_of(candidate) if candidate else None
    names = [name for name in DifferenceRow.model_fields if name != "entry"]
    return {
        "scorers": [
            {name: getattr(row, name) for name in ScorerRow.model_fields}
            for row in task.scorers.all()
        ],
        "tried": progress.tried if progress else 0,
        "total": progress.total if progress else 0,
        "ready": bool(progress and progress.ready),
        "changes": [
            {"entry": one.entry.uuid} | {name: getattr(one, name) for name in names}
            for one in (changes_of(candidate) if candidate else [])
        ],
    }


@room.writes(
    "/tasks/{uuid:uuid}/rejudge",
    Made,
    status=201,
    body=RejudgeForm,
    most_bytes=services.DATA_BYTES,
)
def rejudge_start(request: Request, uuid: UUID) -> Any:
    """Try a new scorer on every entry, with a corrected `truth` if one is sent."""
    task = pages.managed_task(request, uuid)
    facts = bind(request, RejudgeForm).facts()
    made = services.start_rejudge(task=task, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/scorers/{uuid:uuid}/{slug:action}", Made)
def scorer_choose(request: Request, uuid: UUID, action: Short) -> Any:
    """`switch` to a candidate, or `drop` it."""
    scorer = pages.scorer_for(request, uuid)
    if action not in pages.CHOICES:
        raise Http404
    pages.CHOICES[action](scorer=scorer, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.lists("/phases/{uuid:uuid}/board", BoardOut, public=True)
def board(request: Request, uuid: UUID) -> Any:
    """Read the public boards of a phase, as one may see them."""
    return _boards(request, uuid, final=False)


@room.lists("/phases/{uuid:uuid}/board/final", BoardOut, public=True)
def board_final(request: Request, uuid: UUID) -> Any:
    """Read the final boards of a phase; before they are shown, the public ones."""
    return _boards(request, uuid, final=True)


def _boards(request: Request, uuid: UUID, *, final: bool) -> Any:
    phase = board_pages.phase_for(request, uuid)
    found, _viewer = boards_of(phase, request.user, at=clock.now(), final=final)
    return whole([_board(one) for one in found])


def _board(found: Board) -> dict[str, Any]:
    names = BoardLine.model_fields
    return {
        "task": found.task.uuid,
        "final": found.final,
        "hidden": found.hidden,
        "teams": found.teams,
        "lines": [{name: getattr(line, name) for name in names} for line in found.lines],
    }


@room.writes("/phases/{uuid:uuid}/advance", Made)
def phase_advance(request: Request, uuid: UUID) -> Any:
    """Let the best teams of a phase that has ended into the next."""
    services.advance_phase(phase=managed_phase(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}
