"""What grading one notebook costs: `nbgrader autograde` and `bitgoeul grade`, side by side.

    python -m venv /tmp/nbgrader && /tmp/nbgrader/bin/pip install nbgrader
    python benchmarks/grading.py --nbgrader /tmp/nbgrader/bin --copies 5

The notebooks are nbgrader's own user guide (`../shared/data/labs`), two people, copied so that a
batch is large enough.  CPU is that of the processes and of everything below them, as the kernel
counted it; marks must be the same.  The second part measures what a run costs over its own time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bitgoeul.runner import LocalRunner, Mode, Task, Tier, grade_notebook, read_source

LABS = Path(__file__).resolve().parents[2] / "shared" / "data" / "labs" / "nbgrader" / "nbgrader"
GUIDE = LABS / "docs" / "source" / "user_guide"
PEOPLE = ("bitdiddle", "hacker")
PROBLEM = "problem1"
PAUSE = 0.3


def cpu_of_children() -> float:
    """Processor time of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def course(folder: Path, *, copies: int) -> None:
    """An nbgrader course with one assignment of one notebook, handed in by `copies` of each."""
    source = folder / "source" / "ps1"
    source.mkdir(parents=True)
    for name in (f"{PROBLEM}.ipynb", "jupyter.png"):
        shutil.copy(GUIDE / "source" / "ps1" / name, source / name)
    for who in PEOPLE:
        for number in range(copies):
            there = folder / "submitted" / f"{who}{number}" / "ps1"
            there.mkdir(parents=True)
            for name in (f"{PROBLEM}.ipynb", "jupyter.png"):
                shutil.copy(GUIDE / "submitted" / who / "ps1" / name, there / name)


def with_nbgrader(programs: Path, *, copies: int) -> dict[str, Any]:
    """Autograde the course; CPU of `nbgrader autograde` alone, and the marks it wrote down."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course(folder, copies=copies)
        env = dict(os.environ) | {"PATH": f"{programs}:{os.environ['PATH']}"}
        env.pop("PYTHONPATH", None)
        quiet: dict[str, Any] = {
            "cwd": folder, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
        }  # fmt: skip
        program = str(programs / "nbgrader")
        subprocess.run([program, "generate_assignment", "ps1"], check=True, **quiet)
        before, begun = cpu_of_children(), time.monotonic()
        subprocess.run([program, "autograde", "ps1"], check=True, **quiet)
        seconds, cpu = time.monotonic() - begun, cpu_of_children() - before
        with sqlite3.connect(folder / "gradebook.db") as base:
            rows = base.execute(
                "SELECT student_id, SUM(COALESCE(auto_score, 0)) FROM grade "
                "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
                "JOIN submitted_assignment "
                "ON submitted_notebook.assignment_id = submitted_assignment.id GROUP BY 1"
            ).fetchall()
    return {
        "cpu": cpu,
        "seconds": seconds,
        "marks": {who.rstrip("0123456789"): m for who, m in rows},
    }


def with_ours(here: LocalRunner, mode: Mode, *, copies: int) -> dict[str, Any]:
    """Grade the same notebooks; CPU of this process, the warmed parent and everything below."""
    source = read_source((GUIDE / "source" / "ps1" / f"{PROBLEM}.ipynb").read_bytes())
    handed_in = {
        who: (GUIDE / "submitted" / who / "ps1" / f"{PROBLEM}.ipynb").read_bytes() for who in PEOPLE
    }
    marks: dict[str, float | None] = {}
    before, begun = everything(here), time.monotonic()
    for _ in range(copies):
        for who, content in handed_in.items():
            marks[who] = grade_notebook(source, content, runner=here, mode=mode).total
    time.sleep(0.3)  # the last attendants are reaped by then
    return {
        "cpu": everything(here) - before,
        "seconds": time.monotonic() - begun - 0.3,
        "marks": marks,
    }


def everything(here: LocalRunner) -> float:
    """Processor seconds of this process and of the whole family of the warmed parent."""
    own = time.process_time()
    assert here._parent
    waiting, total = [here._parent.pid], own
    ticks = os.sysconf("SC_CLK_TCK")
    while waiting:
        pid = waiting.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        total += sum(int(ticks_used) for ticks_used in fields[11:15]) / ticks
        waiting += [int(child) for child in children]
    return total


def overhead(here: LocalRunner, *, runs: int) -> dict[str, float]:
    """What an empty run costs, in ms: on the clock (median, fastest) and of the processor."""
    walls = []
    before = everything(here)
    for _ in range(runs):
        time.sleep(PAUSE)  # runs come one by one: the walls for the next stand meanwhile
        begun = time.perf_counter()
        assert here.run(Task("code", {"source": "pass"})).done
        walls.append((time.perf_counter() - begun) * 1000)
    time.sleep(0.3)
    return {
        "median": statistics.median(walls),
        "fastest": min(walls),
        "cpu": (everything(here) - before) * 1000 / runs,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--nbgrader", type=Path, help="folder of nbgrader's program")
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--runs", type=int, default=100)
    args = parser.parse_args()
    count = args.copies * len(PEOPLE)
    found: dict[str, Any] = {"load": os.getloadavg()[0], "notebooks": count}
    peer = with_nbgrader(args.nbgrader, copies=args.copies) if args.nbgrader else None
    if peer:
        found["nbgrader"] = {"cpu each": peer["cpu"] / count, "marks": peer["marks"]}
    for tier in Tier:
        here = LocalRunner(tiers=(tier,))
        if here.tier is None:
            found[tier] = here.complaints
            continue
        told: dict[str, Any] = {"empty run, ms": overhead(here, runs=args.runs)}
        for mode in Mode:
            ours = with_ours(here, mode, copies=args.copies)
            row = {"cpu each": ours["cpu"] / count, "marks": ours["marks"]}
            if peer:
                assert ours["marks"] == peer["marks"], (ours["marks"], peer["marks"])
                row["times less cpu"] = peer["cpu"] / ours["cpu"]
            told[mode] = row
        found[tier] = told
        here.close()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
