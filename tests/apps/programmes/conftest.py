"""A small cohort for the room's tests."""

import pytest

from tests.apps.programmes.making import Stage, make_stage


@pytest.fixture
def stage(db: None) -> Stage:
    """Parties, people of each role, and a cohort that takes applications."""
    return make_stage()
