"""A real browser in Korean, Seoul and phone width; skipped with a reason where there is none."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.checks import check_page as _check_page
from tests.journeys.checks import watch

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
HERE = Path(__file__).parent

# Playwright's loop makes Django believe that its calls come from asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium() -> str | None:
    """Find a Chromium: the named one, the system's, or one that Playwright installed."""
    given = os.environ.get("BITGOEUL_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [given, *(shutil.which(name) for name in names)]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    found += [str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))]
    return next((path for path in found if path and Path(path).exists()), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that the quick runs can leave them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium that is there."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium, or name one by BITGOEUL_CHROMIUM")
    return {"executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """See the pages as a person with a phone in Gwangju does."""
    return {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": PHONE}


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page whose answers and complaints are noted from the start."""
    return watch(context.new_page())


@pytest.fixture
def new_page(
    browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Open pages of their own, each with its own cookies: `new_page(java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**(browser_context_args | options))
        opened.append(context)
        return watch(context.new_page())

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def check_page() -> Callable[..., None]:
    """The checks of every page; see tests/journeys/checks.py."""
    return _check_page
