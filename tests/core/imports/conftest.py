"""The sample kind, known while a test runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bitgoeul.core.imports.kinds import Kind, register, unregister
from bitgoeul.core.journal.protection import protect, unprotect
from tests.core.imports.samples import make_kind


@pytest.fixture
def register_kind() -> Iterator[Callable[..., Kind]]:
    """Register a variant of the sample kind; forgotten when the test ends."""
    made: list[Kind] = []

    def make(**hooks: Any) -> Kind:
        kind = register(make_kind(**hooks))
        made.append(kind)
        return kind

    yield make
    for kind in made:
        unregister(kind.key)


@pytest.fixture
def kind(register_kind: Callable[..., Kind]) -> Kind:
    return register_kind()


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Kept files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "media" / "import-files"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def _protected_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    # Of the module: pytest-django empties the tables after every fixture of the test itself.
    yield
    with django_db_blocker.unblock():
        protect(connection)


@pytest.fixture
def committed_rows(_protected_again: None, transactional_db: None) -> Iterator[None]:
    """Real commits, for tests with several connections; the journal lets its rows go afterwards."""
    yield
    unprotect(connection)
