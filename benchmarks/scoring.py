"""Scoring a submission: pandas with scikit-learn, and `bitgoeul.engines.scoring`, side by side.

    nice -n 15 python benchmarks/scoring.py                    # a million rows
    nice -n 15 python benchmarks/scoring.py --rows 10000000    # ten million
    nice -n 15 python benchmarks/scoring.py --ranks            # 200 teams, 100,000 rows

Both read files that polars wrote (ids shuffled), each in a process of its own, one after the
other; CPU is that of the process.  The peer reads truth and submission, merges them by id and asks
scikit-learn, as the usual scorer of a contest does.  Ours reads the truth once for all
submissions; what that costs stands in a column of its own.  Values must be the same.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TASKS = {
    "accuracy + macro-F1": ("class", ("accuracy", "macro_f1")),
    "ROC-AUC + log loss": ("chance", ("roc_auc", "log_loss")),
    "RMSE + MAE": ("value", ("rmse", "mae")),
    "accuracy + macro-F1, string ids": ("named", ("accuracy", "macro_f1")),
}
BARS = {"named": {1_000_000: 25.0}}
BAR = {1_000_000: 7.0, 10_000_000: 9.0}


def write_files(folder: Path, *, rows: int, ordered: bool) -> None:
    """Truth and submission of every task, the same for the same number of rows."""
    import numpy as np
    import polars

    random = np.random.default_rng(1)
    order = np.arange(rows) if ordered else random.permutation(rows)
    ids = np.arange(rows)
    classes = random.integers(0, 10, rows)
    guess = np.where(random.random(rows) < 0.7, classes, random.integers(0, 10, rows))
    labels = random.integers(0, 2, rows)
    chance = np.clip(0.3 * labels + 0.7 * random.random(rows), 0.001, 0.999).round(6)
    values = random.normal(100, 20, rows).round(3)
    near = (values + random.normal(0, 5, rows)).round(4)
    columns = {"class": (classes, guess), "chance": (labels, chance), "value": (values, near)}
    if rows <= 1_000_000:
        columns["named"] = (classes, guess)
    for name, (truth, given) in columns.items():
        own: Any = ids
        if name == "named":
            own = np.char.add("case-", np.char.zfill(ids.astype(str), 9))
        for kind, key, target in (("truth", own, truth), ("guess", own[order], given[order])):
            frame = polars.DataFrame({"id": key, "y": target})
            frame.write_csv(folder / f"{name}-{kind}.csv")


def with_pandas(truth: str, guess: str, metrics: tuple[str, ...]) -> list[float]:
    """What a scorer of a contest usually does."""
    import pandas
    from sklearn import metrics as sk

    known, given = pandas.read_csv(truth), pandas.read_csv(guess)
    both = known.merge(given, on="id", how="left", suffixes=("_t", "_g"), validate="1:1")
    t, g = both["y_t"].to_numpy(), both["y_g"].to_numpy()
    assert len(given) == len(known)
    assert not both["y_g"].isna().any()
    by_name = {
        "accuracy": lambda: sk.accuracy_score(t, g),
        "macro_f1": lambda: sk.f1_score(t, g, average="macro"),
        "roc_auc": lambda: sk.roc_auc_score(t, g),
        "log_loss": lambda: sk.log_loss(t, g),
        "rmse": lambda: sk.root_mean_squared_error(t, g),
        "mae": lambda: sk.mean_absolute_error(t, g),
    }
    return [float(by_name[metric]()) for metric in metrics]


def measure(engine: str, files: list[str], metrics: tuple[str, ...], repeat: int) -> dict[str, Any]:
    """Run in this process: CPU seconds of each repetition, the first (imports, files) left out."""
    index = 0.0
    if engine == "ours":
        from bitgoeul.engines.scoring import read_truth, score_all

        for _ in range(2):  # the first loads the kernels
            begun = time.process_time()
            known = read_truth(files[0], id="id", target="y")
            _ = known.ids.index, known.codes
            index = time.process_time() - begun

        def run() -> list[float | None]:
            return [one.score for one in score_all(known, files[1], metrics=metrics)]
    else:

        def run() -> list[float | None]:
            return list(with_pandas(files[0], files[1], metrics))

    values, cpu, wall = run(), [], []
    for _ in range(repeat):
        before, begun = time.process_time(), time.perf_counter()
        values = run()
        cpu.append(time.process_time() - before)
        wall.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    middle = statistics.median
    return {
        "cpu": middle(cpu), "wall": middle(wall), "peak": peak, "index": index, "values": values,
    }  # fmt: skip


def measure_ranks() -> None:
    """Bootstrap intervals of ranks: one matrix product under Poisson weights."""
    import numpy as np

    from bitgoeul.engines.scoring import rank_intervals

    random = np.random.default_rng(1)
    teams, rows = 200, 100_000
    hard = random.random(rows)
    wrong = [(0.8 * hard + 0.2 * random.random(rows)) < 0.2 + 0.0005 * k for k in range(teams)]
    losses = np.array(wrong, dtype=np.float32)
    begun = time.process_time()
    found = rank_intervals([f"team {k}" for k in range(teams)], losses, seed=1, prizes=10)
    cpu = time.process_time() - begun
    first = found.teams[2]
    print(f"{teams} teams, {rows:,} rows, 1,000 replicates: {cpu:.2f} CPU-s (bar 6)")
    print(f"rank {first.rank}: {first.lowest}-{first.highest}; tied at 10: {len(found.tied)}")


def child(engine: str, folder: Path, task: str, repeat: int) -> dict[str, Any]:
    """Measure in a process of its own, on one thread as the limits of a job have it."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, __file__, "--child", engine, task, str(folder), str(repeat)],
        env=os.environ | one, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


def main() -> None:
    """Measure every task and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ordered", action="store_true", help="submissions in the truth's order")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--ranks", action="store_true", help="bootstrap intervals of ranks only")
    args = parser.parse_args()
    if args.ranks:
        measure_ranks()
        return
    if args.child:
        engine, task, folder, repeat = args.child
        if engine == "files":
            write_files(Path(folder), rows=args.rows, ordered=args.ordered)
            return
        name, metrics = TASKS[task]
        files = [str(Path(folder) / f"{name}-{kind}.csv") for kind in ("truth", "guess")]
        print(json.dumps(measure(engine, files, metrics, int(repeat))))
        return
    print(
        f"{args.rows:,} rows, load {os.getloadavg()[0]:.1f}, CPU seconds (median of {args.repeat})"
    )
    print("| task | pandas + scikit-learn | ours | ratio | bar | with the index | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        # In a process of its own too: a child's peak begins at its parent's.
        options = ["--rows", str(args.rows), *(["--ordered"] if args.ordered else [])]
        command = [sys.executable, __file__, *options, "--child", "files", "", name, "0"]
        subprocess.run(command, check=True)
        for task, (kind, _) in TASKS.items():
            if (Path(name) / f"{kind}-truth.csv").exists():
                peer = child("peer", Path(name), task, args.repeat)
                ours = child("ours", Path(name), task, args.repeat)
                same = zip(peer["values"], ours["values"], strict=True)
                assert all(math.isclose(*pair, rel_tol=1e-11) for pair in same), (peer, ours)
                bar = BARS.get(kind, BAR).get(args.rows)
                print(
                    f"| {task} | {peer['cpu']:.3f} | {ours['cpu']:.3f} | "
                    f"{peer['cpu'] / ours['cpu']:.1f} | {bar or ''} | "
                    f"{peer['cpu'] / (ours['cpu'] + ours['index']):.1f} | "
                    f"{peer['peak']:.0f} : {ours['peak']:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
