"""Kill workers at random moments and count: nothing lost, nothing doubled, nothing without end.

Also a program: `python -m tests.core.jobs.chaos --kills 200 --jobs 2000 [--seed 1]` prints the
figures of docs/reliability.md.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.core.jobs.harness import Installation

LEASE_SECONDS = 2.0
WORK = "Worker(capacity=2, poll_seconds=0.05).run()"

ENQUEUE = """
import random
from django.db import transaction
random.seed({seed})
with transaction.atomic():
    for index in range({jobs}):
        jobs.enqueue(s.note, word=f"job {{index}}", seconds=random.uniform(0, {longest}))
Job.objects.update(max_interruptions=1000)
"""
HOLDERS = """
tell([Job.objects.filter(dedupe=None, state__in=["ready", "running"]).exists(),
      list(Job.objects.filter(state="running").values_list("worker", flat=True))])
"""
LEFT = 'tell(Job.objects.filter(dedupe=None, state__in=["ready", "running"]).count())'
COUNT = """
from collections import Counter
words = Counter(s.effects())
asked = Job.objects.filter(dedupe=None)  # without the queue's own housekeeping
tell({
    "jobs": asked.count(),
    "done": asked.filter(state="done").count(),
    "lost": sum(f"job {index}" not in words for index in range(asked.count())),
    "doubled": sum(count > 1 for count in words.values()),
    "interrupted": asked.filter(attempts__gt=1).count(),
    "most_attempts": max(asked.values_list("attempts", flat=True)),
    "integrity": connection.cursor().execute("PRAGMA integrity_check").fetchone()[0]
        if connection.vendor == "sqlite" else "postgresql",
})
"""


def _busy(installation: Installation, workers: list[subprocess.Popen[bytes]]) -> list[int]:
    """Return the workers that hold a job now, as soon as there is one; none when all is done."""
    while True:
        left, holders = installation.run(HOLDERS)
        pids = {int(name.split(":")[1]) for name in holders}
        found = [index for index, worker in enumerate(workers) if worker.pid in pids]
        if found or not left:
            return found
        time.sleep(0.05)


def run(
    folder: Path, *, kills: int, jobs: int, seed: int, longest: float, patience: float
) -> dict[str, Any]:
    """Run the jobs on two workers that are killed again and again; return the figures."""
    chance = random.Random(seed)
    started = time.monotonic()
    installation = Installation(folder, lease=LEASE_SECONDS)
    workers: list[subprocess.Popen[bytes]] = []
    killed = 0
    try:
        installation.run(ENQUEUE.format(seed=seed, jobs=jobs, longest=longest))
        workers = [installation.start(WORK) for _ in range(2)]
        while killed < kills and (busy := _busy(installation, workers)):
            time.sleep(chance.uniform(0, 0.5))
            index = chance.choice(busy)
            workers[index].kill()
            workers[index].wait()
            killed += 1
            workers[index] = installation.start(WORK)
        deadline = time.monotonic() + patience
        while installation.run(LEFT) and time.monotonic() < deadline:
            time.sleep(0.5)
        figures: dict[str, Any] = installation.run(COUNT)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        installation.remove()
    return figures | {"kills": killed, "seconds": round(time.monotonic() - started, 1)}


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--longest", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), **vars(args), patience=600)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    django.setup()
    main()
