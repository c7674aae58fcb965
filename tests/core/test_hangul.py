"""Names are found by any part, by initial consonants and by both mixed, as plain search would."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.core import hangul

NAMES = st.text(st.sampled_from("가각갸거나난마밀바박빛솔하힣 AbC-"), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "reduced"),
    [
        ("가람솔빛", "ㄱㄹㅅㅂ"),
        ("까치", "ㄲㅊ"),
        ("힣", "ㅎ"),
        ("AI 빛고을", "AI ㅂㄱㅇ"),
        ("", ""),
    ],
)
def test_syllables_are_reduced_to_their_first_consonant(name: str, reduced: str) -> None:
    assert hangul.initials(name) == reduced


def test_a_name_is_entered_at_every_syllable_and_every_word() -> None:
    keys = hangul.keys_of("가람 솔", "Garam Sol")
    assert {key.text for key in keys} == {"가람솔", "람솔", "솔", "garamsol", "sol"}
    assert {key.initials for key in keys} == {"ㄱㄹㅅ", "ㄹㅅ", "ㅅ", ""}


def test_the_same_name_typed_on_a_mac_is_the_same() -> None:
    assert hangul.keys_of("가람") == hangul.keys_of("\u1100\u1161\u1105\u1161\u11b7")


def test_consonants_that_a_keyboard_joined_are_two_again() -> None:
    assert hangul.words("ㄳ ㅄ") == ["ㄱㅅ", "ㅂㅅ"]


def test_what_no_column_can_hold_is_left_out() -> None:
    assert hangul.words("가\x00람 \ud800") == ["가람"]


def test_a_very_long_name_has_few_and_short_keys() -> None:
    keys = hangul.keys_of("가" * 80, "b " * 40)
    assert len(keys) <= hangul.KEYS_AT_MOST
    assert max(len(key.text) for key in keys) == hangul.KEY_LENGTH


@given(st.text(min_size=1, max_size=6), st.text(max_size=6))
def test_everything_that_begins_so_sorts_before_what_comes_after(start: str, rest: str) -> None:
    whole = start + rest
    if start[-1] != "\U0010ffff" and "\ud7ff" not in start[-1] and start.isprintable():
        assert start <= whole < hangul.after(start)


@given(NAMES, st.data())
def test_every_part_of_a_korean_name_finds_it(name: str, data: st.DataObject) -> None:
    """The oracle is Python's own search in the folded name."""
    whole = "".join(hangul.fold(name).split())
    places = [place for place, each in enumerate(whole) if "가" <= each <= "힣"]
    if not places:
        return
    start = data.draw(st.sampled_from(places))
    part = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    mixed = "".join(hangul.initials(each) if data.draw(st.booleans()) else each for each in part)
    keys = hangul.keys_of(name)
    assert any(key.text.startswith(part) for key in keys)
    assert any(key.initials.startswith(hangul.initials(part)) for key in keys)
    assert any(re.match(hangul.pattern(mixed), key.text) for key in keys)
    assert re.search(hangul.pattern(mixed), whole)
