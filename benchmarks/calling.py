"""Calling the application in this process, signed in as somebody, without a server around it."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
os.environ.setdefault("BITGOEUL_ALLOWED_HOSTS", "localhost,127.0.0.1")


@dataclass(frozen=True)
class Cost:
    """What one request cost: CPU of this process, statements, bytes, 95th percentile."""

    cpu_ms: float
    queries: int
    status: int
    size: int
    p95_ms: float


def cookie_of(email_or_pk: str | int) -> str:
    """Sign somebody in and return the cookie."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bitgoeul.apps.alliance.models import User

    field = "pk" if isinstance(email_or_pk, int) else "email"
    user = User.objects.get(**{field: email_or_pk})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # Both steps of signing in were taken: without the second nobody sees others' data.
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "email": user.email},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def caller(application: Callable[..., Any]) -> Callable[[str, str], tuple[int, bytes]]:
    """Return a function that gets an address with a cookie."""

    def get(address: str, cookie: str = "") -> tuple[int, bytes]:
        parts = urlsplit(address)
        answered: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path.encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_LANGUAGE": "ko",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        body = application(environ, lambda status, headers, *_: answered.append(status))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return int(answered[0][:3]), content

    return get


def measured(get: Callable[[str, str], tuple[int, bytes]], address: str, cookie: str,
             *, times: int = 60) -> Cost:  # fmt: skip
    """Return the middle cost of a request; the first ones warm up and do not count."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        get(address, cookie)
    with CaptureQueriesContext(connection) as captured:
        status, content = get(address, cookie)
    queries = [q for q in captured.captured_queries if q["sql"].split()[0] not in NO_QUERY]
    spent, waited = [], []
    for _ in range(times):
        before, began = time.process_time(), time.perf_counter()
        get(address, cookie)
        spent.append((time.process_time() - before) * 1000)
        waited.append((time.perf_counter() - began) * 1000)
    spent.sort()
    p95 = sorted(waited)[min(times - 1, times * 95 // 100)]
    return Cost(spent[len(spent) // 2], len(queries), status, len(content), p95)


NO_QUERY = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}
