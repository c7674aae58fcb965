"""Files as people send them, and every way in which one can be wrong."""

from __future__ import annotations

import pytest

from bitgoeul.engines.matching import (
    Choice,
    MatchingError,
    Position,
    Problem,
    Reserve,
    Rules,
    read_problem,
    solve,
)

APPLICANTS = (
    "applicant,position,rank,score\n김하나,연구원,1,90.5\n김하나,개발자,2,80\n이두리,연구원,1,95\n"
)
POSITIONS = "position,capacity\n연구원,1\n개발자,1\n"


def test_encodings_line_ends_quotes_and_blank_lines_do_not_matter():
    plain = read_problem(applicants=APPLICANTS.encode(), positions=POSITIONS.encode())
    assert solve(plain).matches() == {"김하나": "개발자", "이두리": "연구원"}
    messy = APPLICANTS.replace("\n", "\r\n\r\n").replace("90.5", '" 9.05e1 "').replace(",", " , ")
    messy = messy.replace(' , " 9', ',"9').replace('1 "', '1"')
    for content in (
        APPLICANTS.encode("cp949"),
        b"\xef\xbb\xbf" + APPLICANTS.encode(),
        messy.encode(),
    ):
        again = read_problem(applicants=content, positions=POSITIONS.encode("cp949"))
        assert again.digests() == plain.digests()


def test_columns_may_come_in_any_order_and_extra_ones_are_only_read_by_reserves():
    text = "memo,score,rank,position,applicant,local\n메모,1,1,x,a,yes\n,2,1,x,b,no\n"
    rules = Rules(reserves=(Reserve("local", "yes", seats=1),))
    problem = read_problem(
        applicants=text.encode(), positions=b"capacity,position\n1,x\n", rules=rules
    )
    assert solve(problem).matches() == {"a": "x", "b": None}
    assert set(problem.groups) == {"local"}


BAD_APPLICANTS = [
    ("a,x,1,1\na,y,1,2", "duplicate_rank", 3, "rank", "1"),
    ("a,x,1,1\nb,x,1,1\na,x,2,2", "duplicate_choice", 4, "position", "x"),
    ("a,moon,1,1", "unknown_position", 2, "position", "moon"),
    ("a,x,1,", "missing_value", 2, "score", ""),
    ("a,x,,1", "missing_value", 2, "rank", ""),
    (",x,1,1", "missing_value", 2, "applicant", ""),
    ("a,,1,1", "missing_value", 2, "position", ""),
    ("a,x,0,1", "bad_rank", 2, "rank", "0"),
    ("a,x,1.5,1", "not_an_integer", 2, "rank", "1.5"),
    ("a,x,1,ninety", "not_a_number", 2, "score", "ninety"),
    ('a,x,1,"1,5"', "not_a_number", 2, "score", "1,5"),
    ("a,x,1,nan", "not_finite", 2, "score", "nan"),
    ("a,x,1,-inf", "not_finite", 2, "score", "-inf"),
    ("a,x,1,1e99", "score_range", 2, "score", "1e99"),
    ("a,x,1,1,9", "wrong_cell_count", 2, "", "5"),
    ("\n\na,x,1", "wrong_cell_count", 4, "", "3"),
    ('a,x,1,"1', "bad_csv", 2, "", None),
    ('"a\tb",x,1,1', "control_character", 2, "applicant", "'a\\tb'"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "value"), BAD_APPLICANTS)
def test_a_bad_line_of_the_applicants_is_named(tmp_path, text, code, line, column, value):
    path = tmp_path / "지원자.csv"
    path.write_text(f"applicant,position,rank,score\n{text}\n", encoding="utf-8")
    with pytest.raises(MatchingError) as caught:
        read_problem(applicants=path, positions=b"position,capacity\nx,1\ny,1\n")
    error = caught.value
    assert (error.code, error.file, error.line) == (code, "지원자.csv", line)
    assert error.column == column
    assert value is None or error.value == value


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("position,capacity\nx,-1", "negative_capacity", 2, "capacity"),
        ("position,capacity\nx,1\nx,2", "duplicate_position", 3, "position"),
        ("position,capacity\nx,", "missing_value", 2, "capacity"),
        ("position,capacity\n,1", "missing_value", 2, "position"),
        ("position,capacity\nx,1.0", "not_an_integer", 2, "capacity"),
        ("position,seats\nx,1", "missing_column", 1, "capacity"),
        ("position,capacity,capacity\nx,1,1", "duplicate_column", 1, "capacity"),
        ("", "empty_file", 1, ""),
    ],
)
def test_a_bad_line_of_the_positions_is_named(text, code, line, column):
    with pytest.raises(MatchingError) as caught:
        read_problem(applicants=b"applicant,position,rank,score\n", positions=text.encode())
    error = caught.value
    assert (error.code, error.file, error.line) == (code, "positions", line)
    assert error.column == column


def test_files_that_cannot_be_read_or_decoded_are_refused(tmp_path):
    for source, code in (
        (tmp_path / "none.csv", "unreadable_file"),
        (b"\xff\xff\xff", "bad_encoding"),
    ):
        with pytest.raises(MatchingError) as caught:
            read_problem(applicants=source, positions=b"position,capacity\n")
        assert caught.value.code == code


def test_a_reserve_needs_its_column():
    rules = Rules(reserves=(Reserve("local", "yes", seats=1),))
    with pytest.raises(MatchingError) as caught:
        read_problem(applicants=APPLICANTS.encode(), positions=POSITIONS.encode(), rules=rules)
    assert (caught.value.code, caught.value.column) == ("missing_column", "local")


def test_rows_from_memory_are_checked_alike():
    rows = [Choice("a", "x", 1, 1.5), Choice("a", "x", 2, 1.5)]
    with pytest.raises(MatchingError) as caught:
        Problem.build(choices=rows, positions=[Position("x", 1)])
    assert (caught.value.code, caught.value.file, caught.value.line) == (
        "duplicate_choice",
        "applicants",
        2,
    )


def test_written_files_read_back_as_the_same_market(tmp_path):
    rules = Rules(reserves=(Reserve("local", "yes", seats=1),))
    rows = [
        Choice("a", "x,y", 3, "1e-7", 2, {"local": '예 "서"'}),
        Choice("b", "x,y", 1, -2, 0, {"local": ""}),
    ]
    problem = Problem.build(
        choices=rows, positions=[Position("x,y", 2, "회사", "광주")], rules=rules
    )
    problem.to_files(tmp_path)
    again = read_problem(
        applicants=tmp_path / "applicants.csv", positions=tmp_path / "positions.csv", rules=rules
    )
    assert again.digests() == problem.digests()
    assert list(again.choices()) == list(problem.choices())
    assert [row[:4] for row in again.positions] == [row[:4] for row in problem.positions]
