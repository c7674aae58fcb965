"""A world with a real lab in it."""

from pathlib import Path
from typing import Any

import pytest

from bitgoeul.apps.labs.models import Lab
from tests.apps.labs.bench import Bench, make_lab
from tests.world import World, build_world


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def lab(world: World, bench: Bench) -> Lab:
    return make_lab(world, bench)
