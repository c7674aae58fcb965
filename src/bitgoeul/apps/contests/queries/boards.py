"""The board: teams by their score, then by who was earlier. What is shown, the policy says.

The order is found from the scores in force, whoever looks; which values and places a reader gets
is `visibility`'s answer. While a phase runs a team stands with its best public score, of those that
the Ladder shows where it rules; the final order is by the best private score among the entries that
the team chose (`Phase.finals`).
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from bitgoeul.apps.contests.enums import EntryState, TeamState
from bitgoeul.apps.contests.models import Phase, Task
from bitgoeul.apps.contests.queries.ladder import climbs
from bitgoeul.apps.contests.queries.visibility import (
    EVERYTHING,
    Viewer,
    scores_seen,
    viewer_of,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One team on the board. `tied`: another team has the same score."""

    place: int | None
    team: UUID
    team_id: int
    name: str
    public: float | None
    private: float | None
    entries: int
    received_at: dt.datetime
    own: bool = False
    tied: bool = False
    prize: str = ""


@dataclass(frozen=True, kw_only=True)
class Board:
    """A task's board as one reader sees it; a `ladder` shows significant improvements only."""

    task: Task
    lines: Sequence[Line]
    final: bool
    hidden: bool
    shows_public: bool
    shows_private: bool
    teams: int
    ladder: bool = False


class _Row(NamedTuple):
    """A scored entry in plain columns; `on_board` and `private` order, the seen ones are shown."""

    entry: int
    team_id: int
    team: UUID
    name: str
    received_at: dt.datetime
    chosen: bool
    public: float | None
    private: float | None
    on_board: float | None
    seen_public: float | None
    seen_private: float | None


_COLUMNS = (
    "entry_id", "entry__team_id", "entry__team__uuid", "entry__team__name",
    "entry__received_at", "entry__final", "public", "private", "on_board",
    "seen_public", "seen_private",
)  # fmt: skip


def boards_of(
    phase: Phase, user: Any, *, at: dt.datetime, final: bool = False
) -> tuple[list[Board], Viewer]:
    """Return the boards of a phase as a person sees them, and what the person sees of it.

    `final` asks for the order by private scores; who may not see those gets the public order.
    """
    viewer = viewer_of(phase, user, at=at)
    final = final and viewer.others.private
    tasks = phase.tasks.select_related("lab", "phase__contest")
    return [board_for(task, viewer, final=final) for task in tasks], viewer


def board_for(task: Task, viewer: Viewer, *, final: bool = False) -> Board:
    """Return a task's board as a viewer sees it."""
    rows = [row for row in _rows(task, viewer) if not final or _is_score(row.private)]
    best = _ordered(_by_team(rows, task, final=final), task, final=final)
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.team_id] = counts.get(row.team_id, 0) + 1
    lines = _numbered(best, counts, viewer, task, final=final)
    seen = [line for line in lines if viewer.of(line.team_id).rank]
    return Board(
        task=task,
        lines=seen,
        final=final,
        hidden=not viewer.others.rank,
        shows_public=any(line.public is not None for line in seen),
        shows_private=any(line.private is not None for line in seen),
        teams=len(lines),
        ladder=not final and climbs(task),
    )


def standing(phase: Phase) -> list[tuple[int, float]]:
    """Return the final order of a phase: team ids with the sum of their places over its tasks.

    A team without a score in a task stands behind all that have one. With one task this is the
    order of its final board.
    """
    everything = Viewer(own=EVERYTHING, others=EVERYTHING, team_id=None, organiser=True)
    total: dict[int, float] = {}
    first: dict[int, dt.datetime] = {}
    tasks = list(phase.tasks.select_related("lab", "phase__contest"))
    boards = [board_for(task, everything, final=True) for task in tasks]
    teams = {line.team_id for board in boards for line in board.lines}
    for board in boards:
        places = shared_places(board)
        for line in board.lines:
            known = first.get(line.team_id)
            first[line.team_id] = min(known, line.received_at) if known else line.received_at
        for team in teams:
            total[team] = total.get(team, 0) + places.get(team, len(board.lines) + 1)
    return [(team, total[team]) for team in sorted(teams, key=lambda one: (total[one], first[one]))]


