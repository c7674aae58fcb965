"""What people type, and what it must become. The oracle is the table beside each test."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bitgoeul.core.imports import CellError, clean

APRIL = dt.date(2021, 4, 15)
NAIVE = dt.datetime(2021, 4, 15, 14, 30)  # noqa: DTZ001 -- a spreadsheet's cell has no zone


def code_of(convert, cell):
    with pytest.raises(CellError) as caught:
        convert(cell)
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2021-04-15",
        "2021년 4월 15일",
        "2021년04월15일",
        "2021. 4. 15.",
        "2021.4.15",
        "21.4.15",
        "'21.4.15",
        "21. 04. 15.",
        "2021/4/15",
        "20210415",
        20210415,
        44301,
        44301.5,
        "2021-04-15 00:00:00",
        "2021. 4. 15.(목)",
        "2021-04-15(목요일)",
        "２０２１．４．１５",
        dt.date(2021, 4, 15),
        NAIVE,
    ],
)
def test_dates(cell):
    assert clean.date()(cell) == APRIL


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2021-02-30", "no_such_day"),
        ("2021년 13월 1일", "no_such_day"),
        ("20211345", "no_such_day"),
        ("4월 15일", "not_a_date"),
        ("2021-04", "not_a_date"),
        ("4/15/2021", "not_a_date"),
        ("어제", "not_a_date"),
        ("44301", "not_a_date"),
        (12, "not_a_date"),
        (True, "not_a_date"),
        (dt.time(9, 30), "not_a_date"),
        ("2021-04-15" * 30, "not_a_date"),
    ],
)
def test_what_is_no_date(cell, code):
    assert code_of(clean.date(), cell) == code


def test_years_of_two_digits_turn_at_fifty():
    assert clean.date()("98.4.15") == dt.date(1998, 4, 15)
    assert clean.date()("49.4.15") == dt.date(2049, 4, 15)


def test_date_limits():
    convert = clean.date(min=dt.date(2020, 1, 1), max=dt.date(2022, 1, 1))
    assert convert("2021-04-15") == APRIL
    assert code_of(convert, "2019-12-31") == "too_early"
    assert code_of(convert, "2022-01-02") == "too_late"


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("2021-04-15 14:30", 14, 30),
        ("2021-04-15T14:30:00", 14, 30),
        ("2021. 4. 15. 오후 2:30", 14, 30),
        ("2021년 4월 15일 오후 2시 30분", 14, 30),
        ("2021년 4월 15일 오전 12시", 0, 0),
        ("2021-04-15 2:30 PM", 14, 30),
        (44301.604166666664, 14, 30),
        (NAIVE, 14, 30),
    ],
)
def test_moments_are_seoul_time(cell, hour, minute):
    moment = clean.datetime()(cell)
    assert moment.utcoffset() == dt.timedelta(hours=9)
    assert (moment.date(), moment.hour, moment.minute) == (APRIL, hour, minute)


def test_what_is_no_moment():
    assert code_of(clean.datetime(), "2021-04-15") == "not_a_moment"
    assert code_of(clean.datetime(), "2021-04-15 25:00") == "not_a_moment"
    assert code_of(clean.datetime(), "2021-04-15 오후 14:00") == "not_a_moment"


@pytest.mark.parametrize(
    "cell", ["14:30", "오후 2:30", "오후 2시 30분", "14시30분", dt.time(14, 30), 0.604166666666667]
)
def test_times(cell):
    assert clean.time()(cell) == dt.time(14, 30)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234,000원", 1_234_000),
        ("1234000", 1_234_000),
        ("₩1,234", 1234),
        ("1,234.00", 1234),
        ("12억 8,400만 원", 1_284_000_000),
        ("12억8,400만원", 1_284_000_000),
        ("3만 5천원", 35_000),
        ("1,234천원", 1_234_000),
        ("5천만원", 50_000_000),
        ("2백만 원", 2_000_000),
        ("1.5억", 150_000_000),
        ("1조 2억", 1_000_200_000_000),
        ("일금", None),
        (1234000, 1_234_000),
        (1234000.0, 1_234_000),
        (0, 0),
        ("１，２３４원", 1234),
    ],
)
def test_won(cell, amount):
    if amount is None:
        assert code_of(clean.won(), cell) == "not_money"
    else:
        assert clean.won()(cell) == amount


@pytest.mark.parametrize("cell", ["(1,234)", "△1,234", "▲1,234원", "-1,234", "−1234"])
def test_negative_won(cell):
    assert clean.won(min=None)(cell) == -1234
    assert code_of(clean.won(), cell) == "too_small"


@pytest.mark.parametrize(
    "cell", ["1,23,4", "1234.5", 1234.5, "12억억", "만", "", "원", True, "1" * 80]
)
def test_what_is_no_amount(cell):
    assert code_of(clean.won(), cell) == "not_money"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("010-1234-5678", "010-1234-5678"),
        ("01012345678", "010-1234-5678"),
        (1012345678, "010-1234-5678"),
        (1012345678.0, "010-1234-5678"),
        ("1012345678", "010-1234-5678"),
        ("010.1234.5678", "010-1234-5678"),
        ("+82 10-1234-5678", "010-1234-5678"),
        ("+82-(0)10-1234-5678", "010-1234-5678"),
        ("821012345678", "010-1234-5678"),
        ("０１０－１２３４－５６７８", "010-1234-5678"),
        ("011-123-4567", "011-123-4567"),
        ("02-123-4567", "02-123-4567"),
        (22345678, "02-234-5678"),
        ("062)613-2114", "062-613-2114"),
        (626132114, "062-613-2114"),
        ("070-1234-5678", "070-1234-5678"),
        ("1588-1234", "1588-1234"),
    ],
)
def test_phones(cell, number):
    assert clean.phone()(cell) == number


@pytest.mark.parametrize(
    "cell", ["123-45-67891", "없음", "010-123", "2021-04-15", 20210415, 12, True, "999"]
)
def test_what_is_no_phone(cell):
    assert code_of(clean.phone(), cell) == "not_a_phone"


def test_phone_is_its_own_fixed_point():
    once = clean.phone()("1012345678")
    assert clean.phone()(once) == once


@pytest.mark.parametrize("cell", ["220-81-62517", "2208162517", 2208162517, 2208162517.0])
def test_business_numbers(cell):
    assert clean.business_number()(cell) == "220-81-62517"


def test_business_number_errors():
    assert code_of(clean.business_number(), "220-81-62518") == "business_number_check"
    assert code_of(clean.business_number(), "220-81-625") == "not_business_number"


@given(st.integers(0, 999_999_999))
def test_one_check_digit_fits_each_business_number(nine):
    """The check digit is unique, so every single mistyped last digit is noticed."""
    fits = [d for d in range(10) if clean.business_number_is_valid(f"{nine:09d}{d}")]
    assert len(fits) == 1


def test_email():
    assert clean.email()(" Hong@Example.KR ") == "hong@example.kr"
    for cell in (
        "hong@naver,com",
        "hong",
        "a@b",
        "가@나.kr",
        "a b@c.kr",
        "a@c..kr",
        "x" * 300 + "@a.kr",
    ):
        assert code_of(clean.email(), cell) == "not_an_email"


@pytest.mark.parametrize(
    ("cell", "value"), [("남", "m"), (" 남 ", "m"), ("여", "f"), ("Female", "f"), ("FEMALE", "f")]
)
def test_choice(cell, value):
    assert clean.choice({"남": "m", "여": "f", "Male": "m", "Female": "f"})(cell) == value


def test_choice_names_what_is_expected():
    with pytest.raises(CellError) as caught:
        clean.choice({"남": "m", "여": "f", "Male": "m"})("남자")
    assert caught.value.params == {"found": "남자", "expected": "남, 여"}


@pytest.mark.parametrize("cell", ["○", "O", "o", "Y", "예", "네", "TRUE", True, 1, 1.0, "✓"])
def test_yes(cell):
    assert clean.boolean()(cell) is True


@pytest.mark.parametrize("cell", ["×", "X", "x", "N", "아니오", "아니요", "FALSE", False, 0, "-"])
def test_no(cell):
    assert clean.boolean()(cell) is False


def test_neither_yes_nor_no():
    assert code_of(clean.boolean(), "응") == "not_yes_or_no"
    assert code_of(clean.boolean(), 2) == "not_yes_or_no"


def test_integers():
    assert clean.integer()("1,234") == 1234
    assert clean.integer(unit="명")("12명") == 12
    assert clean.integer()(12.0) == 12
    assert code_of(clean.integer(), "12.5") == "not_whole_number"
    assert code_of(clean.integer(), "열둘") == "not_whole_number"
    assert code_of(clean.integer(), True) == "not_whole_number"
    assert code_of(clean.integer(min=1), 0) == "too_small"
    assert code_of(clean.integer(max=10), "11") == "too_large"
    assert code_of(clean.integer(), "9" * 40) == "not_whole_number"
    assert code_of(clean.integer(), float("nan")) == "not_whole_number"
    assert code_of(clean.integer(), float("inf")) == "not_whole_number"


def test_decimals_and_scores():
    assert clean.decimal()("87.50") == Decimal("87.5")
    assert clean.decimal(places=1)(82.29999999999998) == Decimal("82.3")
    assert clean.score()("87.5점") == Decimal("87.5")
    assert code_of(clean.score(), "101") == "too_large"
    assert code_of(clean.score(), "87.555") == "too_many_places"
    assert code_of(clean.score(), "팔십") == "not_a_number"
    assert code_of(clean.decimal(), "1e2") == "not_a_number"


def test_shares():
    assert clean.share()("30%") == Decimal("0.3")
    assert clean.share()("0.3") == Decimal("0.3")
    assert clean.share()(0.3) == Decimal("0.3")
    assert clean.share(percent=True)(30) == Decimal("0.3")
    assert code_of(clean.share(), "30") == "not_a_share"
    assert code_of(clean.share(), "130%") == "not_a_share"


def test_text():
    assert clean.text()("  홍  길동\n") == "홍 길동"
    assert clean.text()(2024.0) == "2024"
    # Decomposed Hangul, as macOS writes it, becomes the composed form that is searched for.
    assert clean.text()("\u1112\u1169\u11bc") == "홍"
    assert code_of(clean.text(max=3), "가나다라") == "too_long"
    assert code_of(clean.text(min=2), "가") == "too_short"
    assert code_of(clean.text(pattern=r"[A-Z]\d", form="A1"), "1A") == "wrong_form"


CELLS = st.one_of(
    st.text(max_size=80),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.from_regex(r"[0-9.,\-년월일원만억천% ]{1,30}", fullmatch=True),
)
CONVERTERS = [
    clean.text(),
    clean.integer(),
    clean.decimal(),
    clean.score(),
    clean.won(),
    clean.date(),
    clean.datetime(),
    clean.time(),
    clean.phone(),
    clean.email(),
    clean.choice({"남": "m"}),
    clean.boolean(),
    clean.business_number(),
    clean.share(),
    clean.uuid(),
]


@example(cell=float("inf"))
@example(cell=float("nan"))
@given(CELLS)
def test_any_cell_is_either_cleaned_or_refused_in_words(cell):
    """No converter lets another exception out, whatever stands in the cell."""
    for convert in CONVERTERS:
        try:
            convert(cell)
        except CellError as error:
            assert str(error)  # noqa: PT017 -- either outcome is right; the words must be there


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2049, 12, 31)))
def test_every_way_of_writing_a_day_means_that_day(day):
    for text in (
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}년 {day.month}월 {day.day}일",
        f"{day.year}. {day.month}. {day.day}.",
        f"{day.year % 100:02}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
    ):
        assert clean.date()(text) == day


@given(st.integers(0, 10**12))
def test_amounts_written_with_commas_or_by_the_house_are_read_back(amount):
    assert clean.won()(f"{amount:,}원") == amount
    million, rest = divmod(amount, 10**8)
    ten_thousand, ones = divmod(rest, 10**4)
    spoken = " ".join(
        f"{n:,}{u}" for n, u in ((million, "억"), (ten_thousand, "만"), (ones, "")) if n
    )
    assert clean.won()((spoken or "0") + " 원") == amount
