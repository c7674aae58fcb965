"""A runnable example of each task: what it needs, and its arguments."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.contests import services, tasks
from bitgoeul.core.jobs.models import Job
from tests.apps.contests.bench import answers, make_bench
from tests.world import AT


def _entry() -> dict[str, Any]:
    bench = make_bench()
    return {"entry": str(bench.hand_in(bench.team(0), answers()).uuid)}


def _candidate() -> dict[str, Any]:
    bench = make_bench()
    entry = bench.hand_in(bench.team(0), answers())
    outcome = services.evaluate_entry(entry=entry.uuid)
    services.record_result(entry=entry.uuid, outcome=outcome, at=AT)
    scorer = services.start_rejudge(task=bench.task, reason="-", by=bench.officer, at=AT)
    return {"entry": str(entry.uuid), "scorer": str(scorer.uuid)}


def _entry_without_job() -> dict[str, Any]:
    bench = make_bench()
    bench.hand_in(bench.team(0), answers())
    Job.objects.all().delete()
    return {}


def _phase_that_ended() -> dict[str, Any]:
    bench = make_bench(advances=1)
    services.plan_phase(
        contest=bench.contest, title_ko="본선", opens_at=bench.phase.closes_at,
        closes_at=bench.phase.closes_at.replace(year=2030), by=None, at=AT,
    )  # fmt: skip
    return {}


def _invitation() -> dict[str, Any]:
    bench = make_bench()
    team = bench.team(0)
    made = services.invite_member(team=team, by=team.captain, at=AT, email="b@team.example")
    return {"invitation": str(made.uuid)}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.score_entry: _entry,
    tasks.rescore_entry: _candidate,
    tasks.settle_entries: _entry_without_job,
    tasks.advance_phases: _phase_that_ended,
    tasks.send_invitation_letter: _invitation,
    tasks.forget_bundles: dict,
}
