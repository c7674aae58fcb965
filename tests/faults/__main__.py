"""Kill the parts of a working installation at random moments, then audit it.

python -m tests.faults --kills 500 --database sqlite [--seed 1] [--port 8120] [--keep FOLDER]
python -m tests.faults --kills 50 --database both --times 10     # twenty runs, a thousand kills

Prints one JSON object per run, with several runs their sum as the last; exits 1 when anything is
wrong.
"""

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Of a hundred kills; where the work is most of them, where all must start again fewest.
SHARES = {"job": 33, "worker": 27, "web worker": 15, "web": 8, "supervisor": 8, "postmaster": 9}
SHARES_OF_PROGRAMS = {"job": 20, "worker": 40, "web worker": 25, "web": 15, "postmaster": 0}
QUIET_SECONDS = 120.0
KINDS = ("sqlite", "postgres")
LEASE_SECONDS = "2"
ADDED = (
    "posts",
    "in doubt",
    "organisations",
    "imports written",
    "submissions scored",
    "rounds published",
    "reports published",
    "jobs interrupted",
    "left behind",
    "starts",
    "seconds",
)


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database", choices=(*KINDS, "both"), default="sqlite")
    parser.add_argument("--times", type=int, default=1, help="so many runs, each with its seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8120)
    parser.add_argument(
        "--parts", help="kill these, in this order: worker,job (default: by chance)"
    )
    parser.add_argument("--entries", type=int, default=0, help="entries of a contest in flight")
    parser.add_argument("--few", action="store_true", help="four people, and no housekeeping")
    parser.add_argument(
        "--programs",
        type=int,
        default=0,
        help="a class that hands in so many programs; without --few nobody else",
    )
    parser.add_argument("--longest", type=float, default=1.5, help="seconds between two kills")
    parser.add_argument("--minutes", type=float, default=1e6, help="stop killing after these")
    parser.add_argument("--keep", type=Path, help="run here and leave everything for looking at")
    args = parser.parse_args()
    if args.few:
        os.environ["FAULTS_FEW"] = "1"
    if args.programs:
        os.environ["FAULTS_PROGRAMS"] = "1"
    if args.times > 1 or args.database == "both":
        return _many(args)
    folder = args.keep or Path(tempfile.mkdtemp(prefix="bitgoeul-faults-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    try:
        with _database(args.database, folder) as server:
            figures = _run(args, folder, server)
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if figures["wrong"] else 0


def _many(args: argparse.Namespace) -> int:
    """Run again and again, each in an installation of its own, and add up."""
    kinds = KINDS if args.database == "both" else (args.database,)
    ended: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for seed, kind in itertools.product(range(args.seed, args.seed + args.times), kinds):
        words = ["--kills", str(args.kills), "--database", kind, "--seed", str(seed)]
        words += ["--programs", str(args.programs)]
        words += ["--port", str(args.port), "--longest", str(args.longest)]
        ran = subprocess.run(
            [sys.executable, "-m", "tests.faults", *words], stdout=subprocess.PIPE, check=False
        )
        sys.stdout.write(ran.stdout.decode() or json.dumps({"seed": seed, "exit": ran.returncode}))
        sys.stdout.flush()
        ended["ended well" if ran.returncode == 0 else "ended badly"] += 1
        if ran.stdout:
            figures = json.loads(ran.stdout)
            total.update({key: figures[key] for key in ADDED} | {f"kills {kind}": figures["kills"]})
            total.update({f"killed {part}": count for part, count in figures["killed"].items()})
    sys.stdout.write(json.dumps({**ended, **total}) + "\n")
    return 1 if ended["ended badly"] else 0


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[Any]:
    from tests.faults.installation import Server

    for name in [name for name in os.environ if name.startswith("BITGOEUL_")]:
        del os.environ[name]
    os.environ |= {
        "BITGOEUL_DATA_DIR": str(folder / "data"),
        "BITGOEUL_LEASE_SECONDS": LEASE_SECONDS,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    server = Server(folder) if kind == "postgres" else None
    if server is None:
        yield None
        return
    os.environ["DATABASE_URL"] = server.url
    try:
        yield server
    finally:
        server.remove()


def _run(args: argparse.Namespace, folder: Path, server: Any) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from bitgoeul.cli.startup import pending_migrations

    if pending_migrations():
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.faults import audit, contests
    from tests.faults.alliance import found
    from tests.faults.installation import Installation
    from tests.faults.writers import FEW, Memory, class_of, crowd

    alliance, memory = found(), Memory()
    if args.entries:
        task = contests.found_contest(alliance.world, alliance.graduates[-1])
        memory.entries = contests.put_in_flight(task, args.entries)
    installation = Installation(folder / "data", port=args.port)
    begun, load = time.monotonic(), os.getloadavg()[0]
    people = crowd(alliance, memory, address=installation.address, seed=args.seed)
    if args.few:
        people = [{type(person): person for person in people}[kind] for kind in FEW]
    learners = class_of(alliance, memory, installation.address, args.seed, args.programs)
    if args.programs:
        people = [*people, *learners] if args.few else list(learners)
    try:
        installation.start()
        assert installation.wait_until_up(), "the product does not start"
        for person in people:
            person.start()
        killed, busy = _kill(args, installation, server)
        _wait_for_all(learners, installation)
        for person in people:
            person.over.set()
        for person in people:
            person.join(90)
        _let_it_end(installation)
    finally:
        code = installation.end()
    return {
        "database": args.database,
        "seed": args.seed,
        "kills": sum(killed.values()),
        "killed": dict(sorted(killed.items())),
        "kills while a job ran": busy,
        **audit.done(memory),
        **audit.audit(memory),
        "left behind": installation.orphans,
        "starts": installation.starts,
        "longest until up": round(installation.longest, 1),
        "exit": code,
        "stuck": memory.stuck[:10],
        "refused": dict(Counter(memory.refused).most_common(5)),
        "seconds": round(time.monotonic() - begun),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
    }


def _wait_for_all(learners: Any, installation: Any) -> None:
    """Let a class hand in what it has not handed in while there were kills."""
    deadline = time.monotonic() + QUIET_SECONDS * 5
    while not all(one.done for one in learners) and time.monotonic() < deadline:
        installation.ensure()
        time.sleep(0.2)


def _kill(args: argparse.Namespace, installation: Any, server: Any) -> tuple[Counter[str], int]:
    chance = random.Random(args.seed)
    chosen = SHARES_OF_PROGRAMS if args.programs else SHARES
    shares = {name: share for name, share in chosen.items() if server or name != "postmaster"}
    killed: Counter[str] = Counter()
    busy = 0
    last = time.monotonic() + 60 * args.minutes
    order = itertools.cycle(args.parts.split(",") if args.parts else [""])
    while sum(killed.values()) < args.kills and time.monotonic() < last:
        name = next(order) or chance.choices(list(shares), weights=list(shares.values()))[0]
        # One in eight falls into a start; the others meet an installation at work.
        if chance.random() > 0.125:
            assert installation.wait_until_up(), f"does not come up again after {dict(killed)}"
        time.sleep(chance.uniform(0.1, args.longest))
        installation.ensure()
        at_work = bool(installation.part("job"))
        if name == "postmaster":
            server.kill()
            time.sleep(chance.uniform(0, 0.5))
            server.start()
        elif (pid := _one_of(installation, name)) is not None:
            installation.kill(name, pid)
        else:
            continue
        killed[name] += 1
        busy += at_work
        if sum(killed.values()) % 25 == 0:
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {dict(killed)}\n")
    assert installation.wait_until_up(), "does not come up again after the last kill"
    return killed, busy


def _one_of(installation: Any, name: str) -> int | None:
    """A process of that part, as soon as there is one."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if found := installation.part(name):
            return int(found[0])
        time.sleep(0.01)
    return None


def _let_it_end(installation: Any) -> None:
    """Let everything that was asked for come to its end."""
    from bitgoeul.core.imports.models import Import
    from bitgoeul.core.jobs.enums import LIVE
    from bitgoeul.core.jobs.models import Job
    from tests.faults.audit import UNFINISHED_IMPORTS
    from tests.faults.writers import fetch

    least, deadline = -1, time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline:
        installation.ensure()
        asked = Job.objects.filter(state__in=LIVE).exclude(dedupe__startswith="schedule:")
        waiting = Import.objects.filter(state__in=UNFINISHED_IMPORTS)
        left = fetch(asked.count) + fetch(waiting.count)
        if not left:
            break
        if least < 0 or left < least:
            # As long as there is less and less to do, it comes to its end.
            least, deadline = left, time.monotonic() + QUIET_SECONDS
        time.sleep(0.5)
    # What is due every few seconds is nearly always there; stopped in order, it is handed back.


if __name__ == "__main__":
    sys.exit(main())
