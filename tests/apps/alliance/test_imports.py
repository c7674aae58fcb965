"""The room's files, with the faults that real files have, in both languages."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from bitgoeul.apps.alliance.enums import OrganisationKind, Region, Role
from bitgoeul.apps.alliance.models import Commitment, Membership, Organisation, User
from bitgoeul.core.imports import UndoRefused, import_file
from bitgoeul.core.imports import services as importing
from bitgoeul.core.imports.models import Import
from tests.world import AT, World

pytestmark = pytest.mark.django_db

ORGANISATIONS = """참여 기관 현황
기관명,영문명,구분,사업자등록번호,지역
새솔테크,Saesol Tech,기업,0123456782,광주광역시
한빛대학교,Hanbit University,대학교,,광주
바른데이터,,회사,012-34-56784,전라남도
,이름 없음,기업,,
새솔테크,Saesol,기업,,서울
나래연구원,,별나라,,서울
"""
MEMBERS = """Full name,E-mail,Phone,Organisation,Role,From
Gaon Kim,Gaon.Kim@example.kr,1012345678,Hanbit City,Officer,2025-01-02
Bori Lee,bori@example,010-1111-2222,한빛시,Officer,2025-01-02
Chan Park,chan@example.kr,,No Such Firm,Mentor,2025-01-02
Dasom Choi,dasom@example.kr,,Ganada Tech,king,2025-01-02
Eun Jung,eun@example.kr,,Ganada Tech,채용담당자,2025년 3월 4일
"""
COMMITMENTS = """조항,이행 주체,이행 과제,지표,목표,시작일,종료일
1조,한빛시,수료 300명,labs.submissions,300,2025-01-01,2025-12-31
2,한빛시,없는 조항,labs.submissions,300,2025-01-01,2025-12-31
1,가나다테크,남의 약속,labs.submissions,10,2025-01-01,2025-12-31
1,한빛대학교,없는 지표,labs.dreams,10,2025-01-01,2025-12-31
1,한빛대학교,거꾸로,labs.passed_share,80,2025-12-31,2025-01-01
,Hanbit University,과제 통과율 80%,labs.passed_share,80,2025-01-01,2025-12-31
"""


def bring(tmp_path: Path, kind: str, text: str, **more: Any) -> Any:
    path = tmp_path / f"{kind}.csv"
    path.write_bytes(text.encode(more.pop("encoding", "utf-8")))
    more.setdefault("target", None)
    return import_file(kind=kind, path=path, at=AT, leave_out_errors=True, **more)


def faults(receipt: Any) -> set[tuple[int, str]]:
    return {(error.row, error.code) for error in receipt.errors}


def undo(receipt: Any) -> None:
    importing.undo_import(imported=Import.objects.get(uuid=receipt.uuid), by=None, at=AT)


def test_organisations_in_cp949_under_a_title(world: World, tmp_path: Path) -> None:
    officer = world.people["officer_city"]
    receipt = bring(tmp_path, "organisations", ORGANISATIONS, by=officer, encoding="cp949")
    assert faults(receipt) == {
        (5, "business_number_check"),
        (6, "missing"),
        (7, "duplicate_row"),
        (8, "not_a_choice"),
    }
    assert (receipt.new, receipt.same) == (1, 1)
    made = Organisation.objects.get(name_ko="새솔테크")
    assert (made.business_number, made.kind, made.region) == (
        "012-34-56782",
        OrganisationKind.COMPANY,
        Region.GWANGJU,
    )


def test_an_officer_adds_organisations_and_changes_only_the_own(
    world: World, tmp_path: Path
) -> None:
    text = "기관명,영문명,구분\n새솔테크,Saesol,기업\n가나다테크,Other,기업\n한빛시,Hanbit,시\n"
    receipt = bring(tmp_path, "organisations", text, by=world.people["officer_city"])
    assert faults(receipt) == {(3, "not_yours")}
    assert "이 기관의 정보를 바꿀 권한이 없습니다" in receipt.errors[0].message
    names = Organisation.objects.values_list("name_en", flat=True)
    assert {"Saesol", "Hanbit", "Ganada Tech"} <= set(names)
    again = bring(tmp_path, "organisations", text, by=world.people["administrator"])
    assert (faults(again), again.changed) == (set(), 1)


def test_the_same_faults_in_both_languages(world: World, tmp_path: Path) -> None:
    told = {}
    for language in ("ko", "en"):
        with translation.override(language):
            receipt = bring(tmp_path, "members", MEMBERS, by=world.people["administrator"])
            told[language] = {error.row: error.message for error in receipt.errors}
            undo(receipt)
    assert told["en"].keys() == told["ko"].keys() == {3, 4, 5}
    assert "There is no organisation called “No Such Firm”" in told["en"][4]
    assert "등록되지 않은 기관입니다: “No Such Firm”" in told["ko"][4]
    assert "강사" in told["ko"][5]
    assert "Instructor" in told["en"][5]


def test_an_organisation_is_found_by_name_or_number_and_completed(
    world: World, tmp_path: Path
) -> None:
    first = "기관명,구분,사업자등록번호,지역\n가나다테크,기업,012-34-56782,광주\n"
    receipt = bring(tmp_path, "organisations", first, by=None)
    assert (receipt.new, receipt.changed) == (0, 1)
    renamed = "기관명,구분,사업자등록번호\n가나다 테크놀로지,기업,012-34-56782\n"
    second = bring(tmp_path, "organisations", renamed, by=None)
    world.employer.refresh_from_db()
    assert world.employer.name_ko == "가나다 테크놀로지"
    assert world.employer.region == Region.GWANGJU
    undo(second)
    undo(receipt)
    world.employer.refresh_from_db()
    assert (world.employer.name_ko, world.employer.business_number) == ("가나다테크", "")


def test_two_organisations_never_share_a_number(world: World, tmp_path: Path) -> None:
    Organisation.objects.filter(pk=world.employer.pk).update(business_number="012-34-56782")
    text = "기관명,구분,사업자등록번호\n라마바소프트,기업,012-34-56782\n"
    assert faults(bring(tmp_path, "organisations", text, by=None)) == {(2, "same_number")}


def test_an_imported_organisation_goes_away_until_somebody_acts_for_it(
    world: World, tmp_path: Path
) -> None:
    receipt = bring(tmp_path, "organisations", "기관명,구분\n새솔테크,기업\n", by=None)
    row = "성명,이메일,소속,역할,시작일\n김 가온,g@example.kr,새솔테크,멘토,2025-01-02\n"
    members = bring(tmp_path, "members", row, by=None)
    with pytest.raises(UndoRefused):
        undo(receipt)
    undo(members)
    undo(receipt)
    assert not Organisation.objects.filter(name_ko="새솔테크").exists()
    assert User.objects.filter(email="g@example.kr").exists()


def test_members_with_phone_and_role(world: World, tmp_path: Path) -> None:
    receipt = bring(tmp_path, "members", MEMBERS, by=world.people["administrator"])
    assert receipt.new == 2
    gaon = User.objects.get(email="gaon.kim@example.kr")
    assert gaon.phone == "010-1234-5678"
    assert not gaon.has_usable_password()
    assert gaon.memberships.get().organisation == world.city
    eun = Membership.objects.get(person__email="eun@example.kr")
    assert (eun.role, eun.started_on) == (Role.RECRUITER, dt.date(2025, 3, 4))
    again = bring(tmp_path, "members", MEMBERS, by=world.people["administrator"])
    assert (again.new, again.same) == (0, 2)


def test_commitments_into_an_agreement(world: World, tmp_path: Path) -> None:
    receipt = bring(
        tmp_path,
        "commitments",
        COMMITMENTS,
        target=world.agreement,
        by=world.people["officer_university"],
    )
    assert faults(receipt) == {
        (3, "no_article"),
        (4, "not_a_party"),
        (5, "no_indicator"),
        (6, "ends_before"),
    }
    made = Commitment.objects.get(title_ko="수료 300명")
    assert made.article is not None
    assert (made.article.number, made.target, made.responsible) == (1, 300, world.city)
    assert Commitment.objects.get(title_ko="과제 통과율 80%").responsible == world.university
    again = bring(tmp_path, "commitments", COMMITMENTS, target=world.agreement, by=None)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    undo(receipt)
    assert world.agreement.commitments.count() == 1


def test_who_may_import_what(world: World, tmp_path: Path) -> None:
    allowed = {
        "organisations": {"officer_city", "officer_university", "administrator"},
        "members": {"administrator"},
        "commitments": {"officer_city", "officer_university", "administrator"},
    }
    texts = {"organisations": ORGANISATIONS, "members": MEMBERS, "commitments": COMMITMENTS}
    for kind, roles in allowed.items():
        target = world.agreement if kind == "commitments" else None
        for role in ("officer_company", "instructor", "trainee", "recruiter", "officer_city"):
            if role in roles:
                continue
            with pytest.raises(PermissionDenied):
                bring(tmp_path, kind, texts[kind], target=target, by=world.people[role])
