"""A bundle of another platform becomes a contest; its entries get the published scores."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import zeal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.models import Contest, Score, Task
from bitgoeul.apps.contests.queries import bundle_files
from bitgoeul.apps.labs.models import LabFile
from bitgoeul.apps.labs.rules import HIDDEN_KINDS
from bitgoeul.apps.labs.services import Content, grading
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry as JournalEntry
from bitgoeul.runner import LocalRunner, Warmth
from bitgoeul.runner.bundles import read_bundle
from tests.apps.contests.bench import Bench
from tests.conftest import LONG
from tests.runner.bundle_files import CODABENCH, DOUBLE, bundle, with_yaml, zipped
from tests.world import AT

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def _parent() -> Iterator[LocalRunner]:
    warmth = Warmth(modules=("numpy", "sklearn.metrics") if LONG else (), memory_mb=2048)
    runner = LocalRunner(warmth=warmth)
    if runner.tier is None:
        pytest.skip("no sandbox works here")
    yield runner
    runner.close()


@pytest.fixture
def here(_parent: LocalRunner, monkeypatch: pytest.MonkeyPatch) -> LocalRunner:
    monkeypatch.setattr(grading, "here", lambda: _parent)
    return _parent


def take_over(bench: Bench, content: bytes, **more: Any) -> Contest:
    facts: dict[str, Any] = {
        "key": "taken", "owner": bench.owner, "title_ko": "가져온 대회", "opens_at": AT - DAY,
        "closes_at": AT + 200 * DAY, "by": bench.officer, "at": AT,
    }  # fmt: skip
    return services.import_bundle(bundle=Content("b.zip", content), **(facts | more))


def run_it(bench: Bench, contest: Contest) -> Task:
    for step in ("publish", "start"):
        contest = services.move_contest(contest=contest, action=step, by=bench.officer, at=AT)
    bench.contest = contest
    return Task.objects.select_related("phase__contest", "lab").get(
        phase__contest=contest, phase__number=1
    )


def hand_in(bench: Bench, task: Task, content: bytes, *, number: int = 0) -> Any:
    services.accept_terms(contest=bench.contest, person=bench.person(number), by=None, at=AT)
    team = bench.team(number)
    entry = services.submit_entry(
        task=task, team=team, name="s.zip", content=content, by=bench.person(number), at=AT
    )
    jobs.run_pending()
    entry.refresh_from_db()
    return entry


def test_phases_tasks_and_limits_come_from_the_bundle(bench: Bench) -> None:
    contest = take_over(bench, bundle())
    first, final = contest.phases.all()
    assert (first.title_ko, first.daily_limit, first.opens_at) == ("Practice", 5, AT - DAY)
    given = read_bundle(bundle()).phases
    assert given[0].start is not None
    assert given[1].start is not None
    assert final.opens_at - first.opens_at == given[1].start - given[0].start
    assert final.closes_at == AT + 200 * DAY
    (task,) = first.tasks.all()
    assert (task.title_ko, task.lab.kind, task.lab.bundle_task) == ("First", "bundle", 0)
    assert task.lab.held_by_uuid == contest.uuid
    assert contest.terms.get().text_ko == "Terms"
    assert "Start" in contest.text_ko
    assert JournalEntry.objects.filter(event="contest.bundle_imported").count() == 1


def test_an_entry_runs_through_the_bundle_and_is_scored(bench: Bench, here: LocalRunner) -> None:
    task = run_it(bench, take_over(bench, bundle()))
    entry = hand_in(bench, task, zipped({"model.py": DOUBLE}))
    assert (entry.state, entry.verdict) == ("scored", "scored")
    score = Score.objects.get(entry=entry)
    assert (score.public, score.private) == (3.0, 3.0)
    assert score.version.startswith("bundle-1+")


ENDS = {
    "time": ("while True: pass", "time"),
    "runtime": ("def answer(x): return 1 / 0", "runtime"),
    "missing": ("import no_such_package", "runtime"),
}


@pytest.mark.parametrize("name", ENDS)
def test_an_entry_that_fails_has_its_verdict_and_reason(
    bench: Bench, here: LocalRunner, name: str
) -> None:
    source, verdict = ENDS[name]
    task = run_it(bench, take_over(bench, with_yaml("time_limit: 5", "time_limit: 1")))
    task.lab.seconds = 1
    task.lab.save()
    entry = hand_in(bench, task, zipped({"model.py": source}))
    assert (entry.state, entry.verdict) == ("refused", verdict)
    assert entry.reason


def test_a_scorer_that_fails_gives_the_attempt_back(bench: Bench, here: LocalRunner) -> None:
    task = run_it(bench, take_over(bench, bundle(scoring__score_py="raise SystemExit(2)")))
    entry = hand_in(bench, task, zipped({"answer.txt": "1"}))
    assert (entry.state, entry.verdict) == ("failed", "scorer")


def test_what_is_no_submission_costs_no_attempt(bench: Bench) -> None:
    task = run_it(bench, take_over(bench, bundle()))
    with pytest.raises(Refused) as caught:
        hand_in(bench, task, zipped({"../x": "1"}))
    assert caught.value.code == "format"


def test_the_bundle_leaves_the_server_for_nobody(bench: Bench) -> None:
    task = run_it(bench, take_over(bench, bundle()))
    kept = LabFile.objects.get(lab=task.lab)
    assert kept.kind in HIDDEN_KINDS


def test_a_contest_cannot_close_before_its_last_phase(bench: Bench) -> None:
    with pytest.raises(Refused):
        take_over(bench, bundle(), closes_at=AT + DAY)
    with pytest.raises(Refused, match=r"competition.yaml: phases.0..start .*16"):
        take_over(bench, with_yaml("8-7-2019", "soon"))
    assert not Contest.objects.filter(key="taken").exists()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_the_bundle_before_it_makes_the_contest(
    bench: Bench, client: Client, language: str
) -> None:
    client.force_login(bench.officer)
    client.cookies["django_language"] = language
    shown = client.get(reverse("contests:bundle_upload"))
    assert shown.status_code == 200
    upload = SimpleUploadedFile("b.zip", with_yaml("8-7-2019", "soon"))
    wrong = client.post(reverse("contests:bundle_upload"), {"bundle": upload})
    assert wrong.status_code == 422
    assert "competition.yaml: phases[0].start" in wrong.content.decode()
    upload = SimpleUploadedFile("b.zip", bundle())
    seen = client.post(reverse("contests:bundle_upload"), {"bundle": upload})
    page = seen.content.decode()
    assert seen.status_code == 200
    for part in ("Practice", "First", "Right", "/app/program/score.py", "Codabench 2"):
        assert part in page
    assert not Contest.objects.filter(key="taken").exists()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    facts = {
        "token": token[1], "key": "taken", "owner": bench.owner.pk, "title_ko": "대회",
        "opens_at": "2026-03-01T09:00", "closes_at": "2026-03-02T09:00",
    }  # fmt: skip
    refused = client.post(reverse("contests:bundle_confirm"), facts)
    assert refused.status_code == 422
    with zeal.zeal_ignore():  # each phase takes the contest's lock anew
        facts["closes_at"] = "2026-12-01T09:00"
        made = client.post(reverse("contests:bundle_confirm"), facts)
    contest = Contest.objects.get(key="taken")
    assert bundle_files.kept_bundle(token[1], person=bench.officer) is None
    assert made.headers["location"] == reverse("contests:contest_plan", args=[contest.uuid])


def test_an_upload_is_kept_for_its_owner_and_a_day(bench: Bench, client: Client) -> None:
    token = bundle_files.keep_bundle(b"x", person=bench.officer)
    assert bundle_files.kept_bundle(token, person=bench.officer) == b"x"
    assert bundle_files.kept_bundle(token, person=bench.person(0)) is None
    assert bundle_files.kept_bundle(token + "x", person=bench.officer) is None
    now = dt.datetime.now(dt.UTC)
    assert bundle_files.forget_bundles(at=now) == 0
    assert bundle_files.forget_bundles(at=now + 2 * DAY) >= 1
    assert bundle_files.kept_bundle(token, person=bench.officer) is None
    client.force_login(bench.officer)
    answer = client.post(reverse("contests:bundle_confirm"), {"token": token})
    assert answer.headers["location"] == reverse("contests:bundle_upload")


@pytest.mark.skipif(
    not (LONG and CODABENCH.is_dir()), reason="Codabench's own bundle: BITGOEUL_LONG=1"
)
def test_a_codabench_bundle_s_samples_get_the_published_scores(
    bench: Bench, here: LocalRunner
) -> None:
    content = (CODABENCH / "competitions" / "competition_15_iris.zip").read_bytes()
    task = run_it(bench, take_over(bench, content))
    for number, name in enumerate(("submission_15_iris_result", "submission_15_iris_code")):
        sample = (CODABENCH / "submissions" / f"{name}.zip").read_bytes()
        entry = hand_in(bench, task, sample, number=number)
        assert entry.verdict == "scored", entry.reason
        assert Score.objects.get(entry=entry).public == 0.333333333333


def test_a_bundle_too_large_to_be_kept_for_every_task_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bundle()
    monkeypatch.setattr("bitgoeul.apps.contests.services.bundles.MOST_KEPT", len(content) - 1)
    with pytest.raises(Refused) as refusal:
        take_over(bench, content)
    assert refusal.value.code == "too_large"
    assert not Contest.objects.filter(key="taken").exists()
