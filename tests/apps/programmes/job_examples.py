"""A runnable example of each task: what it needs, and its arguments."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.programmes import tasks
from tests.apps.programmes.making import Stage, close, make_stage, score, started, take_in

TOTALS = {"K1": "90", "K2": "80", "K3": "70"}


def _arguments(stage: Stage) -> dict[str, Any]:
    return {"cohort": str(stage.cohort.uuid), "officer": str(stage.officer.uuid)}


def _closed_call() -> dict[str, Any]:
    stage = make_stage()
    take_in(stage, [(number, "24", ("a", "b")) for number in TOTALS])
    score(stage, TOTALS)
    close(stage)
    return _arguments(stage)


def _running_cohort() -> dict[str, Any]:
    stage = make_stage(hours=80)
    started(stage, TOTALS)
    return _arguments(stage)


def _ended_cohorts() -> dict[str, Any]:
    from tests.apps.programmes.test_warning_model import cohorts, in_a_row, now_and_then

    stage = make_stage(seats={"a": 20})
    cohorts(stage, now_and_then, in_a_row)
    return {"programme": str(stage.programme.uuid), "officer": str(stage.officer.uuid)}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.run_selection: _closed_call,
    tasks.decide_completions: _running_cohort,
    tasks.settle_certificates: _running_cohort,
    tasks.train_warning_model: _ended_cohorts,
    tasks.move_waiting_lists: dict,
    tasks.close_open_sessions: dict,
}
