"""The launcher: the pure parts directly, and whole starts of a copy with a stand-in installer.

The copy runs in a folder of its own against an index on the loopback address whose "uv" wheel
holds a shell script, so that locks, stamps, kills and wrong files are tried without a network.
The real thing on bare Debian is in docs/decisions/0001-launcher.md.
"""

from __future__ import annotations

import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "bitgoeul"
WHEEL = "uv-9.9.9-py3-none-any.whl"
# Does what uv would do as far as the launcher can see: a slow install, then the command.
FAKE_UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$@" >> "$FAKE_LOG"
[ -n "$FAKE_FAIL" ] && exit 3
case "$*" in
  *--editable*)
    printf '#!/bin/sh\\necho "handed over: $@"\\n' > "$(dirname "$0")/bitgoeul"
    chmod +x "$(dirname "$0")/bitgoeul" ;;
  *) sleep "${FAKE_SECONDS:-0}" ;;
esac
"""


def _load(path: Path) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("bitgoeul_launcher", str(path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # no cache beside the launcher
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


@pytest.fixture
def launcher() -> ModuleType:
    return _load(LAUNCHER)


def _uv_wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        # A fixed date: the digest must not depend on when the test runs.
        wheel.writestr(zipfile.ZipInfo("uv-9.9.9.data/scripts/uv", (2026, 1, 1, 0, 0, 0)), FAKE_UV)
    return buffer.getvalue()


class IndexServer(http.server.ThreadingHTTPServer):
    """A package index on the loopback address."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        listing = {"files": [{"filename": WHEEL, "url": f"../../files/{WHEEL}"}]}
        self.seen: list[tuple[str, str | None]] = []
        self.pages: dict[str, tuple[str, bytes | None]] = {
            "/simple/uv/": ("application/vnd.pypi.simple.v1+json", json.dumps(listing).encode()),
            f"/files/{WHEEL}": ("application/octet-stream", _uv_wheel()),
        }


class _Handler(http.server.BaseHTTPRequestHandler):
    server: IndexServer

    def do_GET(self) -> None:
        kind, content = self.server.pages.get(self.path, ("text/plain", None))
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_args: object) -> None:
        """Stay silent."""


