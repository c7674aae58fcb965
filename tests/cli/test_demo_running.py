"""The demo's first cohort brought to its end: everything through services, each unit once."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from bitgoeul.apps.credentials.models import Credential
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Attendance, CounselNote, Enrolment, Session
from bitgoeul.apps.programmes.queries.transcript import transcript_content
from bitgoeul.cli.demo import steps_running, steps_teaching
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The small world's cohort, decided and ended before anybody wrote down how it was taught."""
    world: World = build_world()
    cohort, people = world.cohort, world.people
    monkeypatch.setattr(steps_teaching, "organisation", lambda _name: world.university)
    monkeypatch.setattr(steps_running, "DECIDED", cohort.ends_on + dt.timedelta(days=8))
    monkeypatch.setattr(steps_running, "CERTIFIED", cohort.ends_on + dt.timedelta(days=9))
    staff = {"bora": people["officer_university"], "instructor": people["instructor"]}
    at = steps_running.on(steps_running.DECIDED)
    services.decide_completions(cohort=cohort, by=staff["bora"], at=at)
    cohort.state = "ended"
    cohort.save()
    return SimpleNamespace(cohort=cohort, seed=1, staff=staff)


def test_a_cohort_that_ended_gets_course_notes_and_certificates(year: Any) -> None:
    Enrolment.objects.filter(cohort=year.cohort).update(state="not_completed")
    for name in steps_running.units(year):
        if name != "objections":
            steps_running.prepare(year, name)()
    assert Session.objects.filter(class_group__track__cohort=year.cohort).exists()
    assert CounselNote.objects.exclude(outcome="open").exists()
    owed = [row for row in Enrolment.objects.all() if (v := row.verdicts.first()) and v.completed]
    assert Credential.objects.count() == len(owed)
    own = Enrolment.objects.select_related("cohort__programme__organiser").filter(
        pk__in=Attendance.objects.values("enrolment")
    )[0]
    assert transcript_content(own)["skills"] == [] or transcript_content(own)["modules"]
