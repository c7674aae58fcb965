"""Tables as offices make them: titles above, notes beneath, headings on two levels."""

import pytest

from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.headings import candidates, normalise
from bitgoeul.core.imports.kinds import Column, Kind
from bitgoeul.core.imports.tables import cut, find_headings, letter
from tests.core.imports.samples import GOOD, HEADER, make_kind

LABELS = make_kind().keys_by_label


def numbered(*rows):
    return [(line, list(row)) for line, row in enumerate(rows, start=1)]


def keys(rows):
    heading = find_headings(rows, LABELS)
    return heading and (rows[heading.index][0], [key for key in heading.keys if key])


def test_letters():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_headings_are_known_however_they_are_decorated():
    assert normalise("기 관 명 *") == normalise("기관명")
    assert normalise("Ｅ－mail") == normalise("email") == normalise("E_Mail")
    assert "기관명" in candidates("기관명\n(필수)")
    assert keys(numbered(["기관 명*", "연락처 (필수)", "설립일 [YYYY-MM-DD]"]))[1] == [
        "name", "phone", "founded",
    ]  # fmt: skip


def test_titles_above_the_table_are_passed_over():
    rows = numbered(["2026년 협약 기관 명단"], [], ["", "", "(2026. 3. 2. 현재)"], HEADER, GOOD)
    assert keys(rows)[0] == 4


def test_headings_on_two_levels_are_read_together():
    rows = numbered(
        ["명단"], ["기관명", "연락 및 설립", "", "예산"], ["", "전화번호", "설립일", ""], GOOD
    )
    assert keys(rows) == (3, ["name", "phone", "founded", "budget"])


def test_too_few_headings_are_none():
    assert find_headings(numbered(["기관명", "합계"], ["a", "b"]), LABELS) is None
    assert find_headings([], LABELS) is None


def test_a_table_of_one_column_needs_one_heading():
    kind = Kind(
        key="one",
        title="One",
        columns=[Column("email", ("이메일",), str)],
        can=lambda user, target: True,
        apply=lambda *, target, rows, by, at, context: [],
    )
    assert find_headings(numbered(["이메일"], ["a@b.kr"]), kind.keys_by_label).index == 0


def test_notes_and_totals_beneath_are_left_aside_and_named():
    rows = numbered(
        HEADER,
        GOOD,
        [],
        ["합계", "", "", "1,234,000원"],
        ["※ 위와 같이 제출합니다."],
        ["담당: 홍길동"],
    )
    _, body, ignored = cut(rows, find_headings(rows, LABELS))
    assert [line for line, _ in body] == [2]
    assert [line for line, _ in ignored] == [4, 5, 6]


def test_a_short_row_in_the_middle_is_not_dropped():
    rows = numbered(HEADER, GOOD, ["이름만"], GOOD)
    _, body, ignored = cut(rows, find_headings(rows, LABELS))
    assert [line for line, _ in body] == [2, 3, 4]
    assert ignored == []


@pytest.mark.parametrize("mark", ["[예시]", "[예시] 빛고을전자", "[Example] x"])
def test_the_example_line_is_left_aside(mark):
    rows = numbered(HEADER, [mark, *GOOD[1:]], GOOD)
    _, body, ignored = cut(rows, find_headings(rows, LABELS))
    assert [line for line, _ in body] == [3]
    assert [line for line, _ in ignored] == [2]


def test_two_columns_of_one_meaning_are_refused():
    rows = numbered(["기관명", "전화번호", "연락처"], GOOD)
    with pytest.raises(FileRefused) as caught:
        cut(rows, find_headings(rows, LABELS))
    assert caught.value.code == "repeated_column"
    assert caught.value.params == {"first": "B: 전화번호", "second": "C: 연락처"}


def test_a_column_for_resident_numbers_is_refused():
    rows = numbered([*HEADER, "주민등록번호"], GOOD)
    with pytest.raises(FileRefused) as caught:
        cut(rows, find_headings(rows, LABELS))
    assert caught.value.code == "resident_column"


def test_two_columns_may_not_share_a_label():
    with pytest.raises(ValueError, match="names both"):
        Kind(
            key="twice",
            title="Twice",
            columns=[Column("a", ("이름",), str), Column("b", ("이 름",), str)],
            can=lambda user, target: True,
            apply=lambda *, target, rows, by, at, context: [],
        )


def test_a_hook_with_wrong_parameters_fails_at_start():
    with pytest.raises(TypeError, match="must take"):
        make_kind(apply=lambda rows: [])
