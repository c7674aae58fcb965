"""Lottery, reserves, RULES.toml, frozen placements."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from bitgoeul.engines.matching import (
    Choice,
    Lottery,
    MatchingError,
    Position,
    Problem,
    Reserve,
    Rules,
    lottery_number,
    read_rules,
    solve,
    summary,
    verify_result,
)


def test_the_lottery_number_is_the_digest_read_as_a_number_and_the_lowest_wins():
    people = ["김하나", "이두리", "b", "c"]
    text = "시드|1회|김하나".encode()
    assert f"{lottery_number('시드', '1회', '김하나'):064x}" == hashlib.sha256(text).hexdigest()
    rows = [Choice(who, "lab", 1, 50) for who in people]
    rules = Rules(lottery=Lottery("시드", "1회"))
    problem = Problem.build(choices=rows, positions=[Position("lab", 1)], rules=rules)
    result = solve(problem)
    winner = min(people, key=lambda who: lottery_number("시드", "1회", who))
    assert result.matches()[winner] == "lab"
    assert summary(problem, result)["lottery_decided"] == 1


def test_priority_class_precedes_score_and_score_precedes_the_lottery():
    rows = [
        Choice("late", "x", 1, "99.9", priority=2),
        Choice("early", "x", 1, "10.5", priority=1),
        Choice("lower", "x", 1, "10.25", priority=1),
    ]
    for seats, taken in ((1, {"early"}), (2, {"early", "lower"})):
        problem = Problem.build(choices=rows, positions=[Position("x", seats)])
        matches = solve(problem).matches()
        assert {who for who, position in matches.items() if position} == taken


def test_scores_keep_more_digits_than_a_float():
    rows = [Choice("a", "x", 1, "0.10000000000000000001"), Choice("b", "x", 1, "0.1")]
    problem = Problem.build(choices=rows, positions=[Position("x", 1)])
    assert solve(problem).matches()["a"] == "x"


@pytest.mark.parametrize(
    ("rounding", "seats"), [("down", [0, 0, 0, 1]), ("nearest", [0, 1, 1, 2]), ("up", [1, 1, 1, 2])]
)
def test_shares_are_rounded_as_the_rule_says(rounding, seats):
    """30 % of 1, 2, 3 and 5 seats: 0.3, 0.6, 0.9, 1.5 (a half goes up)."""
    reserve = Reserve("local", "yes", share=Decimal("0.3"), rounding=rounding)
    assert [reserve.seats_of(capacity) for capacity in (1, 2, 3, 5)] == seats


def test_a_target_has_an_exemption_a_floor_and_a_cap():
    """Ten seats, 30 % local: none passes, so three more are called for; the rules limit them."""
    rows = [Choice(f"n{k}", "x", 1, 90 - k, 0, {"local": "no"}) for k in range(10)]
    rows += [Choice(f"l{k}", "x", 1, 80 - k, 0, {"local": "yes"}) for k in range(5)]

    def passed(**options):
        reserve = Reserve("local", "yes", share="0.3", mode="target", **options)
        rules = Rules(reserves=(reserve,))
        problem = Problem.build(choices=rows, positions=[Position("x", 10)], rules=rules)
        result = solve(problem)
        return sorted(one.applicant for one in result.placements if one.pool == "local=yes")

    assert passed() == ["l0", "l1", "l2"]
    assert passed(extra_cap="0.2") == ["l0", "l1"]
    assert passed(floor=2) == ["l0", "l1"]  # the last regular score is 81, so 79 is the bar
    assert passed(min_seats=11) == []


TOML = """
[lottery]
seed = "씨앗 \\"하나\\""
round = "2026-1"

[[reserve]]
column = "local"
value = "yes"
share = 0.3
mode = "target"
order = 2
floor = 3
extra_cap = 0.1
rounding = "nearest"
min_seats = 5

[[reserve]]
column = "youth"
value = "y"
seats = 2
mode = "target"
order = 1
positions = ["lab"]

