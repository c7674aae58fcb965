"""Trying out: visible examples at once, no attempt, nothing counted, nobody else's business."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from bitgoeul import runner
from bitgoeul.apps.labs import queries, services
from bitgoeul.apps.labs.enums import PracticeState, SubmissionState
from bitgoeul.apps.labs.models import Lab, Practice, Submission
from bitgoeul.apps.labs.services import grading
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.inline import run_pending
from bitgoeul.core.jobs.models import Job
from tests.apps.labs.kinds import CARELESS, GOOD, function_lab
from tests.apps.labs.test_pages import address, client_of, upload
from tests.world import AT, World

pytestmark = pytest.mark.django_db
LATER = AT + services.PAUSE


def practise(lab: Lab, world: World, code: bytes, at: dt.datetime = AT) -> Practice:
    person = world.people["trainee"]
    return services.receive_practice(
        lab=lab, person=person, name="answer.py", content=code, by=person, at=at
    )


def tried(row: Practice) -> Practice:
    services.record_practice(tried=services.try_out(practice=row.uuid), at=AT)
    row.refresh_from_db()
    return row


def test_only_visible_examples_run_and_nothing_counts(world: World, here: Any) -> None:
    lab = function_lab(world)
    row = tried(practise(lab, world, CARELESS))
    assert (row.state, [one["key"] for one in row.checks]) == (PracticeState.DONE, ["small"])
    person = world.people["trainee"]
    assert queries.attempts_left(lab, person, at=AT) == 3
    assert queries.best_score_of(lab, person) is None
    assert not Submission.objects.filter(lab=lab).exists()
    with clock.freeze(AT):
        page = client_of(world, "trainee", "en").get(address("practice", lab)).content.decode()
    assert "1 of 1 right" in page
    assert "A window of one" not in page, "the title of a hidden check"


def test_the_last_try_only_is_kept_and_can_be_handed_in(world: World, here: Any) -> None:
    lab = function_lab(world)
    first = tried(practise(lab, world, b"def moving_average(values, window):\n    return 1\n"))
    assert first.checks[0]["code"] == "different"
    path, storage = first.file.name, first.file.storage
    with clock.freeze(LATER):
        client = client_of(world, "trainee", "en")
        client.post(address("practice", lab), upload(GOOD, "answer.py"))
        assert "Being tried" not in client.get(address("lab_detail", lab)).content.decode()
        last = tried(Practice.objects.get())
        answer = client.post(address("practice_hand_in", lab))
    made = Submission.objects.get(lab=lab)
    assert answer["Location"] == address("submission_detail", made)
    assert made.state == SubmissionState.QUEUED
    assert made.file.open().read() == GOOD == last.file.open().read()
    assert storage.exists(path), "gone on commit only"
    assert queries.attempts_left(lab, made.person, at=LATER) == 2


def test_tries_are_limited_otherwise(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    lab = function_lab(world)
    row = practise(lab, world, GOOD)
    with pytest.raises(Refused, match=r"아직|still"):
        practise(lab, world, GOOD, at=LATER)
    assert tried(row).reason_code == "no_sandbox"
    Job.objects.all().delete()
    with translation.override("en"), pytest.raises(Refused, match="Wait 15 seconds"):
        practise(lab, world, GOOD, at=AT + dt.timedelta(seconds=5))
    late = lab.closes_at + dt.timedelta(days=1)
    assert practise(lab, world, GOOD, at=late), "after the deadline one may go on learning"
    services.close_lab(lab=lab, by=None, at=late)
    with pytest.raises(Refused):
        practise(lab, world, GOOD, at=late + services.PAUSE)


def test_what_counts_goes_first_and_no_try_waits_for_ever(world: World) -> None:
    lab = function_lab(world)
    row = practise(lab, world, GOOD)
    assert Job.objects.get(uuid=row.job_uuid).priority < 0
    assert services.settle_practice(at=LATER) == {"forgotten": 0, "settled": 0}
    Job.objects.all().delete()
    assert services.settle_practice(at=LATER) == {"forgotten": 0, "settled": 1}
    row.refresh_from_db()
    assert (row.state, row.reason_code) == (PracticeState.FAILED, "lost")
    after = AT + dt.timedelta(days=8)
    assert services.settle_practice(at=after) == {"forgotten": 1, "settled": 0}
    assert not Practice.objects.exists()


def test_nobody_else_reads_it_and_predictions_have_none(world: World, lab: Lab) -> None:
    made = function_lab(world)
    practise(made, world, GOOD)
    with clock.freeze(AT):
        other = client_of(world, "graduate", "en").get(address("practice", made)).content.decode()
        assert "My last try" not in other
        assert client_of(world, "instructor").get(address("practice", made)).status_code == 404
        assert client_of(world, "trainee").get(address("practice", lab)).status_code == 404
        assert Client().get(address("practice", made)).status_code == 302
    with pytest.raises(Refused):
        practise(lab, world, GOOD)


def test_a_try_runs_as_a_job(world: World, here: Any) -> None:
    row = practise(function_lab(world), world, GOOD)
    with clock.freeze(AT):
        run_pending(at=AT)
    row.refresh_from_db()
    assert row.state == PracticeState.DONE
