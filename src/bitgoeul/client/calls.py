"""Calls with a token: repeated when no answer came, under one key, so that they happen once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from .contests import Contests
from .errors import ClientError, Problem, Unexpected, Unreachable
from .imports import Imports

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
TRIES = 4
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same call is made again: nothing has happened, or its key guards it."""
LONGEST_PAUSE = 60.0
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def read_token(path: Path | str) -> str:
    """Read a token from a file that only its owner can open.

    Raises
    ------
    ClientError
        When others may read the file, or when it holds no token.
    """
    file = Path(path)
    if file.stat().st_mode & 0o007:
        raise ClientError(f"everybody on this machine can read {file}: chmod 600 {file}")
    token = file.read_text("ascii", errors="replace").strip()
    if not token or any(not sign.isprintable() or sign.isspace() for sign in token):
        raise ClientError(f"{file} holds no token")
    return token


class Client:
    """One installation, one token.

    Parameters
    ----------
    server
        The installation's address. A token is not sent unencrypted, except to this machine.
    token
        As the page for tokens shows it once; empty for what is public.
    language
        In which errors are told, `ko` or `en`.
    timeout
        Seconds to wait for one answer.
    pause
        Waits between tries; a test puts its own here.
    """

    def __init__(
        self,
        server: str,
        token: str = "",
        *,
        language: str = "en",
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Accept": "application/json", "Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._pause = pause
        self._http = httpx.Client(
            base_url=_checked(server) + ROOT,
            headers=headers,
            timeout=timeout,
            transport=transport,
            # An answer that leads elsewhere would take the token along.
            follow_redirects=False,
        )
        self.imports = Imports(self)
        self.contests = Contests(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """Read one object, or one page of a list."""
        asked = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", path, params=asked).json()

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Read every row of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def download(self, path: str, *, reason: str = "", **query: Any) -> bytes:
        """Fetch a file; one that names other people needs its reason."""
        headers = {"X-Reason": quote(reason), "Accept": "*/*"} if reason else {"Accept": "*/*"}
        return self._call("GET", path, params=query, headers=headers).content

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        method: str = "POST",
    ) -> Any:
        """Change something once: repeated tries carry one key, and so has a repeated `key`."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._call(method, path, json=dict(body or {}), headers=headers).json()

    def upload(
        self,
        path: str,
        files: Mapping[str, Path],
        fields: Mapping[str, str] | None = None,
        *,
        key: str = "",
    ) -> Any:
        """Send files with what belongs to them, once."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._call(
            "POST", path, data=dict(fields or {}), paths=files, headers=headers
        ).json()

    def job(self, job: str, *, every: float = 1.0, wait: float = 3600.0) -> dict[str, Any]:
        """Wait until background work has ended; returns how.

        Raises
        ------
        TimeoutError
            When it has not ended after `wait` seconds of pauses.
        """
        ended = ("done", "failed", "dead", "cancelled")
        return self.until(f"/jobs/{job}", lambda row: row["state"] in ended, every=every, wait=wait)

    def until(
        self,
        path: str,
        settled: Callable[[Mapping[str, Any]], bool],
        *,
        every: float = 1.0,
        wait: float = 3600.0,
    ) -> dict[str, Any]:
        """Read an object again until it is as wanted; the pauses grow from a tenth to `every`."""
        waited, pause = 0.0, min(0.1, every)
        while True:
            found: dict[str, Any] = self.get(path)
            if settled(found):
                return found
            if waited >= wait:
                raise TimeoutError(f"{path}: not settled after {wait:g} s")
            self._pause(pause)
            waited += pause
            pause = min(every, pause * 1.5)

    def _call(
        self, method: str, path: str, *, paths: Mapping[str, Path] | None = None, **sent: Any
    ) -> httpx.Response:
        last: ClientError = Unreachable(path)
        for number in range(TRIES):
            asked = 0.0
            try:
                answer = self._send(method, path, paths or {}, sent)
            except httpx.TransportError as fault:
                last = Unreachable(str(fault) or type(fault).__name__)
            else:
                if answer.is_success:
                    return answer
                last = _error_of(answer)
                if answer.status_code not in AGAIN:
                    raise last
                asked = _seconds(answer.headers.get("Retry-After", ""))
            if number < TRIES - 1:
                self._pause(min(max(asked, 0.5 * 2**number), LONGEST_PAUSE))
        raise last

    def _send(
        self, method: str, path: str, paths: Mapping[str, Path], sent: Mapping[str, Any]
    ) -> httpx.Response:
        """One try: its files are read from their beginning."""
        if not paths:
            return self._http.request(method, path, **sent)
        opened = {name: place.open("rb") for name, place in paths.items()}
        try:
            files = {name: (paths[name].name, file) for name, file in opened.items()}
            return self._http.request(method, path, files=files, **sent)
        finally:
            for file in opened.values():
                file.close()


def _checked(server: str) -> str:
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ClientError(f"{server!r} is no address of a server, such as https://bitgoeul.example")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ClientError(f"{server} would carry the token unencrypted: write https://")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _error_of(answer: httpx.Response) -> ClientError:
    if answer.headers.get("Content-Type", "").partition(";")[0] == PROBLEM:
        return Problem(answer.status_code, answer.json())
    return Unexpected(answer.status_code, answer.headers.get("X-Request-Number", ""))


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0
