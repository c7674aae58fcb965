"""Resident registration numbers are found however they are written, and other numbers are not."""

import pytest

from bitgoeul.core.imports import resident

# Invented numbers: the check digits are wrong or, since October 2020, mean nothing.
NUMBER = "9001011234567"
FOUND = [
    "900101-1234567",
    "9001011234567",
    "900101 - 1234567",
    "900101 1234567",
    "900101.1234567",
    "900101–1234567",
    "９００１０１－１２３４５６７",
    "900101\u200b-1234567",
    "주민번호 900101-1234567 입니다",
    "900101-5123456",  # a foreigner's
    "210101-4123456",
    "(900101-1234567)",
    "900101_1234567",
]
NOT_FOUND = [
    "010-1234-5678",
    "220-81-62517",
    "2024010112345",  # an order number: there is no month 40
    "901301-1234567",
    "900132-1234567",
    "900101-9234567",
    "900101-123456",
    "1900101-1234567",
    "900101-12345678",
    "900101",
    "900101-1******",
    "2021-04-15 14:30:00",
    "110111-0123456",  # a corporation's registration number
]


@pytest.mark.parametrize("text", FOUND)
def test_found(text):
    assert resident.has_number(text)
    assert resident.in_cells(["홍길동", text, 3])
    masked = resident.mask(text)
    assert not resident.has_number(masked)
    assert "1234567" not in masked
    assert "123456" not in masked


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text):
    assert not resident.has_number(text)
    assert resident.mask(text) == text or not text.isascii()


@pytest.mark.parametrize("number", [9001011234567, 9001011234567.0, 101013234567, 10013234567])
def test_numbers_that_lost_their_leading_zeros(number):
    assert resident.in_cells([number])
    assert resident.mask(number) == resident.MASK


@pytest.mark.parametrize(
    "number", [1012345678, 821012345678, 2208162517, 20210415, 1234000, 44301.5, float("nan"), True]
)
def test_other_numbers(number):
    assert not resident.in_cells([number])


def test_a_birth_date_beside_a_student_number_is_no_resident_number():
    assert not resident.in_cells(["990101", "2023123"])


@pytest.mark.parametrize(
    "heading",
    ["주민등록번호", "주민번호", "주민 등록 번호(필수)", "외국인등록번호", "RRN",
     "Resident registration number", "주민번호 뒷자리"],
)  # fmt: skip
def test_headings_that_ask_for_it(heading):
    assert resident.is_heading(heading)


@pytest.mark.parametrize(
    "heading", ["주민번호 앞자리", "생년월일", "사업자등록번호", "주민", "번호"]
)
def test_other_headings(heading):
    assert not resident.is_heading(heading)


@pytest.mark.parametrize("length", [32, 40, 64, 128])
def test_a_digest_is_no_resident_number_whatever_its_digits(length):
    digest = ("ab" + NUMBER + "c" * length)[:length]
    assert not resident.has_number(digest)
    assert not resident.has_number(f"inputs {digest}, seed")
    assert resident.mask(digest) == digest
    assert resident.has_number(f"{digest} {NUMBER}")
    assert resident.mask(f"{digest} {NUMBER}") == f"{digest} {resident.MASK}"


@pytest.mark.parametrize("text", [f"ab{NUMBER}cd", f"{NUMBER}abcdef", "a" * 31 + f" {NUMBER}"])
def test_a_number_in_a_short_word_is_still_found(text):
    assert resident.has_number(text)
