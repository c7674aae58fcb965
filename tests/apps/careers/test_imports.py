"""The room's files: dirty rows named, good rows written, undone while nothing builds on them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import CheckState, PlacementKind, VacancyState
from bitgoeul.apps.careers.models import (
    Application,
    OutcomeExclusion,
    Placement,
    RetentionCheck,
    Vacancy,
)
from bitgoeul.core.imports import UndoRefused, import_file
from bitgoeul.core.imports import services as importing
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.rules import imports_visible_to
from tests.apps.careers.market import Market, build_market
from tests.world import AT

pytestmark = pytest.mark.django_db

FILES = Path(__file__).with_name("files")
VACANCIES_KO = (FILES / "vacancies_ko.csv").read_text()
VACANCIES_EN = (FILES / "vacancies_en.csv").read_text()


RETENTION = """email,organisation,start date,months,state,answered on
g1@people.example,가나다테크,2025-06-30,3,kept,2025-10-01
"""


@pytest.fixture
def market() -> Market:
    made = build_market()
    made.wants(g1="V-1 V-2", g2="V-1")
    return made


def bring(
    tmp_path: Path, kind: str, text: str, *, target: Any = None, by: Any = None, **more: Any
) -> Any:
    encoding = more.pop("encoding", "utf-8-sig")
    path = tmp_path / f"{kind}.csv"
    path.write_bytes(text.encode(encoding))
    return import_file(
        kind=kind, path=path, target=target, by=by, at=AT, leave_out_errors=True, **more
    )


def undo(receipt: Any, *, by: Any = None) -> None:
    importing.undo_import(imported=Import.objects.get(uuid=receipt.uuid), by=by, at=AT)


def test_dirty_korean_vacancies_in_cp949(market: Market, tmp_path: Path) -> None:
    receipt = bring(
        tmp_path,
        "vacancies",
        VACANCIES_KO,
        by=market.world.people["officer_city"],
        encoding="cp949",
    )
    assert (receipt.rows, receipt.new) == (6, 2)
    assert {(error.row, error.code) for error in receipt.errors} == {
        (4, "unknown_organisation"),
        (5, "too_small"),
        (6, "dates_reversed"),
        (6, "wages_reversed"),
        (7, "duplicate_row"),
    }
    assert "없는회사" in next(error.message for error in receipt.errors if error.row == 4)
    centre = Vacancy.objects.get(number="R-001")
    assert centre.research_centre
    assert centre.seats == 5
    assert (centre.wage_from_won, centre.wage_to_won) == (32_000_000, 38_000_000)
    assert centre.local_share == 0.3
    assert centre.region == "24"
    assert centre.closes_on == dt.date(2025, 6, 30)
    assert centre.state == VacancyState.OPEN
    assert Vacancy.objects.get(number="R-002").organisation == market.world.other_employer
    assert Vacancy.objects.get(number="R-002").wage_from_won == 35_000_000


def test_english_vacancies_are_the_same_and_bad_cells_are_named(
    market: Market, tmp_path: Path
) -> None:
    bring(tmp_path, "vacancies", VACANCIES_KO)
    with translation.override("en"):
        receipt = bring(tmp_path, "vacancies", VACANCIES_EN)
    # Only the place of work differs in row 2; row 3's seats are a word.
    assert (receipt.new, receipt.changed, receipt.same) == (0, 1, 0)
    (error,) = receipt.errors
    assert (error.row, error.column, error.value) == (3, "Seats", "two")
    assert "whole number" in error.message
    assert Vacancy.objects.get(number="R-001").site == "GIST"
    undo(receipt)
    assert Vacancy.objects.get(number="R-001").site == "광주과학기술원"


def test_recruiters_import_their_own_vacancies_only(market: Market, tmp_path: Path) -> None:
    receipt = bring(tmp_path, "vacancies", VACANCIES_KO, by=market.world.people["recruiter"])
    assert (2, "other_organisation") not in {(e.row, e.code) for e in receipt.errors}
    assert (3, "other_organisation") in {(e.row, e.code) for e in receipt.errors}
    assert not Vacancy.objects.filter(number="R-002").exists()
    with pytest.raises(PermissionDenied):
        bring(tmp_path, "vacancies", VACANCIES_KO, by=market.world.people["instructor"])


def test_imported_vacancies_go_away_until_a_round_uses_them(market: Market, tmp_path: Path) -> None:
    receipt = bring(tmp_path, "vacancies", VACANCIES_KO)
    market.round.vacancies.add(Vacancy.objects.get(number="R-001"))
    with pytest.raises(UndoRefused):
        undo(receipt)
    market.round.vacancies.remove(Vacancy.objects.get(number="R-001"))
    undo(receipt)
    assert not Vacancy.objects.filter(number__startswith="R-").exists()


def ranks(market: Market, name: str) -> list[tuple[str, int]]:
    rows = Application.objects.filter(round=market.round, person=market.graduates[name])
    return list(rows.order_by("rank").values_list("vacancy__number", "rank"))


RANKINGS = """지원번호,이메일,채용번호,희망순위
G-g1,,V-2,1지망
G-g1,,V-1,2
G-g3,g3@people.example,V-3,1
,g4@people.example,V-9,1
,trainee@people.example,V-1,1
G-g2,,V-2,1
G-g3,g4@people.example,V-1,2
,,V-1,1
"""


def test_rankings_swap_ranks_and_name_what_is_wrong(market: Market, tmp_path: Path) -> None:
    receipt = bring(
        tmp_path,
        "rankings",
        RANKINGS,
        target=market.round,
        by=market.world.people["officer_university"],
    )
    assert {(error.row, error.code) for error in receipt.errors} == {
        (5, "unknown_vacancy"),
        (6, "unknown_person"),  # a trainee has completed nothing yet
        (7, "rank_taken"),  # g2 already gives rank 1 to V-1
        (8, "two_people"),
        (9, "missing"),
    }
    assert (receipt.new, receipt.changed) == (1, 2)
    assert ranks(market, "g1") == [("V-2", 1), ("V-1", 2)]
    assert ranks(market, "g2") == [("V-1", 1)]
    undo(receipt)
    assert ranks(market, "g1") == [("V-1", 1), ("V-2", 2)]
    assert ranks(market, "g3") == []


def test_ratings_take_numbers_and_refusals_and_go_back(market: Market, tmp_path: Path) -> None:
    market.rates("V-1", g1=55)
    text = """채용번호,이메일,점수
