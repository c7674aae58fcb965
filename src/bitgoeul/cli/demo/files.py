"""Writes the demo year's files as an operator has them: titles above the table, cp949, dirty rows.

A user replaces these files by their own and runs the same imports.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bitgoeul.cli.demo.outcomes import Job, Vacancy, lab_tables
from bitgoeul.cli.demo.synthetic import TRACKS, Applicant, Company, Day

REGION_KO = {
    "11": "서울",
    "21": "부산",
    "22": "대구",
    "23": "인천",
    "24": "광주",
    "25": "대전",
    "26": "울산",
    "29": "세종",
    "31": "경기",
    "32": "강원",
    "33": "충북",
    "34": "충남",
    "35": "전북",
    "36": "전남",
    "38": "경남",
    "37": "경북",
    "39": "제주",
}
SEX_KO = {"male": "남", "female": "여"}
MAJOR_KO = {
    "computing": "컴퓨터",
    "engineering": "공학",
    "science": "자연과학",
    "humanities": "인문사회",
    "other": "기타",
}
WORK_KO = {"seeking": "구직·창업 준비", "startup": "스타트업 재직"}
TRACK_KO = {key: name for key, name, _english, _field in TRACKS}

APPLICANT_HEAD = (
    "접수번호",
    "성명",
    "전자우편",
    "휴대전화",
    "생년월일",
    "성별",
    "거주지",
    "최종학교 지역",
    "전공",
    "취업 상태",
    "1지망",
    "2지망",
    "3지망",
    "접수일시",
    "선발 동의",
    "훈련 동의",
    "취업지원 동의",
    "기업 제공 동의",
    "취업 확인 동의",
)


def write_xlsx(
    path: Path, *, titles: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Path:
    """Write a sheet with merged title lines above the heading, as offices do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("자료")
        bold = book.add_format({"bold": True, "bg_color": "#e6e8ea", "border": 1})
        title = book.add_format({"bold": True, "font_size": 14})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, text in enumerate(titles):
            sheet.merge_range(line, 0, line, max(1, len(head) - 1), text, title)
        line = len(titles)
        sheet.write_row(line, 0, head, bold)
        for row in rows:
            line += 1
            for column, value in enumerate(row):
                if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
                    sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), day)
                elif value is not None and value != "":
                    sheet.write(line, column, value)
    return path


