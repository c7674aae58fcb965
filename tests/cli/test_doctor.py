"""`bitgoeul doctor` on machines that lack things, played by the environment."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bitgoeul.__main__ import main
from bitgoeul.cli import doctor
from bitgoeul.runner import Tier, probing


def _answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["doctor", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def _part(answer: dict[str, object], name: str) -> dict[str, str]:
    checks = answer["checks"]
    assert isinstance(checks, list)
    return next(row for row in checks if row["part"] == name)


@pytest.fixture(autouse=True)
def _a_quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BITGOEUL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_every_part_is_told_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, answer = _answer(capsys)
    assert code == 0
    assert answer["ok"] is True
    assert len(answer["checks"]) == len(doctor.CHECKS)
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_is_a_file_is_broken(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter").write_text("dear")
    monkeypatch.setenv("BITGOEUL_DATA_DIR", str(tmp_path / "letter"))
    code, answer = _answer(capsys)
    assert code == 1
    assert answer["ok"] is False
    assert _part(answer, "data")["state"] == "broken"
    assert "BITGOEUL_DATA_DIR" in _part(answer, "data")["advice"]


def test_a_dead_database_url_is_broken_and_its_password_stays_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://kim:geheim@127.0.0.1:9/bitgoeul")
    code, answer = _answer(capsys)
    assert code == 1
    assert _part(answer, "postgres")["state"] == "broken"
    assert "geheim" not in json.dumps(answer)


def test_a_taken_port_is_told_but_harms_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitgoeul.cli.startup.PORT_PATIENCE_SECONDS", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, answer = _answer(capsys, "--port", str(other.getsockname()[1]))
    assert code == 0
    assert _part(answer, "port")["state"] == "missing"


def test_a_machine_without_programs_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(probing, "TIERS", (Tier.BUBBLEWRAP,))
    code, answer = _answer(capsys)
    assert code == 0
    for part, package in (
        ("chromium", "chromium"),
        ("fonts", "fonts-noto-cjk"),
        ("sandbox", "bubblewrap"),
    ):
        assert _part(answer, part)["state"] == "missing"
        assert f"apt-get install {package}" in _part(answer, part)["advice"]


def test_an_sqlite_with_the_wal_bug_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bitgoeul.core.db.sqlite import driver

    monkeypatch.setattr(driver.Database, "sqlite_version_info", (3, 40, 1))
    _code, answer = _answer(capsys)
    assert _part(answer, "sqlite")["state"] == "missing"
    assert "3.40.1" in _part(answer, "sqlite")["text"]


def test_little_memory_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_free_memory_mb", lambda: 300)
    _code, answer = _answer(capsys)
    assert _part(answer, "memory")["state"] == "missing"


def test_it_speaks_korean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--lang", "ko"]) == 0
    said = capsys.readouterr().out
    assert "[정상] Python" in said
    assert "필요한 것은 모두 정상입니다." in said


def test_it_needs_no_django_settings(tmp_path: Path) -> None:
    script = (
        "import sys; from bitgoeul.__main__ import main; code = main(['doctor', '--json']);"
        "sys.exit(code or ('bitgoeul.web.settings' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
