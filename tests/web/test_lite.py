"""JupyterLite stands apart: its own content policy, and an honest page where Python is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.web import lite

PAGES = "https://academy.example"


def get(folder: Path, path: str) -> tuple[str, dict[str, str], str]:
    """The status, the headers and the body of one answer."""
    said: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        said.update(status=status, headers=dict(headers))

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": ""}
    body = b"".join(lite.site(folder, pages=PAGES)(environ, start))
    return said["status"][:3], said["headers"], body.decode()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "index.html").write_text("<title>JupyterLite</title>")
    return tmp_path


def test_without_python_every_page_says_so(built: Path) -> None:
    for path in ("/lab/", "/lab/index.html", "/nothing"):
        status, headers, body = get(built, path)
        assert (status, "Pyodide" in body, "내려받아" in body) == ("503", True, True)
        assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_with_python_it_is_served_and_reaches_nobody_else(built: Path) -> None:
    python = built / lite.PYODIDE
    python.parent.mkdir(parents=True)
    python.write_text("")
    status, headers, body = get(built, "/lab/")
    assert (status, body) == ("200", "<title>JupyterLite</title>")
    policy = headers["Content-Security-Policy"]
    assert f"connect-src 'self' {PAGES}" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert get(built, "/static/pyodide/pyodide.mjs")[1]["Content-Type"].startswith("text/java")
    assert get(built, "/nothing")[0] == "404"


@pytest.mark.parametrize(("words", "said"), [(["build"], "jupyterlite]"), (["serve"], "build")])
def test_the_command_says_what_is_missing(tmp_path: Path, words: list[str], said: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bitgoeul", "lite", *words], capture_output=True, text=True,
        env={"BITGOEUL_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "en_GB.UTF-8"},
        check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert said in ran.stderr
    assert not (tmp_path / "lite").exists()
