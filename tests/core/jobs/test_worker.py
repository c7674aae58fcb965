"""Real workers with real children: crashes, limits, cancellation, signals."""

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.core.jobs.harness import Installation

MISHAPS = {
    # task: (state, attempts, words of the reason)
    "hog_memory": ("failed", 1, "limit of 128 MB"),
    "segfault": ("dead", 3, "SIGSEGV"),
    "be_killed": ("dead", 3, "killed from outside"),
    "leave_silently": ("dead", 3, "without saying why"),
    "sleep_long": ("failed", 1, "limit of 1 seconds"),
    "refuse": ("failed", 1, "the file is empty"),
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock():
        made = Installation(tmp_path_factory.mktemp("queue"))
        yield made
        made.remove()


@pytest.fixture
def start(installation):
    """Start workers that do not outlive the test, whatever becomes of it."""
    started = []

    def start_one(code):
        started.append(installation.start(code))
        return started[-1]

    yield start_one
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture(scope="module")
def mishaps(installation):
    """Run every mishap, two jobs at a time, and see what is left."""
    return installation.run_apart(
        f"""
        for name in {sorted(MISHAPS)}:
            jobs.enqueue(getattr(s, name))
        jobs.enqueue(s.note, word="after")
        Worker(burst=True, capacity=2, poll_seconds=0.05).run()
        time.sleep(3)
        told = {{job.task.rpartition(".")[2]: [job.state, job.attempts, job.reason]
                for job in Job.objects.all()}}
        tell([told, s.effects()])
        """
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MISHAPS))
def test_every_mishap_ends_with_state_and_reason(mishaps, name):
    state, attempts, words = MISHAPS[name]
    found = mishaps[0][name]
    assert found[:2] == [state, attempts]
    assert words in found[2]


@pytest.mark.slow
def test_the_worker_outlives_them_and_grandchildren_do_not(mishaps):
    assert mishaps[1] == ["after"]


@pytest.mark.slow
def test_a_running_job_is_stopped_on_request(installation):
    state, reason, effects = installation.run_apart(
        """
        job = jobs.enqueue(s.wait_long, word="cancelled")
        worker = Worker(burst=True, poll_seconds=0.05)
        connection.close()
        pid = os.fork()
        if pid == 0:
            while True:
                row = Job.objects.get(pk=job.pk)
                if row.state == "running":
                    break
                time.sleep(0.05)
            jobs.cancel(row, at=row.created_at)
            os._exit(0)
        import bitgoeul.core.jobs.queue as queue
        queue.lease_seconds = lambda: 1.5
        worker.run()
        job.refresh_from_db()
        tell([job.state, job.reason, s.effects()])
        """
    )
    assert (state, reason) == ("cancelled", "Stopped on request.")
    assert "cancelled" not in effects


def _until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def _started(installation, word):
    return installation.run_apart(
        f'tell(Job.objects.filter(args__word="{word}", attempts__gt=0).exists())'
    )


@pytest.mark.slow
def test_sigterm_lets_the_running_job_finish(installation, start):
    installation.run('jobs.enqueue(s.note, word="finished", seconds=1.5)')
    worker = start("Worker(poll_seconds=0.05, grace_seconds=20).run()")
    _until(lambda: _started(installation, "finished"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=40) == 0
    state, effects = installation.run(
        'tell([Job.objects.get(args__word="finished").state, s.effects()])'
    )
    assert state == "done"
    assert "finished" in effects


@pytest.mark.slow
def test_sigterm_hands_a_long_job_back_unharmed(installation, start):
    installation.run('jobs.enqueue(s.wait_long, word="handed")')
    worker = start("Worker(poll_seconds=0.05, grace_seconds=0.2).run()")
    _until(lambda: _started(installation, "handed"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=40) == 0
    found = installation.run(
        """
        job = Job.objects.get(args__word="handed")
        tell([job.state, job.interruptions, job.attempts])
        job.delete()
        """
    )
    assert found == ["ready", 0, 1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child's life to its parent")
def test_a_killed_worker_takes_its_child_along(installation, start):
    installation.run('jobs.enqueue(s.wait_long, word="orphan")')
    worker = start("Worker(poll_seconds=0.05).run()")
    _until(lambda: _started(installation, "orphan"))
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    (child,) = _until(lambda: children.read_text().split())
    worker.kill()
    worker.wait()
    _until(lambda: not Path(f"/proc/{child}").exists())
    state = installation.run(
        """
        job = Job.objects.get(args__word="orphan")
        tell(job.state)
        job.delete()
        """
    )
    assert state == "running"  # until its lease ends
