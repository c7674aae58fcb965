"""An entry is counted, kept, scored, and always ends with a verdict and a reason."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import EntryState, Verdict
from bitgoeul.apps.contests.models import Entry, Score
from bitgoeul.apps.contests.queries.quota import days_so_far, left_today
from bitgoeul.apps.labs.models import LabFile, Submission
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.models import Job
from tests.apps.contests.bench import DAY, Bench, answers, make_bench, score
from tests.world import AT


def test_an_entry_is_scored_on_both_parts_once(bench: Bench) -> None:
    entry = bench.hand_in(bench.team(0), answers(5, 3))
    assert entry.state == EntryState.QUEUED
    entry = score(entry)
    assert (entry.state, entry.verdict) == (EntryState.SCORED, Verdict.SCORED)
    found = Score.objects.get(entry=entry)
    assert (found.public, found.private) == (pytest.approx(5 / 6), pytest.approx(3 / 6))
    jobs.run_pending()
    assert Score.objects.count() == 1


def test_a_file_that_is_not_as_asked_is_no_entry_and_costs_no_attempt(bench: Bench) -> None:
    team = bench.team(0)
    for content in (b"id,target\n1,1\n", b"id,guess\n1,1\n", answers().replace(b"3,1", b"3,x")):
        with pytest.raises(Refused) as refusal:
            bench.hand_in(team, content)
        assert refusal.value.code in {"format", "columns"}
    assert Entry.objects.count() == 0
    assert Submission.objects.count() == 0
    assert left_today(bench.phase, team, at=AT) == 3


def test_the_sample_may_be_handed_in_and_passes(bench: Bench) -> None:
    sample = LabFile.objects.get(lab=bench.task.lab, kind=LabFile.Kind.SAMPLE)
    with sample.file.open("rb") as file:
        entry = score(bench.hand_in(bench.team(0), file.read()))
    assert entry.state == EntryState.SCORED


def test_limits_are_the_team_s_and_the_day_is_korea_s(bench: Bench) -> None:
    team = bench.team(0)
    link = services.invite_member(team=team, by=team.captain, at=AT)
    mate = bench.person(1)
    services.join_team(key=services.key_of(link), person=mate, by=mate, at=AT)
    evening = AT.replace(hour=14, minute=59)  # 23:59 in Seoul
    for who in (team.captain, mate, mate):
        bench.hand_in(team, answers(), by=who, at=evening)
    with pytest.raises(Refused) as refusal:
        bench.hand_in(team, answers(), at=evening)
    assert refusal.value.code == "daily_limit"
    bench.hand_in(team, answers(), at=evening + dt.timedelta(minutes=1))


def test_the_total_limit_holds(db: None) -> None:
    bench = make_bench(total_limit=1)
    team = bench.team(0)
    bench.hand_in(team, answers())
    with pytest.raises(Refused) as refusal:
        bench.hand_in(team, answers(), at=AT + DAY)
    assert refusal.value.code == "total_limit"


@pytest.mark.parametrize(("at", "code"), [(AT - 2 * DAY, "not_open"), (AT + 11 * DAY, "too_late")])
def test_a_phase_takes_entries_within_its_window_only(
    bench: Bench, at: dt.datetime, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        bench.hand_in(bench.team(0), answers(), at=at)
    assert refusal.value.code == code


def test_only_people_of_the_team_hand_in(bench: Bench) -> None:
    with pytest.raises(Refused) as refusal:
        bench.hand_in(bench.team(0), answers(), by=bench.person(1))
    assert refusal.value.code == "not_allowed"
    assert not Submission.objects.exists()


def test_a_job_that_is_gone_gives_the_attempt_back_with_a_reason(bench: Bench) -> None:
    team = bench.team(0)
    entry = bench.hand_in(team, answers())
    assert left_today(bench.phase, team, at=AT) == 2
    assert services.settle_entries(at=AT) == 0
    Job.objects.all().delete()
    assert services.settle_entries(at=AT) == 1
    entry.refresh_from_db()
    assert (entry.state, entry.verdict) == (EntryState.FAILED, Verdict.PLATFORM)
    assert entry.reason
    assert left_today(bench.phase, team, at=AT) == 3
    outcome = services.evaluate_entry(entry=entry.uuid)
    assert services.record_result(entry=entry.uuid, outcome=outcome, at=AT)["state"] == "failed"
    assert not Score.objects.exists()


def test_a_damaged_truth_is_the_scorer_s_fault_and_costs_nothing(bench: Bench) -> None:
    team = bench.team(0)
    entry = bench.hand_in(team, answers())
    truth = LabFile.objects.get(lab=bench.task.lab, kind=LabFile.Kind.TRUTH)
    default_storage.delete(truth.file.name)
    default_storage.save(truth.file.name, __import__("io").BytesIO(b"nothing,here\n"))
    entry = score(entry)
    assert (entry.state, entry.verdict) == (EntryState.FAILED, Verdict.SCORER)
    assert left_today(bench.phase, team, at=AT) == 3


def test_finals_are_chosen_within_the_limit(bench: Bench) -> None:
    team = bench.team(0)
    entries = [bench.hand_in(team, answers(n, 6 - n)) for n in (1, 2, 3)]
    entries = [score(entry) for entry in entries]
    facts = {"team": team, "task": bench.task, "by": team.captain, "at": AT}
    with pytest.raises(Refused):
        services.choose_finals(entries=entries, **facts)
    services.choose_finals(entries=entries[:2], **facts)
    assert set(Entry.objects.filter(final=True)) == set(entries[:2])
    services.choose_finals(entries=[], **facts)
    assert not Entry.objects.filter(final=True).exists()
    other = bench.team(1)
    with pytest.raises(Refused):
        services.choose_finals(
            team=other, task=bench.task, entries=entries[:1], by=other.captain, at=AT
        )


def test_days_are_counted_by_korean_dates(bench: Bench) -> None:
    assert days_so_far(bench.phase, at=AT - 2 * DAY) == 0
    assert days_so_far(bench.phase, at=AT) == 2
    assert days_so_far(bench.phase, at=AT.replace(hour=15)) == 3
