"""A browser in Korean, in Seoul, as wide as a phone; tests/conftest.py finds it or skips."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

from bitgoeul.cli.demo import synthetic
from bitgoeul.core.journal.protection import protect, unprotect
from tests.journeys.checks import check_page as _check_page
from tests.journeys.checks import watch
from tests.journeys.demo_year import Sample, make_sample

PHONE = {"width": 390, "height": 844}
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that the quick runs can leave them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def _protected_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    # Of the module: pytest-django empties the tables after every fixture of the test itself.
    yield
    with django_db_blocker.unblock():
        protect(connection)


@pytest.fixture(autouse=True)
def _journal_may_be_emptied(_protected_again: None, transactional_db: None) -> Iterator[None]:
    """A live server commits; the journal is append-only in the test and emptied after it."""
    protect(connection)
    yield
    unprotect(connection)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """See the pages as a person with a phone in Gwangju does."""
    return {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": PHONE}


def _patient(page: Page) -> Page:
    """Say soon that something is not on the page; a loaded machine gets time to load it."""
    page.set_default_timeout(15_000)
    page.set_default_navigation_timeout(30_000)
    return page


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page whose answers and complaints are noted from the start."""
    return watch(_patient(context.new_page()))


@pytest.fixture
def new_page(
    browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Open pages of their own, each with its own cookies: `new_page(java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**(browser_context_args | options))
        opened.append(context)
        return watch(_patient(context.new_page()))

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def check_page() -> Callable[..., None]:
    """The checks of every page; see tests/journeys/checks.py."""
    return _check_page


@pytest.fixture(scope="session")
def sample(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Sample:
    """A small demo year, made once."""
    with django_db_blocker.unblock():
        return make_sample(tmp_path_factory.mktemp("demo-year"))


@pytest.fixture
def year(sample: Sample, _journal_may_be_emptied: None, settings: Any) -> Sample:
    """The demo year in this test's database, on the demo's today."""
    settings.BITGOEUL_FIXED_TODAY = synthetic.TODAY
    sample.restore()
    return sample
