"""What is handed in during a phase: a task with its lab, which nobody reaches but through here."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.enums import ContestKind, ScorerState
from bitgoeul.apps.contests.models import Contest, Phase, Scorer, Task
from bitgoeul.apps.contests.services.permission import check
from bitgoeul.apps.contests.services.phases import locked_phase
from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


class PredictionFacts(TypedDict, total=False):
    """What a task with predictions asks for."""

    task_ko: str
    task_en: str
    source: str
    metric: str
    id_column: str
    target_column: str
    usage_column: str
    train: labs.Content
    test: labs.Content
    sample: labs.Content
    truth: labs.Content


def add_prediction_task(
    *,
    phase: Phase,
    title_ko: str,
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
    **facts: Unpack[PredictionFacts],
) -> Task:
    """Add a task whose answer is a table of predictions.

    The truth is a table like Kaggle's `solution.csv`: where `usage_column` says Public or
    Private, rows count for the board or for the end; without it every row counts for both.

    Raises
    ------
    Refused
        When the files do not fit each other: the sample must be scored by the truth.
    """
    with transaction.atomic():
        row = _open_phase(phase, by)
        number = row.tasks.count() + 1
        lab = labs.create_lab(
            key=_key(row, number),
            title_ko=title_ko,
            title_en=title_en,
            owner=row.contest.owner,
            pass_score=0.0,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            held_by=row.contest,
            by=by,
            at=at,
            **facts,
        )
        return _write(row, number, lab, title_ko=title_ko, title_en=title_en, by=by, at=at)


def add_lab_task(
    *,
    phase: Phase,
    lab: Lab,
    title_ko: str,
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
) -> Task:
    """Add a task from a lab that was made for it: a function or a notebook, still a draft.

    From then on the lab is reached through the contest only.

    Raises
    ------
    Refused
        When the lab is not a draft of the contest's owner, or is held already.
    """
    with transaction.atomic():
        row = _open_phase(phase, by)
        if lab.owner_id != row.contest.owner_id:
            raise Refused(_("The lab belongs to another organisation."), code="invalid")
        held = labs.hold_lab(lab=lab, held_by=row.contest, by=by, at=at)
        number = row.tasks.count() + 1
        return _write(row, number, held, title_ko=title_ko, title_en=title_en, by=by, at=at)


def holds(contest: Contest, lab: Lab) -> bool:
    """Tell whether a lab is a contest's."""
    return lab.held_by_uuid == contest.uuid


def _open_phase(phase: Phase, by: User | None) -> Phase:
    row = locked_phase(phase, by)
    if row.contest.kind != ContestKind.DATA:
        raise Refused(_("People judge a pitch contest; it has no tasks."), code="wrong_kind")
    return row


def _write(
    phase: Phase, number: int, lab: Lab, *, title_ko: str, title_en: str, by: User | None,
    at: dt.datetime,
) -> Task:  # fmt: skip
    task = Task(phase=phase, number=number, title_ko=title_ko, title_en=title_en, lab=lab)
    check(task)
    task.save(force_insert=True)
    Scorer.objects.create(
        task=task, number=1, lab=lab, state=ScorerState.CURRENT, made_at=at, switched_at=at
    )
    journal.record(
        event="task.added",
        by=by,
        at=at,
        on=task,
        after={"title_ko": title_ko, "lab": lab.uuid},
        details={"phase": str(phase.uuid), "kind": lab.kind},
    )
    return task


def _key(phase: Phase, number: int) -> str:
    return f"{phase.contest.key[:40]}-{phase.number}-{number}"