[[frozen]]
applicant = "kim"
position = "lab"
"""


def test_rules_are_read_exactly_and_written_back():
    rules = read_rules(TOML.encode())
    assert rules.lottery == Lottery('씨앗 "하나"', "2026-1")
    assert [reserve.label for reserve in rules.reserves] == ["youth=y", "local=yes"]
    assert rules.reserves[1].share == Decimal("0.3")
    assert rules.reserves[0].positions == ("lab",)
    assert rules.frozen == (("kim", "lab"),)
    assert read_rules(rules.to_toml().encode()) == rules


@pytest.mark.parametrize(
    ("text", "code", "column", "value"),
    [
        ("x = ", "bad_toml", "", None),
        ("typo = 1", "unknown_key", "", "typo"),
        ('[[umbrella]]\ncompany = "a"\ncapacity = 2', "unsupported_rule", "", "umbrella"),
        ('[[region]]\nregion = "a"\ncap = 2', "unsupported_rule", "", "region"),
        ("[lottery]\nseed = 1", "bad_rule_value", "seed", "1"),
        ('[[reserve]]\nvalue = "y"\nseats = 1', "missing_value", "reserve[1].column", ""),
        ('[[reserve]]\ncolumn = "c"\nvalue = "y"', "share_or_seats", "share, seats", "c=y"),
        ("R\nshare = 0.1\nseats = 1", "share_or_seats", "share, seats", "c=y"),
        ("R\nshare = 1.5", "bad_rule_value", "share", "1.5"),
        ("R\nshare = nan", "bad_rule_value", "share", "NaN"),
        ("R\nseats = -1", "bad_rule_value", "seats", "-1"),
        ("R\nseats = 1.0", "bad_rule_value", "seats", "1.0"),
        ('R\nseats = 1\nmode = "hard"', "bad_rule_value", "mode", "hard"),
        ("R\nseats = 1\nfloor = 2", "bad_rule_value", "floor", "2"),
        ('R\nseats = 1\nmode = "calling"', "bad_rule_value", "seats", "1"),
        ('R\nseats = 1\npositions = "lab"', "bad_rule_value", "positions", "lab"),
        ("R\nseats = 1\nfoo = 2", "unknown_key", "reserve", "foo"),
        ('[[frozen]]\napplicant = "a"', "missing_value", "frozen", ""),
    ],
)
def test_bad_rules_are_refused_with_the_key_and_the_value(text, code, column, value):
    source = text.replace("R\n", '[[reserve]]\ncolumn = "c"\nvalue = "y"\n').encode()
    with pytest.raises(MatchingError) as caught:
        read_rules(source, name="rules.toml")
    error = caught.value
    assert (error.code, error.column, error.file) == (code, column, "rules.toml")
    assert value is None or error.value == value


def test_rules_in_an_unknown_encoding_are_refused_like_any_other_file():
    with pytest.raises(MatchingError) as caught:
        read_rules(b"\xff\xfe\x84\x81 = 1", name="rules.toml")
    assert (caught.value.code, caught.value.file) == ("bad_encoding", "rules.toml")


def _lab(rows, capacity=2, **rules):
    seats = [Position("lab", capacity), Position("it", 1)]
    return Problem.build(choices=rows, positions=seats, rules=Rules(**rules))


def test_reserves_that_cannot_meet_are_refused():
    rows = [Choice("a", "lab", 1, 1, 0, {"c": "y"})]
    soft, target = (Reserve("c", "y", seats=1, mode=mode) for mode in ("soft", "target"))
    for reserves, code in (((soft, target), "mixed_modes"), ((soft, soft), "duplicate_reserve")):
        with pytest.raises(MatchingError) as caught:
            _lab(rows, reserves=reserves)
        assert (caught.value.code, caught.value.value) == (code, "lab")
    nowhere = Reserve("c", "y", seats=1, positions=("moon",))
    with pytest.raises(MatchingError) as caught:
        _lab(rows, reserves=(nowhere,))
    assert (caught.value.code, caught.value.value) == ("unknown_position", "moon")


def test_a_re_run_keeps_frozen_placements_and_gives_out_the_rest():
    rows = [Choice(who, "lab", 1, score) for who, score in (("a", 90), ("b", 80), ("c", 70))]
    assert solve(_lab(rows)).matches() == {"a": "lab", "b": "lab", "c": None}
    # a declines: the round is run again without a, and with b where b already is.
    again = solve(_lab(rows[1:], frozen=(("b", "lab"),)))
    assert again.matches() == {"b": "lab", "c": "lab"}
    assert [one.frozen for one in again.placements] == [True, False]


def test_a_frozen_person_of_the_type_takes_a_reserved_seat():
    rows = [
        Choice("local1", "lab", 1, 10, 0, {"c": "y"}),
        Choice("local2", "lab", 1, 20, 0, {"c": "y"}),
        Choice("other", "lab", 1, 30, 0, {"c": "n"}),
    ]
    rules = {"reserves": (Reserve("c", "y", seats=1),), "frozen": (("local1", "lab"),)}
    result = solve(_lab(rows, **rules))
    assert {one.applicant: one.pool for one in result.placements} == {
        "local1": "c=y",
        "local2": None,
        "other": "open",
    }


def test_a_frozen_person_counts_for_a_target():
    rows = [Choice(f"n{k}", "lab", 1, 90 - k, 0, {"c": "n"}) for k in range(3)]
    rows += [Choice(f"l{k}", "lab", 1, 50 - k, 0, {"c": "y"}) for k in range(2)]
    reserves = (Reserve("c", "y", seats=1, mode="target"),)
    assert solve(_lab(rows, reserves=reserves)).matches()["l0"] == "lab"
    frozen = (("l1", "lab"),)
    problem = _lab(rows, reserves=reserves, frozen=frozen)
    result = solve(problem)
    assert [who for who, at in result.matches().items() if at] == ["n0", "l1"]
    assert verify_result(problem, result)["violation"] is None


def test_a_later_priority_class_never_reaches_the_floor_of_an_earlier_one():
    rows = [Choice(f"n{k}", "lab", 1, 50, 1, {"c": "n"}) for k in range(2)]
    rows += [Choice("early", "lab", 1, 48, 1, {"c": "y"})]
    rows += [Choice("late", "lab", 1, 99, 2, {"c": "y"})]

    def extra(floor, choices):
        reserves = (Reserve("c", "y", seats=2, mode="target", floor=floor),)
        result = solve(_lab(choices, reserves=reserves))
        return [one.applicant for one in result.placements if one.pool == "c=y"]

    assert extra(None, rows) == ["early", "late"]
    assert extra(2, rows) == ["early"]
    assert extra(2, rows[:2] + rows[3:]) == []


def test_people_frozen_above_the_capacity_must_be_what_the_target_allows():
    rows = [Choice(f"l{k}", "lab", 1, 9, 0, {"c": "y"}) for k in range(3)]
    rows += [Choice(f"n{k}", "lab", 1, 9, 0, {"c": "n"}) for k in range(2)]
    reserves = (Reserve("c", "y", seats=1, mode="target"),)

    def run(*who):
        frozen = tuple((name, "lab") for name in who)
        problem = _lab(rows, capacity=1, reserves=reserves, frozen=frozen)
        result = solve(problem)
        assert verify_result(problem, result)["violation"] is None
        return [name for name, at in result.matches().items() if at]

    assert run("n0", "l0") == ["l0", "n0"]
    for who in (("n0", "n1"), ("l0", "l1", "l2")):
        with pytest.raises(MatchingError) as caught:
            run(*who)
        assert caught.value.code == "frozen_over_capacity"


@pytest.mark.parametrize(
    ("frozen", "code"),
    [
        ((("a", "it"),), "frozen_not_listed"),
        ((("z", "lab"),), "frozen_not_listed"),
        ((("a", "lab"), ("b", "lab"), ("c", "lab")), "frozen_over_capacity"),
        ((("a", "lab"), ("a", "lab")), "frozen_twice"),
    ],
)
def test_impossible_frozen_placements_are_refused(frozen, code):
    rows = [Choice(who, "lab", 1, 1) for who in "abc"]
    with pytest.raises(MatchingError) as caught:
        solve(_lab(rows, frozen=frozen))
    assert caught.value.code == code
