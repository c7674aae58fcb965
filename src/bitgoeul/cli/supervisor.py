"""Keep the web server and the worker running as one thing that starts and ends together.

`run` is what `serve` and `demo` call. The programs it starts die with it: on a signal it ends
them in order, and when it is killed outright Linux kills them (`die_with_parent`).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, _, database, say
from bitgoeul.cli.startup import (
    StartError,
    cannot_start,
    check_port,
    hold_folder,
    prepare_database,
)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 30.0
READY_SECONDS = 60.0
LONGEST_READY_SECONDS = 900.0
ENDS_TO_GIVE_UP = 3
LOOK_SECONDS = 0.2


@dataclass(slots=True)
class Program:
    """One program that must run: how to start it, and what it has been through."""

    name: str
    command: Sequence[str]
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    next_start: float = 0.0
    ends: int = 0

    def start(self) -> None:
        """Start it, in a process group of its own so that all of it can be ended."""
        self.process = subprocess.Popen(self.command, process_group=0)
        self.started = time.monotonic()

    def is_running(self) -> bool:
        """Whether it is there."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the program and everything in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_end(self) -> None:
        """Ask only the leader: it ends its own workers and jobs in order."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def stop(self, *, seconds: float) -> None:
        """Ask it to end, wait, then insist."""
        self.ask_to_end()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            self.signal(signal.SIGKILL)
            self.process.wait()

    def bury(self) -> int:
        """After its end: end what it left behind, and decide when to try again."""
        assert self.process is not None
        self.signal(signal.SIGKILL)
        code = self.process.returncode
        self.process = None
        self.ends += 1
        if time.monotonic() - self.started > STEADY_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        self.next_start = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)
        return code


@dataclass(slots=True)
class Supervisor:
    """Starts programs, restarts them with growing pauses, ends them together."""

    programs: list[Program]
    lang: str
    ground: Program | None = None  # what the others stand on: starts before them, ends after
    stopping: int = 0
    _previous: dict[int, object] = field(default_factory=dict)

    def listen(self) -> None:
        """Turn the usual signals into an orderly end; a second one makes it a quick end."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: object) -> None:
        self.stopping += 1

    def tend(self) -> None:
        """One look: start what is not running and whose pause is over."""
        self.tend_ground()
        for program in self.programs:
            self._tend(program)

    def tend_ground(self) -> None:
        """The same for what the others stand on."""
        if self.ground is not None:
            self._tend(self.ground)

    def _tend(self, program: Program) -> None:
        if program.process is not None and not program.is_running():
            code = program.bury()
            say(
                _("%(name)s ended (%(code)s); starting it again."),
                lang=self.lang,
                fields={"name": program.name, "code": code},
            )
        if program.process is None and time.monotonic() >= program.next_start:
            program.start()

    def end(self) -> None:
        """Ask all to end, wait, then insist."""
        for program in self.programs:
            program.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS
        while any(program.is_running() for program in self.programs):
            if time.monotonic() > deadline or self.stopping > 1:
                break
            time.sleep(LOOK_SECONDS / 4)
        for program in self.programs:
            program.signal(signal.SIGKILL)
            if program.process is not None:
                program.process.wait()
        if self.ground is not None:
            self.ground.stop(seconds=STOP_SECONDS)


def run(
    *,
    port: int,
    host: str = "127.0.0.1",
    workers: int | None = None,
    jobs: int = 1,
    queues: str | None = None,
    lang: str = "en",
    migrate: bool = False,
    db: str | None = None,
    on_ready: Callable[[], None] | None = None,
) -> int:
    """Check, migrate, start web and worker, and stay until a signal; returns the exit code.

    `on_ready` is called once, when the first page can be served. On a problem that only the
    person can solve, its explanation is printed and 1 is returned.
    """
    os.umask(0o077)  # the database and everything else in the data folder is this account's alone
    try:
        _choose(db)
        with hold_folder() as folder:
            check_port(host=host, port=port)
            supervisor = Supervisor(programs(host, port, workers, jobs, queues), lang)
            supervisor.listen()
            try:
                _lay_ground(supervisor, folder)
                prepare_database(lang=lang, migrate=migrate)
                return _watch(supervisor, host=host, port=port, on_ready=on_ready)
            finally:
                supervisor.end()
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _choose(db: str | None) -> None:
    try:
        database.choose(db)
    except OSError as error:
        raise cannot_start(error) from error


def _lay_ground(supervisor: Supervisor, folder: Path) -> None:
    """Start the embedded PostgreSQL, where that is the database."""
    if not database.is_embedded_postgres(folder):
        return
    database.prepare_embedded(folder)
    command = database.server_command(folder)
    supervisor.ground = Program("postgres", command, stop_signal=signal.SIGINT)

    def starting() -> bool:
        # The server of a killed predecessor may still be on its way out: try again.
        supervisor.tend_ground()
        return not supervisor.stopping

    database.wait_until_ready(folder, starting)


def programs(
    host: str, port: int, workers: int | None, jobs: int, queues: str | None = None
) -> list[Program]:
    """The web server and the worker, as commands."""
    me = str(os.getpid())
    web = [sys.executable, "-m", "bitgoeul.cli.web_server", "--parent", me]
    web += ["--host", host, "--port", str(port), "--workers", str(workers or os.cpu_count() or 1)]
    work = [sys.executable, "-m", "bitgoeul", "worker", "--parent", me, "--jobs", str(jobs)]
    work += ["--queues", queues] if queues else []
    return [Program("web", web), Program("worker", work)]


def _watch(
    supervisor: Supervisor, *, host: str, port: int, on_ready: Callable[[], None] | None
) -> int:
    address = f"http://{_reachable(host)}:{port}/"
    begun, told, ready = time.monotonic(), False, False
    while not supervisor.stopping:
        supervisor.tend()
        if not ready and _answers(address):
            ready = True
            say(_("Running at %(address)s"), lang=supervisor.lang, fields={"address": address})
            if on_ready is not None:
                on_ready()
        waited = time.monotonic() - begun
        if not ready and waited > READY_SECONDS:
            _give_up(supervisor, waited)
            if not told:
                say(_("The web server is slow to start: still waiting."), lang=supervisor.lang)
            told = True
        time.sleep(LOOK_SECONDS)
    return OK


def _give_up(supervisor: Supervisor, waited: float) -> None:
    """One that ends again and again will not come; one that runs is slow on a busy machine."""
    keeps_ending = any(program.ends >= ENDS_TO_GIVE_UP for program in supervisor.programs)
    if keeps_ending or waited > LONGEST_READY_SECONDS:
        raise StartError(
            _("The web server did not answer within %(seconds)s seconds; see above."),
            seconds=int(waited),
        )


def _reachable(host: str) -> str:
    if host in {"", "0.0.0.0"}:  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}health/", timeout=2):  # noqa: S310 -- our own http
            return True
    except urllib.error.HTTPError:
        return True  # it speaks HTTP: the installation's own answer, whatever it is
    except OSError:
        return False