V-1,g1@people.example,87.5점
V-1,g2@people.example,불가
V-2,g2@people.example,50
V-2,g1@people.example,120
"""
    receipt = bring(
        tmp_path, "ratings", text, target=market.round, by=market.world.people["recruiter"]
    )
    assert {(error.row, error.code) for error in receipt.errors} == {
        (4, "not_ranked"),
        (5, "too_large"),
    }
    found = {
        (row.person.email[:2], row.vacancy.number): (row.rating, row.rated_at is not None)
        for row in Application.objects.filter(round=market.round)
    }
    assert found["g1", "V-1"] == (Decimal("87.5"), True)
    assert found["g2", "V-1"] == (None, True)
    assert found["g1", "V-2"] == (None, False)
    undo(receipt, by=market.world.people["recruiter"])
    again = Application.objects.get(person=market.graduates["g2"], round=market.round)
    assert (again.rating, again.rated_at) == (None, None)
    with pytest.raises(PermissionDenied):
        bring(tmp_path, "ratings", text, target=market.round, by=market.graduates["g1"])


PLACEMENTS = """이메일,기업명,채용번호,구분,입사일,증빙,증빙일,퇴사일
g1@people.example,가나다테크,V-1,취업,2025-06-30,고용보험,2025-07-05,
g2@people.example,라마바소프트,,창업,2025-07-01,사업자등록,2025-07-02,
g3@people.example,가나다테크,,취업,2025-07-01,고용보험,,
g4@people.example,가나다테크,V-9,취업,2025-07-01,,,
g4@people.example,가나다테크,,취업,2025-07-02,,,2025-06-01
"""


def test_placements_carry_evidence_offers_and_checks(market: Market, tmp_path: Path) -> None:
    market.rates("V-1", g1=90)
    market.run()
    market.publish()
    offer = market.round.offers.get()
    services.accept_offer(offer=offer, by=offer.person, at=market.round.published_at)
    office = market.world.people["officer_city"]
    receipt = bring(tmp_path, "placements", PLACEMENTS, target=market.world.cohort, by=office)
    assert {(error.row, error.code) for error in receipt.errors} == {
        (4, "half_evidence"),
        (5, "unknown_vacancy"),
        (6, "dates_reversed"),
    }
    first = Placement.objects.get(person=market.graduates["g1"])
    assert first.offer == offer
    assert first.evidence_on == dt.date(2025, 7, 5)
    assert [(c.months, c.due_on) for c in first.checks.order_by("months")] == [
        (3, dt.date(2025, 9, 30)),
        (6, dt.date(2025, 12, 30)),
        (12, dt.date(2026, 6, 30)),
    ]
    founded = Placement.objects.get(person=market.graduates["g2"])
    assert founded.kind == PlacementKind.FOUNDING
    changed = PLACEMENTS.replace("2025-07-05,\n", "2025-07-06,2025-09-01\n", 1)
    second = bring(tmp_path, "placements", changed, target=market.world.cohort)
    assert (second.new, second.changed, second.same) == (0, 1, 1)
    undo(second)
    first.refresh_from_db()
    assert (first.evidence_on, first.ended_on) == (dt.date(2025, 7, 5), None)
    undo(receipt)
    assert not Placement.objects.filter(person__in=market.graduates.values()).exists()


def test_answered_checks_keep_their_placements(market: Market, tmp_path: Path) -> None:
    cohort = market.world.cohort
    receipt = bring(tmp_path, "placements", PLACEMENTS, target=cohort)
    text = """email,organisation,start date,months,state,answered on
