"""A report over the small alliance."""

import datetime as dt

import pytest

from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.services import create_report
from tests.world import AT, DAY, World, build_world

LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def report(world: World) -> Report:
    return create_report(
        agreement=world.agreement,
        cohort=world.cohort,
        title_ko="성과 보고서",
        title_en="Outcome report",
        as_of=DAY,
        by=world.people["officer_university"],
        at=AT,
    )
