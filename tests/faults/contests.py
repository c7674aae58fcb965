"""A contest whose team hands in while everything is killed: no entry lost, doubled or stuck."""

import datetime as dt
from collections import Counter
from typing import Any

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.models import Entry, Task, Team
from bitgoeul.apps.labs.services import Content
from bitgoeul.core.journal.models import Entry as JournalEntry
from tests.world import AT, World

ATTEMPTS = 1000
LINES = 60


def answers(wrong: int) -> bytes:
    """A file of answers of which the first ones are wrong."""
    lines = [f"{number},{(number + (number <= wrong)) % 2}" for number in range(1, LINES + 1)]
    return ("id,target\n" + "\n".join(lines) + "\n").encode()


def found_contest(world: World, captain: User) -> Task:
    """Make a running contest with a team; every row counts for both parts."""
    contest = services.create_contest(
        key="faults", kind="data", owner=world.university, title_ko="홀짝 대회", text_ko="-",
        registration_opens_at=AT - dt.timedelta(days=5),
        registration_closes_at=AT + dt.timedelta(days=5), by=None, at=AT,
    )  # fmt: skip
    phase = services.plan_phase(
        contest=contest, title_ko="예선", opens_at=AT - dt.timedelta(days=5),
        closes_at=AT + dt.timedelta(days=5), daily_limit=ATTEMPTS, by=None, at=AT,
    )  # fmt: skip
    task = services.add_prediction_task(
        phase=phase, title_ko="홀짝", task_ko="-", metric="accuracy", id_column="id",
        target_column="target", by=None, at=AT,
        train=Content("train.csv", b"a,target\n1,0\n"), test=Content("test.csv", b"id,a\n1,0\n"),
        sample=Content("sample.csv", answers(LINES)), truth=Content("truth.csv", answers(0)),
    )  # fmt: skip
    for action in ("publish", "start"):
        services.move_contest(contest=contest, action=action, by=None, at=AT)
    services.create_team(contest=contest, name="홀짝 팀", person=captain, by=captain, at=AT)
    return task


def put_in_flight(task: Task, number: int) -> dict[str, float]:
    """Hand in so many entries before anything runs; returns their scores by identifier."""
    team = Team.objects.select_related("captain", "contest").get(contest=task.phase.contest)
    found = {}
    for one in range(number):
        wrong = one % LINES
        entry = services.submit_entry(
            task=task, team=team, name="a.csv", content=answers(wrong), by=team.captain, at=AT
        )
        found[str(entry.uuid)] = 1 - wrong / LINES
    return found


def audit_entries(known: dict[str, float]) -> Counter[str]:
    """Count what may not be: entries that are lost, doubled, stuck, or scored wrongly."""
    rows: dict[str, Any] = {
        str(row.uuid): row
        for row in Entry.objects.select_related("submission").prefetch_related("scores")
    }
    scored = Counter(
        str(uuid)
        for uuid in JournalEntry.objects.filter(event="entry.score").values_list(
            "object_uuid", flat=True
        )
    )
    wrong: Counter[str] = Counter()
    wrong["entries lost"] += sum(uuid not in rows for uuid in known)
    for uuid, row in rows.items():
        scores = list(row.scores.all())
        wrong["entries without an end"] += row.state not in {"scored", "failed"}
        wrong["entries failed without a reason"] += row.state == "failed" and not row.reason
        wrong["entries not scored once"] += len(scores) != int(row.state == "scored")
        wrong["entries not journalled once"] += scored[uuid] != int(row.state == "scored")
        wrong["entries beside their file"] += row.submission.state != row.state
        if scores and uuid in known:
            wrong["wrong entry scores"] += abs(scores[0].public - known[uuid]) > 1e-9
    return wrong