g1@people.example,가나다테크,2025-06-30,3,kept,2025-10-01
g1@people.example,Ganada Tech,2025-06-30,6,kept,2025-10-01
g1@people.example,가나다테크,2025-06-30,12,left,2025-10-05
g2@people.example,라마바소프트,2025-07-01,3,unknown,2025-10-09
g2@people.example,라마바소프트,2025-07-01,4,kept,2025-11-09
"""
    with translation.override("en"):
        answers = bring(tmp_path, "retention", text, target=cohort)
    assert {(error.row, error.code) for error in answers.errors} == {
        (3, "too_early"),
        (6, "no_such_check"),
    }
    states = RetentionCheck.objects.filter(placement__person=market.graduates["g1"])
    assert [row.state for row in states.order_by("months")] == ["kept", "due", "left"]
    with pytest.raises(UndoRefused):
        undo(receipt)
    undo(answers)
    assert set(states.values_list("state", flat=True)) == {CheckState.DUE}
    undo(receipt)
    recruiter = market.world.people["recruiter"]
    bring(tmp_path, "placements", PLACEMENTS, target=cohort)
    own = bring(tmp_path, "retention", text, target=cohort, by=recruiter)
    assert (5, "other_organisation") in {(error.row, error.code) for error in own.errors}


def test_employers_see_only_the_imports_that_they_made(market: Market, tmp_path: Path) -> None:
    people = market.world.people
    recruiter, other = people["recruiter"], people["other_recruiter"]
    bring(tmp_path, "vacancies", VACANCIES_EN, by=recruiter)
    market.rates("V-1", g1=80)
    ratings = "vacancy,email,rating\nV-1,g1@people.example,91\n"
    bring(tmp_path, "ratings", ratings, target=market.round)
    bring(tmp_path, "retention", RETENTION, target=market.world.cohort)
    own = Import.objects.get(uploaded_by=recruiter)
    assert list(Import.objects.filter(imports_visible_to(recruiter))) == [own]
    assert not Import.objects.filter(imports_visible_to(other)).exists()
    office = people["officer_university"]
    assert Import.objects.filter(imports_visible_to(office)).count() == 3


def test_exclusions_name_reasons_and_go_back(market: Market, tmp_path: Path) -> None:
    text = """지원번호,제외사유,증빙일,증빙
G-g1,진학,2025-08-01,대학원 합격 통지서
G-g2,기분,2025-08-01,
A-002,입대,2025-08-01,
"""
    office = market.world.people["officer_city"]
    receipt = bring(tmp_path, "exclusions", text, target=market.world.cohort, by=office)
    assert {(error.row, error.code) for error in receipt.errors} == {
        (3, "not_a_choice"),
        (4, "unknown_person"),
    }
    row = OutcomeExclusion.objects.get()
    assert (row.person, row.reason) == (market.graduates["g1"], "study")
    undo(receipt, by=office)
    assert not OutcomeExclusion.objects.exists()
    with pytest.raises(PermissionDenied):
        bring(
            tmp_path,
            "exclusions",
            text,
            target=market.world.cohort,
            by=market.world.people["recruiter"],
        )
