"""Teams: who may take part, how they are joined, left, led and merged."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import MergeState, TeamState, TermsKind
from bitgoeul.apps.contests.models import Acceptance, Entry, Team
from bitgoeul.apps.contests.queries.eligibility import age_on, members_of, missing_terms, team_of
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from tests.apps.contests.bench import DAY, Bench, answers, make_bench
from tests.world import AT


def _join(bench: Bench, team: Team, number: int) -> Any:
    link = services.invite_member(team=team, by=team.captain, at=AT)
    who = bench.person(number)
    return services.join_team(key=services.key_of(link), person=who, by=who, at=AT)


@pytest.mark.parametrize(
    ("born", "region", "fits"),
    [
        (dt.date(2000, 1, 1), Region.GWANGJU, True),
        (dt.date(2000, 1, 1), Region.SEOUL, False),
        (dt.date(2010, 1, 1), Region.GWANGJU, False),
        (dt.date(1980, 1, 1), Region.GWANGJU, False),
        (None, Region.GWANGJU, False),
        (dt.date(2000, 1, 1), "", False),
    ],
)
def test_age_and_region_decide(db: None, born: dt.date | None, region: str, fits: bool) -> None:
    bench = make_bench(age_from=19, age_to=39, regions=[Region.GWANGJU])
    person = bench.person(0)
    person.birth_on, person.residence = born, region
    person.save()
    if fits:
        assert bench.team(0).captain == person
        return
    with pytest.raises(Refused) as refusal:
        bench.team(0)
    assert refusal.value.code == "not_eligible"


def test_ages_are_full_years() -> None:
    assert age_on(dt.date(2000, 6, 2), dt.date(2025, 6, 1)) == 24
    assert age_on(dt.date(2000, 6, 2), dt.date(2025, 6, 2)) == 25
    assert age_on(dt.date(2004, 2, 29), dt.date(2025, 2, 28)) == 20


def test_everybody_agrees_to_the_newest_text_before_they_take_part(bench: Bench) -> None:
    facts = {"contest": bench.contest, "kind": TermsKind.CONDUCT, "by": bench.officer, "at": AT}
    services.publish_terms(text_ko="정직하게.", **facts)
    with pytest.raises(Refused) as refusal:
        bench.team(0)
    assert refusal.value.code == "terms"
    who = bench.person(0)
    services.accept_terms(contest=bench.contest, person=who, by=who, at=AT)
    team = bench.team(0)
    services.publish_terms(text_ko="더 정직하게.", **facts)
    assert [text.version for text in missing_terms(bench.contest, who)] == [2]
    with pytest.raises(Refused) as refusal:
        bench.hand_in(team, answers())
    assert refusal.value.code == "terms"
    services.accept_terms(contest=bench.contest, person=who, by=who, at=AT)
    bench.hand_in(team, answers())
    assert Acceptance.objects.filter(person=who).count() == 2


def test_a_link_expires_is_taken_back_and_a_letter_works_once(bench: Bench) -> None:
    team = bench.team(0)
    link = services.invite_member(team=team, by=team.captain, at=AT, days=2)
    key, who = services.key_of(link), bench.person(1)
    with pytest.raises(Refused):
        services.join_team(key=key, person=who, by=who, at=AT + 3 * DAY)
    with pytest.raises(Refused):
        services.join_team(key="x" * 43, person=who, by=who, at=AT)
    services.revoke_invitation(invitation=link, by=team.captain, at=AT)
    with pytest.raises(Refused):
        services.join_team(key=key, person=who, by=who, at=AT)
    letter = services.invite_member(team=team, by=team.captain, at=AT, email="P1@team.example")
    jobs.run_pending()
    assert mail.outbox[-1].to == ["p1@team.example"]
    assert services.key_of(letter) in mail.outbox[-1].body
    services.join_team(key=services.key_of(letter), person=who, by=who, at=AT)
    assert team_of(bench.contest, who) == team
    third = bench.person(2)
    with pytest.raises(Refused):
        services.join_team(key=services.key_of(letter), person=third, by=third, at=AT)
    with pytest.raises(Refused):
        services.invite_member(team=team, by=who, at=AT)


def test_a_team_is_never_larger_than_allowed(db: None) -> None:
    bench = make_bench(team_most=2)
    team = bench.team(0)
    _join(bench, team, 1)
    with pytest.raises(Refused) as refusal:
        _join(bench, team, 2)
    assert refusal.value.code == "full"


def test_a_team_that_is_too_small_cannot_hand_in(db: None) -> None:
    bench = make_bench(team_least=2)
    team = bench.team(0)
    with pytest.raises(Refused) as refusal:
        bench.hand_in(team, answers())
    assert refusal.value.code == "too_few"


def test_the_captain_hands_over_before_leaving_and_the_last_one_ends_the_team(bench: Bench) -> None:
    team = bench.team(0)
    captain = team.captain
    _join(bench, team, 1)
    with pytest.raises(Refused):
        services.leave_team(team=team, person=captain, by=captain, at=AT)
    mate = bench.person(1)
    services.hand_over_team(team=team, to=mate, by=captain, at=AT)
    services.leave_team(team=team, person=captain, by=captain, at=AT)
    assert members_of(Team.objects.get()) == [mate]
    services.leave_team(team=team, person=mate, by=mate, at=AT)
    assert Team.objects.get().state == TeamState.WITHDRAWN


def test_nobody_plays_for_two_teams(bench: Bench) -> None:
    team = bench.team(0)
    _join(bench, team, 1)
    with pytest.raises(Refused):
        bench.team(1, "둘째")
    mate = bench.person(1)
    bench.hand_in(team, answers(), by=mate)
    services.leave_team(team=team, person=mate, by=mate, at=AT)
    with pytest.raises(Refused) as refusal:
        bench.team(1, "둘째")
    assert refusal.value.code == "in_team"
    _join(bench, team, 1)
    assert members_of(team) == [team.captain, mate]


def test_who_joins_another_team_at_the_same_moment_is_refused_in_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, _other = bench.team(0), bench.team(1)
    monkeypatch.setattr("bitgoeul.apps.contests.services.teams.team_of", lambda *_: None)
    with pytest.raises(Refused) as refusal:
        _join(bench, team, 1)
    assert refusal.value.code == "in_team"
    with pytest.raises(Refused) as refusal:
        bench.team(1, "셋째")
    assert refusal.value.code == "in_team"
    assert not Team.objects.filter(name="셋째").exists()


def test_letters_taken_back_count_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitgoeul.apps.contests.services.invitations.MOST_LETTERS", 2)
    team = bench.team(0)
    facts: dict[str, Any] = {"team": team, "by": team.captain}
    for number in range(2):
        letter = services.invite_member(at=AT, email=f"q{number}@team.example", **facts)
        services.revoke_invitation(invitation=letter, by=team.captain, at=AT)
    with pytest.raises(Refused) as refusal:
        services.invite_member(at=AT, email="q3@team.example", **facts)
    assert refusal.value.code == "full"
    services.invite_member(at=AT, **facts)
    services.invite_member(at=AT + DAY, email="q3@team.example", **facts)


def test_two_teams_merge_when_both_captains_agree(bench: Bench) -> None:
    first, second = bench.team(0), bench.team(1)
    bench.hand_in(second, answers())
    merge = services.ask_merge(team=first, joining=second, by=first.captain, at=AT)
    with pytest.raises(Refused):
        services.answer_merge(merge=merge, agree=True, by=first.captain, at=AT)
    merge = services.answer_merge(merge=merge, agree=True, by=second.captain, at=AT)
    second.refresh_from_db()
    assert (merge.state, second.state, second.merged_into) == (
        MergeState.AGREED, TeamState.MERGED, first,
    )  # fmt: skip
    assert len(members_of(first)) == 2
    assert Entry.objects.get().team == first


def test_a_merge_needs_no_more_entries_than_one_team_could_have(bench: Bench) -> None:
    first, second = bench.team(0), bench.team(1)
    for team in (first, second):
        for _number in range(3):
            bench.hand_in(team, answers())
    bench.phase.opens_at = AT - dt.timedelta(hours=1)
    bench.phase.save()
    with pytest.raises(Refused) as refusal:
        services.ask_merge(team=first, joining=second, by=first.captain, at=AT)
    assert refusal.value.code == "quota"
    services.ask_merge(team=first, joining=second, by=first.captain, at=AT + DAY)


def test_a_merge_is_declined_or_taken_back(bench: Bench) -> None:
    first, second = bench.team(0), bench.team(1)
    merge = services.ask_merge(team=first, joining=second, by=first.captain, at=AT)
    with pytest.raises(Refused):
        services.ask_merge(team=first, joining=second, by=first.captain, at=AT)
    services.answer_merge(merge=merge, agree=False, by=second.captain, at=AT)
    merge = services.ask_merge(team=first, joining=second, by=first.captain, at=AT)
    services.take_back_merge(merge=merge, by=first.captain, at=AT)
    assert Team.objects.filter(state=TeamState.ACTIVE).count() == 2


def test_the_organiser_excludes_with_a_reason_and_readmits(bench: Bench) -> None:
    team = bench.team(0)
    with pytest.raises(Refused):
        services.exclude_team(team=team, reason=" ", by=bench.officer, at=AT)
    with pytest.raises(Refused):
        services.exclude_team(team=team, reason="규칙", by=team.captain, at=AT)
    assert (
        services.exclude_team(team=team, reason="규칙", by=bench.officer, at=AT).state
        == TeamState.DISQUALIFIED
    )
    with pytest.raises(Refused):
        bench.hand_in(team, answers())
    services.readmit_team(team=team, reason="오해", by=bench.officer, at=AT)
    bench.hand_in(team, answers())


def test_questions_wait_are_answered_and_read_by_everybody(bench: Bench) -> None:
    who = bench.person(0)
    question = services.ask_question(contest=bench.contest, text="몇 시?", by=who, at=AT)
    with pytest.raises(Refused):
        services.answer_question(question=question, answer="9시", by=who, at=AT)
    services.answer_question(question=question, answer="9시", by=bench.officer, at=AT)
    bench.team(0)
    said = services.announce(
        contest=bench.contest, title_ko="알림", text_ko="연장", by=bench.officer, at=AT
    )
    assert said.title == "알림"
    for number in range(10):
        services.ask_question(contest=bench.contest, text=str(number), by=who, at=AT)
    with pytest.raises(Refused):
        services.ask_question(contest=bench.contest, text="한 번 더", by=who, at=AT)
