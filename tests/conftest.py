"""What every test shares: a clean language and cache, few or full counts, Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import SimpleTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bitgoeul.core.journal import protection
from tests.migrated import kept_between_runs

LONG = os.environ.get("BITGOEUL_LONG") == "1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# No deadline: on a loaded machine the first example pays for imports and compiled kernels.
hypothesis_settings.register_profile(
    "short", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "long", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("long" if LONG else "short")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a second database run again only what touches a database, and what may depend on it."""
    if not os.environ.get("DATABASE_URL"):
        return
    kept = [
        item
        for item in items
        if _touches_a_database(item) and (LONG or item.get_closest_marker("once") is None)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _touches_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return (
        item.get_closest_marker("django_db") is not None
        or bool(fixtures & {"db", "transactional_db", "live_server"})
        # Django's test cases and the queue's own processes open it without a fixture.
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
        or "core" in item.path.parts
    )


def pytest_unconfigure() -> None:
    """Remove the data folder that tests/settings.py made for this process."""
    shutil.rmtree(os.environ["BITGOEUL_DATA_DIR"], ignore_errors=True)


@pytest.fixture(scope="session")
def _migrations_kept() -> Iterator[None]:
    with kept_between_runs():
        yield


@pytest.fixture(scope="session")
def django_db_setup(_migrations_kept: None, django_db_setup: None) -> None:
    """Create the test databases, on SQLite without running every migration every time."""


@pytest.fixture(autouse=True)
def _product_language() -> Iterator[None]:
    """Each test begins in the product's language, whatever the one before asked for."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _no_limits_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits live in a cache table that a transactional test's flush does not empty."""
    yield
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        with request.getfixturevalue("django_db_blocker").unblock():
            cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _the_journal_lets_tests_empty_it() -> Iterator[None]:
    """A transactional test ends with a flush, which the journal's triggers would refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unprotected(self: BaseDatabaseOperations, statements: list[str]) -> None:
        protection.unprotect(self.connection)
        try:
            flush(self, statements)
        finally:
            protection.protect(self.connection)

    with mock.patch.object(BaseDatabaseOperations, "execute_sql_flush", unprotected):
        yield


def chromium() -> str | None:
    """Debian's Chromium or a browser like it, as the machine has it."""
    named = os.environ.get("BITGOEUL_CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that is installed: Playwright's own builds are not downloaded."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: `bitgoeul doctor` says how to install it")
    # Playwright's event loop runs in this thread, and Django would take it for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_FLAGS}


@pytest.fixture
def passable_path() -> Iterator[Path]:
    """A folder that another account may pass through.

    pytest closes its own to everybody else whenever a session starts, and the embedded
    PostgreSQL of a root start runs as an account of its own: it would be shut out half-way.
    """
    folder = Path(tempfile.mkdtemp(prefix="bitgoeul-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