def write_csv(
    path: Path, *, head: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig"
) -> Path:
    """Write a CSV file in the encoding that the source office uses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(head)
        writer.writerows(rows)
    return path


def organisations(folder: Path, firms: Sequence[Company]) -> Path:
    """Write the companies of the employment committee."""
    return write_xlsx(
        folder / "01-organisations.xlsx",
        titles=("취업위원회 참여 기업 명부(시연용 가상 기업)",),
        head=("기관명", "영문명", "구분", "사업자등록번호", "지역"),
        rows=[
            (firm.name_ko, firm.name_en, "기업", firm.business_number, REGION_KO[firm.region])
            for firm in firms
        ],
    )


def members(folder: Path, people: Sequence[Sequence[str]]) -> Path:
    """Write who acts in which role for whom."""
    return write_csv(
        folder / "02-members.csv",
        head=("성명", "전자우편", "휴대전화", "기관명", "역할", "시작일"),
        rows=people,
        encoding="cp949",
    )


def commitments(folder: Path, promises: Sequence[Sequence[Any]]) -> Path:
    """Write what the parties promise, with the key of the indicator that measures it."""
    return write_xlsx(
        folder / "03-commitments.xlsx",
        titles=("협약 이행 목표(시연용)",),
        head=("조", "담당 기관", "이행 과제", "영문 과제명", "지표", "목표값", "시작일", "종료일"),
        rows=promises,
    )


def applicants(folder: Path, people: Sequence[Applicant]) -> Path:
    """Write the application sheet, with the dirty rows that real sheets have."""
    clean = [_applicant_row(person) for person in people]
    return write_xlsx(
        folder / "10-applicants.xlsx",
        titles=("빛고을 AI 아카데미 1기 지원자 명단(시연용 가상 인물)", "작성: 한빛 운영사무국"),
        head=APPLICANT_HEAD,
        rows=[*clean[:400], *_dirty_rows(clean), *clean[400:]],
    )


def _applicant_row(person: Applicant) -> list[Any]:
    choices = [TRACK_KO[key] for key in person.choices]
    return [
        person.number,
        person.full_name,
        person.email,
        person.phone,
        person.birth_on,
        SEX_KO[person.sex],
        REGION_KO[person.residence],
        REGION_KO[person.school_region],
        MAJOR_KO[person.major],
        WORK_KO[person.work_status],
        *choices,
        *[""] * (3 - len(choices)),
        f"{person.submitted_at:%Y-%m-%d %H:%M}",
        "○",
        "○",
        "○" if person.diligence > -1.2 else "X",
        "○" if person.diligence > -0.8 else "X",
        "○",
    ]


def _dirty_rows(clean: Sequence[list[Any]]) -> list[list[Any]]:
    """Make the faults that the import must name: one fault a row."""
    faults: list[tuple[int, int, Any]] = [
        (0, 2, "garam@@people.example"),
        (1, 4, "스물다섯"),
        (2, 10, "양자컴퓨팅반"),
        (3, 5, "미상"),
        (4, 3, "전화 없음"),
        (5, 6, "평양"),
        (6, 1, ""),
        (7, 14, "X"),
        (8, 13, "2월 말"),
    ]
    rows = []
    for order, (source, column, value) in enumerate(faults, start=1):
        row = list(clean[source])
        row[0] = f"E-{order:04d}"
        row[2] = f"dirty{order:02d}@people.example"
        row[column] = value
        rows.append(row)
    twin = list(clean[10])
    rows.append(twin)
    leaked = list(clean[11])
    # A resident registration number where it must never be: refused and not repeated.
    leaked[0], leaked[2], leaked[12] = "E-0011", "dirty11@people.example", "000101-3000000"
    rows.append(leaked)
    return rows


def stage_scores(
    folder: Path, people: Sequence[Applicant], scores: Mapping[str, Mapping[str, float]]
) -> Path:
    """Write one column per stage, in cp949 as the testing office exports it."""
    rows = [
        (
            person.number,
            person.full_name,
            *(
                scores[person.number].get(key, "")
                for key in ("motivation", "course", "exam", "interview")
            ),
        )
        for person in people
    ]
    return write_csv(
        folder / "11-stage-scores.csv",
        head=("접수번호", "성명", "지원 동기", "온라인 과정", "필기시험", "면접"),
        rows=rows,
        encoding="cp949",
    )


def attendance(folder: Path, days: Sequence[Day]) -> list[Path]:
    """Write one file a month with a mark per hour."""
    by_month: dict[str, list[Day]] = {}
    for day in days:
        by_month.setdefault(f"{day.held_on:%Y-%m}", []).append(day)
    return [
        write_csv(
            folder / f"20-attendance-{month}.csv",
            head=(
                "접수번호",
                "일자",
                *(f"{hour}교시" for hour in range(1, 9)),
                "지각",
                "조퇴",
                "외출",
                "사유",
            ),
            rows=[_attendance_row(day) for day in sorted(lines, key=lambda d: d.held_on)],
            encoding="cp949",
        )
        for month, lines in sorted(by_month.items())
    ]


_MARK_KO = {"1": "○", "0": "X", "e": "공"}


def _attendance_row(day: Day) -> tuple[str, ...]:
    marks = [_MARK_KO[mark] for mark in day.marks]
    return (
        day.number,
        day.held_on.isoformat(),
        *marks,
        *[""] * (8 - len(marks)),
        "○" if day.late else "",
        "○" if day.left_early else "",
        "",
        day.excuse,
    )


def lab(folder: Path) -> dict[str, Path]:
    """Write the lab's training and test data, a sample that passes the format, and the truth."""
    tables = lab_tables()
    train_ids, train, target = tables["train"]
    test_ids, test, truth = tables["test"]
    head = ("id", *tables["names"])
    places = {name: folder / "lab" / f"{name}.csv" for name in ("train", "test", "sample", "truth")}
    write_csv(
        places["train"],
        head=(*head, "target"),
        rows=[
            (int(i), *(f"{x:.6g}" for x in row), int(y))
            for i, row, y in zip(train_ids, train, target, strict=True)
        ],
        encoding="utf-8",
    )
    write_csv(
        places["test"],
        head=head,
        rows=[(int(i), *(f"{x:.6g}" for x in row)) for i, row in zip(test_ids, test, strict=True)],
        encoding="utf-8",
    )
    write_csv(
        places["sample"],
        head=("id", "target"),
        rows=[(int(i), 1) for i in test_ids],
        encoding="utf-8",
    )
    write_csv(
        places["truth"],
        head=("id", "target"),
        rows=[(int(i), int(y)) for i, y in zip(test_ids, truth, strict=True)],
        encoding="utf-8",
    )
    return places


