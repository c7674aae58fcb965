"""A Hypothesis state machine drives the real queue; its oracle is the small model in `Model`.

The model knows nothing of SQL: it says, for every step, which job may be claimed and who may
still end it. Any difference (a stale worker that finishes, a job claimed twice, a doubled
effect, a cancelled job that is done) fails and shrinks to the shortest story.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bitgoeul.core import jobs
from bitgoeul.core.jobs import queue
from bitgoeul.core.jobs.enums import FINAL, State
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

LIMIT = 3
RETRIES = 1


@dataclass
class Known:
    """What the model knows of one job."""

    state: str = "ready"
    dedupe: str | None = None
    priority: int = 0
    fence: int = 0
    interruptions: int = 0
    failures: int = 0
    cancel: bool = False
    waits: bool = False
    effects: int = 0


@dataclass
class Model:
    """The jobs, and every claim ever handed out."""

    jobs: dict[int, Known] = field(default_factory=dict)
    claims: list[queue.Claim] = field(default_factory=list)

    def holds(self, claim: queue.Claim) -> bool:
        known = self.jobs[claim.id]
        return known.state == "running" and known.fence == claim.fence

    def interrupted(self, known: Known) -> None:
        known.interruptions += 1
        if known.cancel:
            known.state = "cancelled"
            known.interruptions -= 1
        else:
            known.state = "dead" if known.interruptions >= LIMIT else "ready"


class QueueMachine(RuleBasedStateMachine):
    """Every way in which workers, people and accidents can touch the queue."""

    any_claim = st.integers(0, 30)

    @initialize()
    def empty(self) -> None:
        Job.objects.all().delete()
        self.model = Model()
        self.effects: dict[int, int] = {}

    def _some_claim(self, index: int) -> queue.Claim:
        return self.model.claims[index % len(self.model.claims)]

    @rule(dedupe=st.sampled_from([None, None, "a", "b"]), priority=st.integers(-1, 1))
    def enqueue(self, dedupe: str | None, priority: int) -> None:
        live = [
            pk
            for pk, known in self.model.jobs.items()
            if dedupe and known.dedupe == dedupe and known.state in {"ready", "running"}
        ]
        job = jobs.enqueue(sample_tasks.refuse, dedupe=dedupe, priority=priority)
        if live:
            assert [job.pk] == live
        else:
            assert job.pk not in self.model.jobs
            self.model.jobs[job.pk] = Known(dedupe=dedupe, priority=priority)

    @rule(impatient=st.booleans())
    def claim(self, impatient: bool) -> None:
        due = [
            (-known.priority, pk)
            for pk, known in self.model.jobs.items()
            if known.state == "ready" and (impatient or not known.waits)
        ]
        claimed = queue.claim(worker="w", at=timezone.now(), ignore_backoff=impatient)
        assert (claimed is not None) == bool(due)
        if claimed is not None:
            assert claimed.id == min(due)[1]
            known = self.model.jobs[claimed.id]
            known.state, known.waits = "running", False
            known.fence += 1
            assert claimed.fence == known.fence
            self.model.claims.append(claimed)

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def finish(self, index: int) -> None:
        claimed = self._some_claim(index)
        known = self.model.jobs[claimed.id]
        allowed = self.model.holds(claimed) and not known.cancel

        def effect() -> None:
            self.effects[claimed.id] = self.effects.get(claimed.id, 0) + 1

        if allowed:
            queue.finish(claimed, jobs.Commit(effect), at=timezone.now())
            known.state, known.effects = "done", known.effects + 1
        else:
            with pytest.raises(queue.LeaseLostError):
                queue.finish(claimed, jobs.Commit(effect), at=timezone.now())

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def beat(self, index: int) -> None:
        claimed = self._some_claim(index)
        seen = queue.beat(claimed, progress=(1, 2, "half"))
        holds = self.model.holds(claimed)
        assert seen.held == holds
        assert seen.cancel_requested == (holds and self.model.jobs[claimed.id].cancel)

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def retry(self, index: int) -> None:
        claimed = self._some_claim(index)
        done = queue.retry(claimed, "odd", retries=RETRIES, at=timezone.now())
        assert done == self.model.holds(claimed)
        if done:
            known = self.model.jobs[claimed.id]
            if known.failures < RETRIES:
                known.state, known.waits = "ready", True
                known.failures += 1
            else:
                known.state = "failed"

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def refuse(self, index: int) -> None:
        claimed = self._some_claim(index)
        done = queue.refuse(claimed, "no", at=timezone.now())
        assert done == self.model.holds(claimed)
        if done:
            self.model.jobs[claimed.id].state = "failed"

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def release(self, index: int) -> None:
        claimed = self._some_claim(index)
        done = queue.release(claimed)
        assert done == self.model.holds(claimed)
        if done:
            self.model.jobs[claimed.id].state = "ready"

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def crash(self, index: int) -> None:
        claimed = self._some_claim(index)
        done = queue.interrupt(claimed, "killed", at=timezone.now())
        assert done == self.model.holds(claimed)
        if done:
            self.model.interrupted(self.model.jobs[claimed.id])

    @precondition(lambda self: self.model.claims)
    @rule()
    def leases_end(self) -> None:
        running = [known for known in self.model.jobs.values() if known.state == "running"]
        Job.objects.filter(state=State.RUNNING).update(
            lease_until=timezone.now() - timedelta(seconds=5)
        )
        assert queue.sweep(at=timezone.now()) == len(running)
        for known in running:
            self.model.interrupted(known)

    @precondition(lambda self: self.model.claims)
    @rule()
    def sweep_finds_nothing(self) -> None:
        assert queue.sweep(at=timezone.now()) == 0

    @precondition(lambda self: self.model.jobs)
    @rule(index=st.integers(0, 30))
    def cancel(self, index: int) -> None:
        pk = sorted(self.model.jobs)[index % len(self.model.jobs)]
        known = self.model.jobs[pk]
        stopped = jobs.cancel(Job.objects.get(pk=pk), at=timezone.now())
        assert stopped == (known.state in {"ready", "running"})
        if known.state == "ready":
            known.state = "cancelled"
        elif known.state == "running":
            known.cancel = True

    @precondition(lambda self: self.model.claims)
    @rule(index=any_claim)
    def worker_sees_cancellation(self, index: int) -> None:
        claimed = self._some_claim(index)
        if self.model.jobs[claimed.id].cancel:
            done = queue.end_cancelled(claimed, at=timezone.now())
            assert done == self.model.holds(claimed)
            if done:
                self.model.jobs[claimed.id].state = "cancelled"

    @invariant()
    def agrees(self) -> None:
        rows: list[dict[str, Any]] = list(Job.objects.values())
        assert {row["id"]: row["state"] for row in rows} == {
            pk: known.state for pk, known in self.model.jobs.items()
        }
        for row in rows:
            known = self.model.jobs[row["id"]]
            assert row["fence"] == row["attempts"] == known.fence
            assert row["interruptions"] == known.interruptions
            if row["state"] in FINAL:
                assert row["finished_at"]
                assert row["state"] == "done" or row["reason"]

    @invariant()
    def effects_happen_once(self) -> None:
        done = [pk for pk, known in self.model.jobs.items() if known.state == "done"]
        assert self.effects == dict.fromkeys(done, 1)


@pytest.mark.django_db
def test_queue_agrees_with_its_model() -> None:
    run_state_machine_as_test(
        QueueMachine,
        settings=settings(
            max_examples=1000 if os.environ.get("BITGOEUL_LONG") else 80,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_model_finds_a_queue_without_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine itself is tested: with the fence taken out it must find the fault."""
    monkeypatch.setattr(
        queue, "held", lambda claimed: Job.objects.filter(pk=claimed.id, state=State.RUNNING)
    )
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(
            QueueMachine,
            settings=settings(
                max_examples=1000,
                stateful_step_count=40,
                deadline=None,
                database=None,
                print_blob=False,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