def shared_places(board: Board) -> dict[int, int]:
    """Return places in which teams with one score share one: 1, 2, 2, 4."""
    found: dict[int, int] = {}
    place, last = 0, None
    for number, line in enumerate(board.lines, start=1):
        score = line.private if board.final else line.public
        if score != last:
            place, last = number, score
        found[line.team_id] = place
    return found


def _rows(task: Task, viewer: Viewer) -> list[_Row]:
    rows = scores_seen(task.phase, viewer).filter(
        entry__task=task,
        entry__state=EntryState.SCORED,
        entry__team__state=TeamState.ACTIVE,
        public__isnull=False,
    )
    found = (_Row(*values) for values in rows.values_list(*_COLUMNS))
    return [row for row in found if _is_score(row.public)]


def _is_score(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def counting(rows: Sequence[Any], most: int, *, higher: bool) -> list[Any]:
    """Return which of a team's entries count in the end: those chosen, else the best public."""
    chosen = [row for row in rows if row.chosen]
    if chosen:
        return chosen[:most]
    return sorted(rows, key=lambda row: (_key(row.public, higher=higher), row.received_at))[:most]


def _by_team(rows: Iterable[_Row], task: Task, *, final: bool) -> list[_Row]:
    higher = _higher(task)
    teams: dict[int, list[_Row]] = {}
    for row in rows:
        teams.setdefault(row.team_id, []).append(row)
    best = []
    for own in teams.values():
        some = counting(own, task.phase.finals, higher=higher) if final else own
        best.append(min(some, key=lambda row: _rank(row, higher=higher, final=final)))
    return best


def _ordered(rows: Iterable[_Row], task: Task, *, final: bool) -> list[_Row]:
    higher = _higher(task)
    return sorted(rows, key=lambda row: _rank(row, higher=higher, final=final))


def _rank(row: _Row, *, higher: bool, final: bool) -> tuple[float, dt.datetime, int]:
    score = row.private if final else row.on_board
    return (_key(score, higher=higher), row.received_at, row.entry)


def _key(score: float | None, *, higher: bool) -> float:
    if score is None or not math.isfinite(score):
        return math.inf
    return -score if higher else score


def _numbered(
    best: Sequence[_Row], counts: dict[int, int], viewer: Viewer, task: Task, *, final: bool
) -> list[Line]:
    scores = [row.private if final else row.on_board for row in best]
    lines = [
        Line(
            place=number,
            team=row.team,
            team_id=row.team_id,
            name=row.name,
            public=row.seen_public,
            private=row.seen_private if final else None,
            entries=counts[row.team_id],
            received_at=row.received_at,
            own=row.team_id == viewer.team_id,
            tied=scores.count(scores[number - 1]) > 1,
        )
        for number, row in enumerate(best, start=1)
    ]
    return with_prizes(lines, scores, task.phase.contest.prize_places)


def with_prizes(lines: Sequence[Line], scores: Sequence[float | None], places: int) -> list[Line]:
    """Mark who is within the prizes, and the group that is tied where the prizes end."""
    if not 0 < places < len(lines):
        return [replace(line, prize="in") for line in lines] if places else list(lines)
    cut = scores[places - 1]
    open_cut = scores[places] == cut
    marked = []
    for number, line in enumerate(lines):
        if open_cut and scores[number] == cut:
            marked.append(replace(line, prize="tied"))
        else:
            marked.append(replace(line, prize="in" if number < places else ""))
    return marked


def _higher(task: Task) -> bool:
    return task.lab is None or task.lab.higher_is_better
