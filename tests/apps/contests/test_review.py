"""What an independent reader found, each held by a test."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import Audience, Shown
from bitgoeul.apps.contests.models import Phase, Score
from bitgoeul.apps.contests.queries.boards import boards_of
from bitgoeul.apps.contests.queries.entries import task_page
from bitgoeul.apps.contests.queries.pages import is_in_phase
from bitgoeul.apps.contests.queries.rejudging import progress_of
from bitgoeul.apps.contests.services.scoring import record_rescore
from bitgoeul.apps.labs.enums import Failure
from bitgoeul.apps.labs.services import Content, Outcome
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.models import Job
from tests.apps.contests.bench import DAY, Bench, answers, files, make_bench, score
from tests.world import AT


def test_a_team_that_was_cut_stays_out_of_every_later_phase(db: None) -> None:
    bench = make_bench(advances=1)
    facts = {"contest": bench.contest, "by": bench.officer, "at": AT}
    second, third = (
        services.plan_phase(
            title_ko="뒤", opens_at=AT + days * DAY, closes_at=AT + (days + 5) * DAY, **facts
        )
        for days in (10, 15)
    )
    teams = []
    for number, right in enumerate((6, 2)):
        teams.append(bench.team(number))
        bench.hand_in(teams[-1], answers(right, right))
    jobs.run_pending()
    services.advance_phase(phase=bench.phase, by=None, at=AT + 11 * DAY)
    for phase in (second, third):
        assert [is_in_phase(team, phase) for team in teams] == [True, False]


def test_a_candidate_that_our_fault_stopped_has_not_tried_and_is_asked_again(bench: Bench) -> None:
    entry = score(bench.hand_in(bench.team(0), answers()))
    scorer = services.start_rejudge(task=bench.task, reason="-", by=bench.officer, at=AT)
    Job.objects.filter(state="ready").delete()
    assert entry.submission is not None
    outcome = Outcome(
        submission=entry.submission.uuid, scorer_version="x", failure=Failure.PARENT_GONE
    )
    told = record_rescore(entry=entry.uuid, scorer=scorer.uuid, outcome=outcome, at=AT)
    assert told == {"added": False}
    with pytest.raises(Refused):
        services.switch_scorer(scorer=scorer, by=bench.officer, at=AT)
    services.settle_entries(at=AT)
    jobs.run_pending()
    assert progress_of(scorer).ready
    assert Score.objects.filter(entry=entry).count() == 2


def test_nobody_chooses_once_private_scores_are_shown(bench: Bench) -> None:
    team = bench.team(0)
    entry = score(bench.hand_in(team, answers()))
    bench.phase.policies.filter(audience=Audience.TEAM).update(private_score=Shown.PHASE_END)
    facts = {"team": team, "task": bench.task, "entries": [entry], "by": team.captain}
    services.choose_finals(at=AT, **facts)
    with pytest.raises(Refused) as refusal:
        services.choose_finals(at=AT + 11 * DAY, **facts)
    assert refusal.value.code == "too_late"


def test_what_has_no_private_score_has_no_final_place(bench: Bench) -> None:
    entries = [score(bench.hand_in(bench.team(number), answers())) for number in (0, 1)]
    Score.objects.filter(entry=entries[0]).update(private=None)
    phase = Phase.objects.select_related("contest").get(pk=bench.phase.pk)
    (board,), _viewer = boards_of(phase, bench.officer, at=AT, final=True)
    assert [line.name for line in board.lines] == ["팀 1"]


def test_a_truth_without_a_private_part_is_refused(bench: Bench) -> None:
    lines = files()["truth"].data.decode().replace("Private", "Public")
    with pytest.raises(Refused):
        services.add_prediction_task(
            phase=bench.phase, title_ko="둘째", task_ko="-", metric="accuracy", id_column="id",
            target_column="target", usage_column="Usage", by=bench.officer, at=AT,
            **files(truth=Content("solution.csv", lines.encode())),
        )  # fmt: skip


def test_whoever_runs_the_contest_does_not_take_part(bench: Bench) -> None:
    with pytest.raises(Refused) as refusal:
        services.create_team(
            contest=bench.contest, name="담당", person=bench.officer, by=bench.officer, at=AT
        )
    assert refusal.value.code == "not_eligible"


def test_a_contest_is_not_closed_while_entries_wait(bench: Bench) -> None:
    entry = bench.hand_in(bench.team(0), answers())
    facts = {"contest": bench.contest, "action": "close", "by": bench.officer, "at": AT}
    with pytest.raises(Refused):
        services.move_contest(**facts)
    score(entry)
    services.move_contest(**facts)


@pytest.mark.parametrize("route", ["team_list", "entry_list"])
def test_lists_with_names_are_had_as_files_with_a_reason(bench: Bench, route: str) -> None:
    score(bench.hand_in(bench.team(0), answers()))
    client = Client()
    client.force_login(bench.officer, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(f"contests:{route}", args=[bench.contest.uuid]) + "?form=csv"
    assert client.get(address)["Content-Type"].startswith("text/html")
    answer = client.post(address, {"reason": "심사 준비"})
    assert answer["Content-Type"].startswith("text/csv")
    assert "팀 0" in b"".join(answer).decode("utf-8-sig")


def test_the_board_is_a_file_for_everybody(bench: Bench) -> None:
    score(bench.hand_in(bench.team(0), answers(5, 3), at=AT + dt.timedelta(hours=1)))
    address = reverse("contests:board", args=[bench.phase.uuid]) + "?form=csv"
    text = b"".join(Client().get(address)).decode("utf-8-sig")
    assert "팀 0" in text
    assert "0.8333" in text


def test_an_older_entry_that_counts_stays_in_the_choice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitgoeul.apps.contests.queries.entries.SHOWN", 1)
    team = bench.team(0)
    first = bench.hand_in(team, answers(5, 5))
    newest = bench.hand_in(team, answers(6, 6), at=AT + dt.timedelta(minutes=1))
    facts: dict[str, Any] = {"team": team, "task": bench.task, "by": team.captain, "at": AT}
    seen = task_page(bench.task, team.captain, at=AT)["entries"]
    assert [one.entry for one in seen] == [newest]
    services.choose_finals(entries=[score(first)], **facts)
    seen = task_page(bench.task, team.captain, at=AT)["entries"]
    assert [one.entry for one in seen] == [newest, first]
