"""`bitgoeul test` with made-up steps: what it runs, what it counts and how it ends."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bitgoeul.__main__ import main
from bitgoeul.cli import test as command

PASS = command.Step("passes", lambda _run: command.Outcome(passed=3, skipped=1))
FAIL = command.Step("fails", lambda _run: command.Outcome(passed=5, failed=2))
ABSENT = command.Step("is absent", lambda run: run.missing("no such thing here"))


def _run(
    monkeypatch: pytest.MonkeyPatch, steps: dict[str, command.Step], *words: str, ci: str = ""
) -> int:
    monkeypatch.setattr(command, "STEPS", steps)
    monkeypatch.setenv("CI", ci)
    return main(["test", *words])


def test_the_last_line_counts_everything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, {"a": PASS, "b": FAIL, "c": PASS}) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "11 passed, 2 failed, 2 skipped"
    assert _run(monkeypatch, {"a": PASS}) == 0


def test_only_and_exitfirst_choose_what_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, {"a": PASS, "b": FAIL}, "--only", "a") == 0
    assert _run(monkeypatch, {"b": FAIL, "a": PASS}, "-x") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 2 failed"


def test_what_is_optional_for_a_person_is_required_on_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, {"a": PASS, "b": ABSENT}) == 0
    assert _run(monkeypatch, {"a": PASS, "b": ABSENT}, ci="true") == 1
    assert "no such thing here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(): pass\ndef test_b(): assert 0\n", (1, 1, 0)),
        ("import pytest\ndef test_a(): pytest.skip('x')\ndef test_b(): pass\n", (1, 0, 1)),
        ("import no_such_module\n", (0, 1, 0)),
        ("", (0, 0, 1)),
    ],
    ids=["failed", "skipped", "not importable", "empty"],
)
def test_pytest_results_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, expected: tuple[int, int, int]
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text(source)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    run = command.Run(tmp_path)
    outcome = command._pytest(run, "test_it.py", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert (outcome.passed, outcome.failed, outcome.skipped) == expected


def test_a_step_sees_neither_a_person_s_data_nor_their_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/real")
    monkeypatch.setenv("BITGOEUL_DATA_DIR", "/srv/real")
    env = command.Run(tmp_path, long=True).environment()
    assert "DATABASE_URL" not in env
    assert env["BITGOEUL_DATA_DIR"].startswith(str(tmp_path))
    assert env["BITGOEUL_LONG"] == "1"
    assert "BITGOEUL_LONG" not in command.Run(tmp_path).environment()


def test_a_program_that_fails_is_a_failed_step(tmp_path: Path) -> None:
    run = command.Run(tmp_path)
    assert command._command("python", "-c", "raise SystemExit(3)")(run).failed == 1
    assert command._command("python", "-c", "")(run).passed == 1


def test_ci_runs_exactly_this_command() -> None:
    script = command.ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text().splitlines() if not line.startswith("#")]
    assert lines == ['cd "$(dirname "$0")/.." && exec ./bitgoeul test']
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