def prediction(folder: Path, number: str, attempt: int, rows: Sequence[tuple[int, int]]) -> Path:
    """Write what a trainee hands in."""
    name = f"{number}-{attempt + 1}.csv"
    return write_csv(
        folder / "predictions" / name, head=("id", "target"), rows=rows, encoding="utf-8"
    )


def vacancies(
    folder: Path,
    offered: Sequence[Vacancy],
    *,
    opens: dt.date,
    closes: dt.date,
    name: str = "30-vacancies",
) -> Path:
    """Write the vacancies of a round."""
    return write_xlsx(
        folder / f"{name}.xlsx",
        titles=("채용 수요 조사(시연용)", "단위: 명, 원/년"),
        head=(
            "공고번호",
            "기관명",
            "직무명",
            "직무명(영문)",
            "연구센터",
            "근무지",
            "지역",
            "고용형태",
            "모집인원",
            "연봉하한",
            "연봉상한",
            "지역인재비율",
            "공고시작일",
            "공고마감일",
        ),
        rows=[
            (
                each.number,
                each.organisation,
                each.title_ko,
                each.title_en,
                "○" if each.research_centre else "",
                each.site,
                "광주",
                "정규직",
                each.seats,
                f"{each.wage_from_won:,}원",
                f"{each.wage_to_won:,}원",
                "30%" if each.local_share else "",
                opens,
                closes,
            )
            for each in offered
        ],
    )


def rankings(folder: Path, ranked: Mapping[str, Sequence[str]]) -> Path:
    """Write the graduates' rankings."""
    rows = [
        (number, vacancy, rank)
        for number, wanted in ranked.items()
        for rank, vacancy in enumerate(wanted, start=1)
    ]
    return write_csv(folder / "31-rankings.csv", head=("접수번호", "공고번호", "순위"), rows=rows)


def ratings(folder: Path, given: Mapping[tuple[str, str], float | None]) -> Path:
    """Write the employers' ratings."""
    rows = [
        (vacancy, number, "불가" if rating is None else rating)
        for (vacancy, number), rating in given.items()
    ]
    return write_csv(
        folder / "32-ratings.csv",
        head=("공고번호", "접수번호", "평점"),
        rows=rows,
        encoding="cp949",
    )


EVIDENCE_KO = {"insurance": "고용보험", "business_registration": "사업자등록"}


def placements(folder: Path, spells: Sequence[Job]) -> Path:
    """Write who began to work where, with the evidence."""
    return write_xlsx(
        folder / "40-placements.xlsx",
        titles=("1기 취업·창업 현황(시연용 가상 인물)",),
        head=(
            "접수번호",
            "기관명",
            "공고번호",
            "구분",
            "입사일",
            "증빙",
            "증빙일",
            "퇴사일",
        ),
        rows=[
            (
                job.number,
                job.organisation,
                job.vacancy,
                "창업" if job.kind == "founding" else "취업",
                job.started_on,
                EVIDENCE_KO[job.evidence_kind],
                job.evidence_on,
                None,
            )
            for job in spells
        ],
    )


EXCLUSION_KO = {"study": "진학", "military": "군입대"}


def exclusions(folder: Path, chosen: Sequence[tuple[str, str]], on: dt.date) -> Path:
    """Write who does not count in the rate, with the evidence."""
    return write_csv(
        folder / "41-exclusions.csv",
        head=("접수번호", "사유", "증빙일", "증빙"),
        rows=[
            (number, EXCLUSION_KO[why], on.isoformat(), "증명서(시연)") for number, why in chosen
        ],
    )


def retention(folder: Path, months: int, rows: Sequence[Sequence[Any]]) -> Path:
    """Write the answers of one round of retention checks."""
    return write_csv(
        folder / f"42-retention-{months:02d}m.csv",
        head=("전자우편", "기관명", "입사일", "개월", "상태", "확인일"),
        rows=rows,
        encoding="cp949",
    )
