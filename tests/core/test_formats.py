"""Korean formats against what people write and against a plain reading aloud of numbers."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.core import formats

DIGITS = "영일이삼사오육칠팔구"


def read_aloud(number: int) -> str:
    """Oracle: the Sino-Korean reading, built place by place."""
    if number == 0:
        return DIGITS[0]
    groups = []
    for unit in ("", "만", "억", "조", "경", "해"):
        number, group = divmod(number, 10_000)
        words = ""
        for place, power in (("천", 1000), ("백", 100), ("십", 10), ("", 1)):
            digit = group // power % 10
            if digit:
                words += ("" if digit == 1 and place else DIGITS[digit]) + place
        groups.append(words + unit if words else "")
    return "".join(reversed(groups))


def final_of(syllable: str) -> str:
    """Oracle: the third part of a syllable by Unicode decomposition."""
    parts = unicodedata.normalize("NFD", syllable)
    return parts[2] if len(parts) == 3 else ""


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (1_284_000_000, "12억 8,400만 원", "₩1.28bn"),
        (0, "0 원", "₩0"),
        (9_999, "9,999 원", "₩9,999"),
        (316_000, "31만 6,000 원", "₩316,000"),
        (411_900_000_000, "4,119억 원", "₩411.9bn"),
        (1_284_567_890, "12억 8,457만 원", "₩1.28bn"),
        (199_999_999, "2억 원", "₩200m"),
        (999_999_999_999, "1조 원", "₩1tn"),
        (-50_000_000, "-5,000만 원", "-₩50m"),
        (999_994_000, "9억 9,999만 원", "₩999.99m"),
        (999_995_000, "10억 원", "₩1bn"),
    ],
)
def test_won(amount: int, korean: str, english: str) -> None:
    assert formats.won(amount, "ko") == korean
    assert formats.won(amount, "en") == english


def test_nothing_is_a_dash() -> None:
    for tell in (formats.won, formats.won_exact, formats.day, formats.moment, formats.share):
        assert tell(None) == "–"


@given(st.integers(-(10**16), 10**16))
def test_korean_won_reads_back_within_half_of_its_last_unit(amount: int) -> None:
    text = formats.won(amount, "ko")
    parts = re.findall(r"([\d,]+)(조|억|만|)", text)
    parts = [(int(n.replace(",", "")), unit) for n, unit in parts]
    size = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
    read = sum(n * size[unit] for n, unit in parts)
    assert len(parts) <= 2
    largest = max(size[unit] for _n, unit in parts)
    assert abs(read - abs(amount)) * 2 <= max(largest // 10**4, 1)
    assert text.startswith("-") == (amount < 0)


@given(st.integers(10**6, 10**15))
def test_english_won_is_right_to_two_decimals(amount: int) -> None:
    found = re.fullmatch(r"₩([\d,.]+)(tn|bn|m)", formats.won(amount, "en"))
    assert found is not None
    size = {"tn": 10**12, "bn": 10**9, "m": 10**6}[found[2]]
    read = Decimal(found[1].replace(",", ""))
    assert abs(read * size - amount) * 200 <= size
    assert read < 1000 or size == 10**12


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("수료", "이/가", "수료가"),
        ("기업", "을/를", "기업을"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("광주", "로/으로", "광주로"),
        ("지스트", "은/는", "지스트는"),
        ("CJ", "과/와", "CJ와"),
        ("GIST", "은/는", "GIST는"),
        ("LLM", "을/를", "LLM을"),
        ("AI", "이/가", "AI가"),
        ("URL", "으로/로", "URL로"),
        ("Google", "이/가", "Google이"),
        ("network", "을/를", "network를"),
        ("web", "을/를", "web을"),
        ("67.4%", "이/가", "67.4%가"),
        ("3.1", "으로/로", "3.1로"),
        ("10", "을/를", "10을"),
        ("2", "이/가", "2가"),
        ("330", "이/가", "330이"),
        ("10,000", "으로/로", "10,000으로"),
        ("1000000000000", "은/는", "1000000000000는"),
        ("파일(CSV)", "이/가", "파일(CSV)가"),
        ("「협약」", "은/는", "「협약」은"),
        ("홍길동", "아/야", "홍길동아"),
        ("수료", "이라고/라고", "수료라고"),
        ("", "을/를", "을(를)"),
        ("★", "으로/로", "★(으)로"),
    ],
)
def test_josa(word: str, pair: str, expected: str) -> None:
    assert formats.josa(word, pair) == expected


def test_a_pair_needs_a_slash() -> None:
    with pytest.raises(ValueError, match="slash"):
        formats.josa("수료", "가")


@given(st.integers(0, 10**19 - 1), st.booleans())
def test_numbers_take_the_particle_of_their_reading(number: int, commas: bool) -> None:
    final = final_of(read_aloud(number)[-1])
    text = f"{number:,}" if commas else str(number)
    assert formats.particle(text, "을/를") == ("을" if final else "를")
    rieul = unicodedata.normalize("NFD", "달")[2]
    expected = "으로" if final and final != rieul else "로"
    assert formats.particle(text, "으로/로") == expected


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_hangul_takes_the_particle_of_its_last_syllable(word: str) -> None:
    final = final_of(word[-1])
    for pair in ("은/는", "이/가", "을/를", "과/와"):
        consonant, vowel = pair.split("/")
        assert formats.josa(word, pair) == word + (consonant if final else vowel)


@given(st.text(max_size=30), st.sampled_from(["은/는", "이/가", "을/를", "으로/로", "이나/나"]))
def test_josa_keeps_the_word_and_only_adds(word: str, pair: str) -> None:
    consonant, vowel = pair.split("/")
    added = formats.josa(word, pair).removeprefix(word)
    assert added in {consonant, vowel, f"{consonant}({vowel})", "(으)로", "(이)나"}


def test_moment_and_day() -> None:
    at = dt.datetime(2026, 11, 22, 6, 13, tzinfo=dt.UTC)
    assert formats.moment(at, "ko") == "2026. 11. 22. 오후 3:13"
    assert formats.moment(at, "en") == "22 Nov 2026, 3:13 pm"
    assert formats.day(at, "ko") == "2026. 11. 22."
    late = dt.datetime(2026, 11, 22, 15, 5, tzinfo=dt.UTC)
    assert formats.moment(late, "ko") == "2026. 11. 23. 오전 12:05"
    noon = dt.datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))
    assert formats.clock_time(noon, "ko") == "오후 12:00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.674, "67.4%"), (0.6745, "67.5%"), (1, "100.0%"), (0, "0.0%"), (Decimal("0.3"), "30.0%")],
)
def test_share(value: float | Decimal, expected: str) -> None:
    assert formats.share(value) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("01012345678", "010-1234-5678"),
        ("+82 10 1234 5678", "010-1234-5678"),
        ("0212345678", "02-1234-5678"),
        ("0629531234", "062-953-1234"),
        ("15881234", "1588-1234"),
        ("call me", "call me"),
        ("12", "12"),
    ],
)
def test_phone(raw: str, expected: str) -> None:
    assert formats.phone(raw) == expected
