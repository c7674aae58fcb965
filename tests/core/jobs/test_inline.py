"""What becomes of a job, seen through `run_pending`; the same code runs in a worker's child."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.utils import translation

from bitgoeul.core import jobs
from bitgoeul.core.jobs import inline, queue, running
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _effect_table():
    sample_tasks.make_effect_table()
    with translation.override("en"):
        yield


def ran(task, **kwargs) -> Job:
    job = jobs.enqueue(task, **kwargs)
    jobs.run_pending()
    job.refresh_from_db()
    return job


def test_effects_and_result_come_with_the_end():
    job = ran(sample_tasks.note, word="a")
    assert (job.state, job.result, sample_tasks.effects()) == ("done", {"wrote": "a"}, ["a"])
    assert job.started_at
    assert job.finished_at
    assert job.lease_until is None


def test_a_failing_commit_leaves_no_effect():
    job = ran(sample_tasks.note_then_fail, word="a")
    assert (job.state, sample_tasks.effects()) == ("failed", [])


def test_unexpected_exceptions_are_tried_three_times_then_explained():
    job = ran(sample_tasks.stumble)
    assert (job.state, job.attempts, job.failures) == ("failed", 3, 2)
    assert str(job.uuid)[:8] in job.reason
    assert "nobody expected" not in job.reason
    assert "RuntimeError: nobody expected" in job.error


def test_retries_wait_in_a_worker():
    job = jobs.enqueue(sample_tasks.stumble)
    jobs.run_pending(limit=1)
    job.refresh_from_db()
    assert job.state == "ready"
    assert job.retry_at
    assert queue.claim(worker="w", at=AT) is None


def test_refused_is_final_and_says_why():
    job = ran(sample_tasks.refuse)
    assert (job.state, job.reason, job.attempts) == ("failed", "the file is empty", 1)


def test_validation_errors_are_reasons():
    job = ran(sample_tasks.invalid)
    assert (job.state, job.reason, job.attempts) == ("failed", "first wrong second wrong", 1)


def test_unknown_tasks_end_with_a_reason():
    job = jobs.enqueue(sample_tasks.refuse)
    Job.objects.update(task="tests.core.jobs.sample_tasks.gone")
    jobs.run_pending()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "sample_tasks.gone" in job.reason


def test_a_path_to_any_other_function_is_not_run():
    job = jobs.enqueue(sample_tasks.refuse)
    Job.objects.update(task="os.getpid")
    jobs.run_pending()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.result is None


def test_a_lost_database_leaves_the_job_to_its_lease():
    job = jobs.enqueue(sample_tasks.lose_database)
    with pytest.raises(OperationalError):
        jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, job.reason, job.failures) == ("running", "", 0)
    assert job.lease_until


def test_an_interruption_by_the_database_says_so():
    job = jobs.enqueue(sample_tasks.lose_database)
    claimed = queue.claim(worker="w", at=job.created_at)
    ending = running.run(claimed, jobs.Silent())
    running.record(claimed, ending)
    Job.objects.update(lease_until=AT - dt.timedelta(days=365))
    queue.sweep(at=AT)
    job.refresh_from_db()
    assert (job.state, job.interruptions) == ("ready", 1)
    assert job.reason == "The database was not available while this task ran."
    assert "server closed the connection" in job.error


def test_progress_is_stored_and_ends_full():
    job = ran(sample_tasks.count_rows, total=7)
    assert (job.progress_done, job.progress_total, job.progress_note) == (7, 7, "row 7")


def test_a_job_asked_to_stop_ends_cancelled_without_effects(monkeypatch):
    job = jobs.enqueue(sample_tasks.note, word="a")
    original = queue.finish

    def asked_in_the_last_moment(claimed, outcome, *, at):
        assert jobs.cancel(Job.objects.get(pk=job.pk), at=at)
        original(claimed, outcome, at=at)

    monkeypatch.setattr(queue, "finish", asked_in_the_last_moment)
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, sample_tasks.effects()) == ("cancelled", [])
    assert job.reason == "Stopped on request."


def test_progress_notices_a_cancellation():
    job = jobs.enqueue(sample_tasks.count_rows, total=3)
    claimed = queue.claim(worker="w", at=job.created_at)
    jobs.cancel(job, at=AT)
    with pytest.raises(jobs.Cancelled):
        inline.DirectProgress(claimed).step(1, 3)


def test_a_waiting_job_is_cancelled_at_once():
    job = jobs.enqueue(sample_tasks.note, word="a")
    assert jobs.cancel(job, at=AT)
    assert (job.state, job.finished_at) == ("cancelled", AT)
    assert jobs.run_pending() == 0
    assert not jobs.cancel(job, at=AT)


def test_tasks_see_the_given_moment():
    job = jobs.enqueue(sample_tasks.tell_time)
    jobs.run_pending(at=AT)
    job.refresh_from_db()
    assert (job.result, job.finished_at) == (AT.isoformat(), AT)


def test_limit_stops_early():
    for word in "abc":
        jobs.enqueue(sample_tasks.note, word=word)
    assert jobs.run_pending(limit=2) == 2
    assert sample_tasks.effects() == ["a", "b"]


def test_reasons_speak_the_language_of_whoever_asked():
    with translation.override("ko"):
        job = jobs.enqueue(sample_tasks.wait_long, word="a")
    claimed = queue.claim(worker="w", at=job.created_at)
    with translation.override("en"):
        queue.end_cancelled(claimed, at=AT)
    job.refresh_from_db()
    with translation.override("ko"):
        assert job.reason == translation.gettext("Stopped on request.")


def test_a_lease_from_a_clock_set_back_is_shortened():
    job = jobs.enqueue(sample_tasks.note, word="a")
    queue.claim(worker="w", at=job.created_at)
    far = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    Job.objects.update(lease_until=far)
    queue.sweep(at=AT)
    job.refresh_from_db()
    assert job.state == "running"
    assert job.lease_until < far - dt.timedelta(minutes=30)


HOUR = dt.timedelta(hours=1)


def test_a_clock_that_jumps_forward_while_a_job_runs_does_its_work_once():
    """To the sweep the lease has ended: another worker takes the job, and only one may end it."""
    job = jobs.enqueue(sample_tasks.note, word="a")
    slow = queue.claim(worker="slow", at=job.created_at)
    Job.objects.update(lease_until=dt.datetime.now(dt.UTC) - HOUR)
    assert queue.sweep(at=AT) == 1
    quick = queue.claim(worker="quick", at=job.created_at)
    assert not queue.beat(slow).held, "the slow one hears that it lost the job"
    queue.finish(quick, "quick", at=AT)
    with pytest.raises(queue.LeaseLostError):
        queue.finish(slow, "slow", at=AT)
    job.refresh_from_db()
    assert (job.state, job.result, job.interruptions) == ("done", "quick", 1)


def test_a_worker_that_beats_before_the_sweep_keeps_its_job_over_the_jump():
    job = jobs.enqueue(sample_tasks.note, word="a")
    claimed = queue.claim(worker="w", at=job.created_at)
    Job.objects.update(lease_until=dt.datetime.now(dt.UTC) - HOUR)
    assert queue.beat(claimed).held
    assert queue.sweep(at=AT) == 0
    queue.finish(claimed, None, at=AT)


def test_a_second_try_planned_by_a_clock_that_was_set_back_does_not_wait_for_it():
    job = jobs.enqueue(sample_tasks.note, word="a")
    Job.objects.update(retry_at=dt.datetime.now(dt.UTC) + HOUR)
    queue.sweep(at=AT)
    job.refresh_from_db()
    assert job.retry_at < dt.datetime.now(dt.UTC) + HOUR / 2
