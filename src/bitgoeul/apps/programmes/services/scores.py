"""Stage scores, entered by hand or by file, until the selection is published."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, SelectionState
from bitgoeul.apps.programmes.models import Application, Cohort, Stage, StageScore
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class ScoreEntry:
    """What an applicant scored in a stage; scores of one line of a file share its uuid."""

    application: Application
    stage: Stage
    score: Decimal
    line: UUID = field(default_factory=uuid4)


def enter_stage_scores(
    *, cohort: Cohort, entries: Sequence[ScoreEntry], by: User | None, at: dt.datetime
) -> int:
    """Write scores, replacing earlier ones; returns how many.

    Raises
    ------
    Refused
        When the selection is published, or a score is outside its stage's range.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        _refuse_late(cohort)
        for entry in entries:
            _refuse_bad(entry, cohort)
        StageScore.objects.bulk_create(
            [
                StageScore(
                    application=entry.application,
                    stage=entry.stage,
                    score=entry.score,
                    entered_at=at,
                    entry_uuid=entry.line,
                )
                for entry in entries
            ],
            batch_size=_CHUNK,
            update_conflicts=True,
            unique_fields=["application", "stage"],
            update_fields=["score", "entered_at", "entry_uuid"],
        )
        _record(entries, by=by, at=at)
    return len(entries)


def take_back_stage_scores(
    *,
    cohort: Cohort,
    created: Collection[UUID],
    changed: Mapping[UUID, Mapping[str, Decimal]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Undo lines of a file: remove the scores of new lines, restore those of changed ones.

    `changed` holds, per line, the scores that stood before; a stage it does not name had none.

    Raises
    ------
    Refused
        `stale` when a score was entered again since.
    """
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        _refuse_late(cohort)
        lines = [*created, *changed]
        scores: list[StageScore] = []
        for start in range(0, len(lines), _CHUNK):
            scores += StageScore.objects.filter(
                application__cohort=cohort, entry_uuid__in=lines[start : start + _CHUNK]
            ).select_related("application", "stage")
        if {score.entry_uuid for score in scores} != set(lines):
            raise Refused(_("Some of these scores were entered again since."), code="stale")
        restored, removed = [], []
        for score in scores:
            old = changed.get(score.entry_uuid, {}).get(score.stage.key)
            if old is None:
                removed.append(score.pk)
            else:
                score.score = old
                restored.append(score)
        StageScore.objects.bulk_update(restored, ["score"], batch_size=_CHUNK)
        for start in range(0, len(removed), _CHUNK):
            StageScore.objects.filter(pk__in=removed[start : start + _CHUNK]).delete()
        journal.record(
            event="stage_scores.taken_back",
            by=by,
            at=at,
            on=cohort,
            details={"removed": len(removed), "restored": len(restored)},
        )


def _locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    )


def _refuse_late(cohort: Cohort) -> None:
    if cohort.state not in {CohortState.APPLYING, CohortState.SELECTING}:
        raise Refused(_("Scores are entered before the selection only."), code="wrong_state")
    if cohort.selection_rounds.filter(state=SelectionState.PUBLISHED).exists():
        raise Refused(_("The selection is published; its scores stand."), code="wrong_state")


def _refuse_bad(entry: ScoreEntry, cohort: Cohort) -> None:
    same = entry.application.cohort_id == entry.stage.cohort_id == cohort.pk
    if not same or not 0 <= entry.score <= entry.stage.top_score:
        raise Refused(
            _("Application %(number)s: the score %(score)s is not possible in this stage.")
            % {"number": entry.application.number, "score": entry.score},
            code="invalid",
        )


def _record(entries: Sequence[ScoreEntry], *, by: User | None, at: dt.datetime) -> None:
    by_application: dict[int, tuple[Application, dict[str, Decimal]]] = {}
    for entry in entries:
        own = by_application.setdefault(entry.application.pk, (entry.application, {}))[1]
        own[entry.stage.key] = entry.score
    journal.record_many(
        event="stage_score.entered",
        by=by,
        at=at,
        changes=[
            Change(on=application, after=own, details={"stages": sorted(own)})
            for application, own in by_application.values()
        ],
    )
