"""JupyterLite as its own site: static files under a content policy of their own.

Whoever opens a notebook there runs what it says, in their own browser. So it never stands at
Bitgoeul's own address: another port or host is another origin, which may read no page of ours and
post no form. It may fetch from itself and the notebooks that a lab hands out, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from bitgoeul.web.config import default_data_dir, read_config

FOLDER = "lite"
PYODIDE = "static/pyodide/pyodide.mjs"
"""Where `jupyter lite build --pyodide` puts the distribution: Python itself."""
_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' {pages}"
)
_WITHOUT = """<!doctype html><html lang="ko"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>JupyterLite</title>
<p>이 서버의 JupyterLite에는 파이썬(Pyodide 배포판)이 없어 노트북을 실행할 수 없습니다.
노트북 파일을 내려받아 자신의 컴퓨터에서 풀고, 그 파일을 실습 화면에서 제출하세요.</p>
<p lang="en">This JupyterLite holds no Python (the Pyodide distribution), so no notebook runs here.
Take the notebook as a file, work on it on your own computer, and hand that file in.</p></html>
"""

Start = Callable[..., Any]


def has_python(folder: Path) -> bool:
    """Whether a built site holds the Pyodide distribution."""
    return (folder / PYODIDE).is_file()


def site(folder: Path, *, pages: str) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Return the site in a folder as an application; `pages` is Bitgoeul's own address.

    Without Python in it every address answers by one page that says so: nobody is left before a
    notebook that never starts.
    """
    policy = _POLICY.format(pages=pages)
    headers = {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    def missing(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        found = has_python(folder)
        body = b"" if found else _WITHOUT.encode()
        told = [("Content-Type", "text/html; charset=utf-8"), *headers.items()]
        start("404 Not Found" if found else "503 Service Unavailable", told)
        return [body]

    if not has_python(folder):
        return missing

    def more(kept: Any, _path: str, _url: str) -> None:
        for name, value in headers.items():
            kept[name] = value

    return WhiteNoise(
        missing, root=folder, index_file=True, add_headers_function=more,
        allow_all_origins=False, max_age=3600, mimetypes={".mjs": "text/javascript"},
    )  # fmt: skip


def application() -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Return the site of this installation, as the server loads it."""
    return site(default_data_dir() / FOLDER, pages=read_config().public_url)