@pytest.fixture
def index() -> Iterator[IndexServer]:
    server = IndexServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class Checkout:
    """A folder with a copy of the launcher whose pin is the stand-in's digest."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port
        pinned = f"UV_WHEELS = dict.fromkeys(_ALL, ({WHEEL!r}, {self.digest!r}))\nPIP_WHEEL ="
        source = LAUNCHER.read_text()
        source = source.replace("UV_WHEELS = {", "_ALL = {", 1).replace("PIP_WHEEL =", pinned, 1)
        (root / "bitgoeul").write_text(source)
        (root / "bitgoeul").chmod(0o755)
        for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
            (root / name).write_text(f"# {name}\n")

    digest = hashlib.sha256(_uv_wheel()).hexdigest()

    @property
    def log(self) -> list[str]:
        path = self.root / "log"
        return path.read_text().splitlines() if path.exists() else []

    def environment(self, **more: str) -> dict[str, str]:
        env = {
            "PATH": os.environ["PATH"],
            "PIP_INDEX_URL": f"http://127.0.0.1:{self.port}/simple",
            "FAKE_LOG": str(self.root / "log"),
            "LANG": "C.UTF-8",
        }
        return env | more

    def begin(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.root / "bitgoeul"), *words],
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *words: str, **more: str) -> tuple[int, str, str]:
        process = self.begin(*words, **more)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


@pytest.fixture
def checkout(tmp_path: Path, index: IndexServer) -> Checkout:
    root = tmp_path / "a checkout with spaces"
    root.mkdir()
    return Checkout(root, index.server_address[1])


def test_first_start_installs_the_lock_and_the_second_start_nothing(checkout: Checkout) -> None:
    code, out, err = checkout.start("demo", "--port", "8001")
    assert (code, out) == (0, "handed over: demo --port 8001\n")
    assert "Ready after" in err
    packages, project = checkout.log
    assert "--require-hashes" in packages
    assert "--no-build" in packages
    assert packages.endswith("requirements.lock")
    assert "--offline" in project
    assert "--no-build-isolation" in project
    code, out, err = checkout.start("demo")
    assert (code, out, err) == (0, "handed over: demo\n", "")
    assert len(checkout.log) == 2


def test_only_the_test_command_installs_what_tests_need(checkout: Checkout) -> None:
    checkout.start("demo")
    assert not any("requirements-dev.lock" in line for line in checkout.log)
    checkout.start("test")
    assert checkout.log[2].endswith("requirements-dev.lock")
    checkout.start("demo")
    checkout.start("test")
    assert len(checkout.log) == 4


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.start("demo")
    with (checkout.root / "requirements.lock").open("a") as file:
        file.write("# a change\n")
    checkout.start("demo")
    assert len(checkout.log) == 4


def test_two_starts_at_once_install_once(checkout: Checkout) -> None:
    both = [checkout.begin("demo", FAKE_SECONDS="1.5") for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert len(checkout.log) == 2
    assert sum("waiting for it" in err for _out, err in said) == 1


def test_a_killed_set_up_is_made_anew(checkout: Checkout) -> None:
    killed = checkout.begin("demo", FAKE_SECONDS="2")
    deadline = time.monotonic() + 30
    while not checkout.log and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    half = checkout.root / ".venv" / "half-installed"
    half.write_text("")
    code, out, err = checkout.start("demo")
    assert (code, out) == (0, "handed over: demo\n")
    assert not half.exists()
    assert "waiting for it" in err, "the installer that outlived the kill still held the lock"
    killed.communicate(timeout=60)


def test_a_failed_installation_says_so_and_is_tried_again(checkout: Checkout) -> None:
    code, out, err = checkout.start("demo", FAKE_FAIL="1")
    assert (code, out) == (1, "")
    assert "Installing the packages failed" in err
    code, _out, err = checkout.start("demo")
    assert code == 0, err


def test_a_file_with_another_digest_is_refused(checkout: Checkout, index: IndexServer) -> None:
    index.pages[f"/files/{WHEEL}"] = ("application/octet-stream", b"something else")
    code, _out, err = checkout.start("demo")
    assert code == 1
    assert "not the file that was pinned" in err
    assert not (checkout.root / ".venv" / "bin" / "bitgoeul").exists()


def test_an_html_index_works_too(checkout: Checkout, index: IndexServer) -> None:
    page = f'<a href="/files/other.whl">x</a><a href="/files/{WHEEL}#sha256=0">{WHEEL}</a>'
    index.pages["/simple/uv/"] = ("text/html", page.encode())
    code, _out, err = checkout.start("demo")
    assert code == 0, err


def test_a_password_is_used_but_never_shown(checkout: Checkout, index: IndexServer) -> None:
    index.pages.clear()
    url = f"http://kim:s%40cret@127.0.0.1:{checkout.port}/simple"
    code, _out, err = checkout.start("demo", PIP_INDEX_URL=url)
    assert code == 1
    assert "s%40cret" not in err
    assert "s@cret" not in err
    path, authorization = index.seen[0]
    assert path == "/simple/uv/"
    assert authorization == "Basic a2ltOnNAY3JldA=="


def test_no_network_is_said_in_the_language_that_was_asked_for(checkout: Checkout) -> None:
    checkout.port = 9
    assert "Check the network" in checkout.start("demo")[2]
    assert "네트워크를 확인하십시오" in checkout.start("demo", "--lang", "ko")[2]
    assert "네트워크를 확인하십시오" in checkout.start("demo", LANG="ko_KR.UTF-8")[2]
    assert "Check the network" in checkout.start("demo", "--lang=en", LANG="ko_KR.UTF-8")[2]


def test_a_folder_with_other_files_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    code, _out, err = checkout.start("demo", BITGOEUL_VENV=str(other))
    assert code == 1
    assert "nothing there was touched" in err
    assert (other / "letter.txt").read_text() == "dear"


def test_a_place_that_cannot_be_written_is_named(checkout: Checkout) -> None:
    (checkout.root / ".venv").write_text("a file, not a folder")
    code, _out, err = checkout.start("demo")
    assert code == 1
    assert "Set BITGOEUL_VENV" in err


def test_an_old_python_starts_a_newer_one_or_says_what_to_install(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    with pytest.raises(launcher.Refusal) as refusal:
        launcher.ensure_python()
    monkeypatch.setattr(launcher.sys, "argv", ["bitgoeul", "--lang", "en"])
    assert "this is Python 3.9" in launcher.text(refusal.value.key, **refusal.value.facts)
    started: list[list[str]] = []
    monkeypatch.setattr(
        launcher.shutil, "which", lambda name: f"/opt/{name}" if name != "python3.13" else None
    )

    def execv(_path: str, words: list[str]) -> None:
        started.append(words)
        raise SystemExit  # the real one never comes back

    monkeypatch.setattr(launcher.os, "execv", execv)
    with pytest.raises(SystemExit):
        launcher.ensure_python()
    assert started == [["/opt/python3.12", str(LAUNCHER), "--lang", "en"]]


def test_an_old_python_can_read_the_launcher() -> None:
    # feature_version makes the compiler refuse what Python 3.7 could not read.
    import ast

    ast.parse(LAUNCHER.read_text(), feature_version=(3, 7))


def test_only_the_standard_library_is_imported() -> None:
    names = re.findall(r"^\s*(?:import|from) (\w+)", LAUNCHER.read_text(), flags=re.MULTILINE)
    assert names
    assert set(names) <= set(sys.stdlib_module_names)


def test_every_text_has_both_languages_with_the_same_facts(launcher: ModuleType) -> None:
    for english, korean in launcher.TEXTS.values():
        assert set(re.findall(r"%\((\w+)\)", english)) == set(re.findall(r"%\((\w+)\)", korean))


def test_the_locks_fit_pyproject_and_each_other() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "lock.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
    pins = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pins[name] = set(re.findall(r"^([a-z0-9][\w.-]*(?:\[\S+\])?==\S+)", text, re.MULTILINE))
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]


def test_the_launcher_pins_the_python_versions_of_pyproject(launcher: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest, newest = launcher.OLDEST, launcher.NEWEST
    assert project["requires-python"] == f">=3.{oldest[1]},<3.{newest[1] + 1}"
