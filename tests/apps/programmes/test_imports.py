"""The room's files: dirty rows are named in both languages, good ones are written and undone."""

import datetime as dt
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from bitgoeul.apps.alliance.models import Consent, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import (
    PRESETS,
    Application,
    Attendance,
    Enrolment,
    StageScore,
)
from bitgoeul.core import clock
from bitgoeul.core.imports import CellError, ImportRefused, UndoRefused, import_file
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.services import undo_import
from tests.apps.programmes.making import AFTER, ENDS, IN_CLASS, STARTS, Stage, make_stage, started
from tests.conftest import LONG

HEAD = (
    "접수번호,성명,전자우편,휴대전화,생년월일,성별,거주지,최종학교 지역,전공,취업 상태,"
    "1지망,2지망,3지망,접수일시,선발 동의,훈련 동의,연구 동의"
)
GOOD = {
    "number": "A-1", "name": "가온 지원", "email": "gaon@people.example",
    "phone": "010-0000-0001", "birth": "1999-05-05", "sex": "여", "residence": "광주광역시",
    "school": "전남", "major": "컴퓨터", "work": "구직", "first": "a반", "second": "b", "third": "",
    "at": "2025-01-10 14:30", "selection": "○", "training": "예", "research": "X",
}  # fmt: skip


def line(**changes: str) -> str:
    return ",".join((GOOD | changes).values())


def write(folder: Path, *lines: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "file.csv"
    path.write_bytes("\n".join((head, *lines)).encode(encoding))
    return path


def load(stage: Stage, kind: str, path: Path, at: dt.datetime = AFTER, **more: bool):
    with clock.freeze(at):
        return import_file(
            kind=kind, path=path, target=stage.cohort, by=stage.officer, at=at, **more
        )


class TestApplicants:
    def test_a_clean_row_makes_person_application_choices_and_consents(
        self, stage: Stage, tmp_path: Path
    ) -> None:
        receipt = load(stage, "applicants", write(tmp_path, line(), encoding="cp949"))
        assert (receipt.new, receipt.errors) == (1, [])
        application = Application.objects.select_related("person").get()
        assert receipt.written == [application.uuid]
        assert application.state == ApplicationState.SUBMITTED
        assert application.submitted_at == dt.datetime(2025, 1, 10, 5, 30, tzinfo=dt.UTC)
        assert (application.residence, application.school_region) == ("24", "36")
        assert [choice.track.key for choice in application.choices.all()] == ["a", "b"]
        assert application.person.birth_on == dt.date(1999, 5, 5)
        given = set(Consent.objects.values_list("text__purpose", flat=True))
        assert given == {"selection", "training"}

    @pytest.mark.parametrize(
        ("changes", "column", "korean", "english"),
        [
            ({"email": "gaon@@x"}, "전자우편", "전자우편 주소가 아닙니다", "not an e-mail address"),
            ({"birth": "스물"}, "생년월일", "날짜가 아닙니다", "is not a date"),
            ({"sex": "미상"}, "성별", "알 수 없는 값", "not known here"),
            ({"residence": "평양"}, "거주지", "알 수 없는 값", "not known here"),
            ({"name": ""}, "성명", "비어 있습니다", "Nothing is written here"),
            ({"first": "양자반"}, "1지망", "a반", "a반"),
            ({"second": "a"}, "2지망", "두 번 골랐습니다", "is chosen twice"),
            ({"selection": "X"}, "선발 동의", "동의가 없으면", "Without this consent"),
            ({"at": "2025-02-10 09:00"}, "접수일시", "접수 기간", "outside the time"),
        ],
    )
    def test_each_fault_is_named_in_both_languages(
        self,
        stage: Stage,
        tmp_path: Path,
        changes: dict[str, str],
        column: str,
        korean: str,
        english: str,
    ) -> None:
        path = write(tmp_path, line(**changes))
        for language, words in (("ko", korean), ("en", english)):
            with translation.override(language):
                receipt = load(stage, "applicants", path, dry_run=True)
            assert [error.column for error in receipt.errors] == [column]
            assert words in receipt.errors[0].message
        assert not User.objects.filter(email="gaon@people.example").exists()

    def test_who_does_not_meet_the_rules_is_kept_as_not_eligible(
        self, db: None, tmp_path: Path
    ) -> None:
        stage = make_stage(values=PRESETS["gwangju-academy"])
        load(stage, "applicants", write(tmp_path, line(birth="1970-01-01", work="재직")))
        application = Application.objects.get()
        assert application.state == ApplicationState.INELIGIBLE
        assert application.state_reason == "too_old,work_status"

    def test_the_same_person_twice_in_a_file(self, stage: Stage, tmp_path: Path) -> None:
        path = write(tmp_path, line(), line(number="A-2"), line())
        receipt = load(stage, "applicants", path, leave_out_errors=True)
        assert receipt.new == 1
        assert [error.row for error in receipt.errors] == [3, 4]

    def test_a_second_file_changes_and_keeps_the_person(self, stage: Stage, tmp_path: Path) -> None:
        load(stage, "applicants", write(tmp_path, line()))
        changed = line(first="b", second="", name="다른 이름")
        receipt = load(stage, "applicants", write(tmp_path, changed))
        assert (receipt.new, receipt.changed) == (0, 1)
        application = Application.objects.select_related("person").get()
        assert [choice.track.key for choice in application.choices.all()] == ["b"]
        assert application.person.full_name == "가온 지원"
        again = load(stage, "applicants", write(tmp_path, changed))
        assert (again.changed, again.same) == (0, 1)

    def test_a_number_of_somebody_else_is_refused(self, stage: Stage, tmp_path: Path) -> None:
        load(stage, "applicants", write(tmp_path, line()))
        path = write(tmp_path, line(email="narae@people.example"))
        receipt = load(stage, "applicants", path, dry_run=True)
        assert [error.code for error in receipt.errors] == ["number_of_another"]

    def test_undo_restores_what_stood(self, stage: Stage, tmp_path: Path) -> None:
        load(stage, "applicants", write(tmp_path, line()))
        load(stage, "applicants", write(tmp_path, line(first="b", second="")))
        first, second = Import.objects.order_by("id")
        with clock.freeze(AFTER):
            undo_import(imported=second, by=stage.officer, at=AFTER)
            assert [c.track.key for c in Application.objects.get().choices.all()] == ["a", "b"]
            undo_import(imported=first, by=stage.officer, at=AFTER)
        assert not Application.objects.exists()

    def test_undo_is_refused_once_scores_build_on_it(self, stage: Stage, tmp_path: Path) -> None:
        load(stage, "applicants", write(tmp_path, line()))
        scores = write(tmp_path, "A-1,80", head="접수번호,시험")
        load(stage, "stage-scores", scores)
        with clock.freeze(AFTER), pytest.raises(UndoRefused):
            undo_import(imported=Import.objects.get(kind="applicants"), by=stage.officer, at=AFTER)

    def test_a_cohort_is_found_by_programme_and_number(self, stage: Stage) -> None:
        from bitgoeul.core.imports.kinds import get_kind

        kind = get_kind("applicants")
        assert kind.find_target("academy/1") == stage.cohort
        assert kind.find_target(str(stage.cohort.uuid)) == stage.cohort
        with pytest.raises(ImportRefused):
            kind.find_target("academy/2")

    def test_only_overseeing_officers_import_applicants(self, stage: Stage) -> None:
        from bitgoeul.core.imports.kinds import get_kind

        kind = get_kind("applicants")
        assert kind.can(stage.city_officer, stage.cohort)
        for who in (stage.company_officer, stage.instructor, stage.administrator):
            assert not kind.can(who, stage.cohort)
        assert get_kind("attendance").can(stage.instructor, stage.cohort)


class TestStageScores:
    @pytest.fixture
    def applied(self, stage: Stage, tmp_path: Path) -> Stage:
        load(stage, "applicants", write(tmp_path, line(), line(number="A-2", email="n@p.example")))
        return stage

    def test_one_column_per_stage_and_one_line_per_score(
        self, applied: Stage, tmp_path: Path
    ) -> None:
        wide = write(
            tmp_path, "A-1,70,80.5,90점", "A-2,60,,", head="접수번호,지원 동기,온라인 과정,시험"
        )
        receipt = load(applied, "stage-scores", wide)
        assert (receipt.new, receipt.errors) == (2, [])
        long = write(tmp_path, "A-2,온라인 사전 교육,75", "A-2,exam,85", head="접수번호,전형,점수")
        load(applied, "stage-scores", long)
        found = StageScore.objects.order_by("application__number", "stage__order")
        assert [row.score for row in found] == [
            Decimal(text) for text in ("70", "80.5", "90", "60", "75", "85")
        ]

    @pytest.mark.parametrize(
        ("row", "head", "code"),
        [
            ("A-9,80", "접수번호,시험", "no_application"),
            ("A-1,101", "접수번호,시험", "too_large"),
            ("A-1,80", "접수번호,면접", "no_stage"),
            ("A-1,춤,80", "접수번호,전형,점수", "no_stage"),
            ("A-1,시험,", "접수번호,전형,점수", "missing"),
            ("A-1,많이", "접수번호,시험", "not_a_number"),
        ],
    )
    def test_each_fault_is_named(
        self, applied: Stage, tmp_path: Path, row: str, head: str, code: str
    ) -> None:
        receipt = load(applied, "stage-scores", write(tmp_path, row, head=head), dry_run=True)
        assert [error.code for error in receipt.errors] == [code]

    def test_undo_brings_back_earlier_scores(self, applied: Stage, tmp_path: Path) -> None:
        head = "접수번호,지원 동기,시험"
        load(applied, "stage-scores", write(tmp_path, "A-1,70,", head=head))
        load(applied, "stage-scores", write(tmp_path, "A-1,75,90", "A-2,50,50", head=head))
        newest = Import.objects.latest("id")
        with clock.freeze(AFTER):
            undo_import(imported=newest, by=applied.officer, at=AFTER)
        assert [str(row.score) for row in StageScore.objects.all()] == ["70.00"]

    def test_undo_is_refused_when_a_score_was_entered_again(
        self, applied: Stage, tmp_path: Path
    ) -> None:
        head = "접수번호,시험"
        load(applied, "stage-scores", write(tmp_path, "A-1,70", head=head))
        load(applied, "stage-scores", write(tmp_path, "A-1,80", head=head))
        first = Import.objects.filter(kind="stage-scores").order_by("id")[0]
        with clock.freeze(AFTER), pytest.raises(UndoRefused):
            undo_import(imported=first, by=applied.officer, at=AFTER)


class TestAttendance:
    @pytest.fixture
    def running(self, db: None) -> Stage:
        stage = make_stage()
        started(stage, {"K1": "90", "K2": "80"})
        return stage

    def test_marks_per_hour(self, running: Stage, tmp_path: Path) -> None:
        head = "접수번호,일자,1교시,2교시,3교시,4교시,지각,사유"
        path = write(
            tmp_path, "K1,2025-03-03,○,X,공,출석,○,병결(진단서)", head=head, encoding="cp949"
        )
        receipt = load(running, "attendance", path, IN_CLASS)
        assert receipt.errors == []
        day = Attendance.objects.get()
        assert (day.hours, day.late, day.excuse) == ("10e1", True, "illness")
        assert receipt.written == [day.uuid]

    def test_planned_and_attended_hours_by_e_mail(self, running: Stage, tmp_path: Path) -> None:
        head = "E-mail,Date,Planned hours,Attended hours,Excuse"
        rows = ("k1@people.example,2025-03-03,8,6,", "k2@people.example,2025-03-03,8,6,집안일")
        load(running, "attendance", write(tmp_path, *rows, head=head), IN_CLASS)
        found = Attendance.objects.order_by("enrolment__application__number")
        assert [day.hours for day in found] == ["11111100", "111111ee"]

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("K9,2025-03-03,8,8", "no_enrolment"),
            (",2025-03-03,8,8", "missing"),
            ("K1,2025-03-03,8,9", "no_hours"),
            ("K1,2025-03-03,,", "no_hours"),
            ("K1,2024-03-03,8,8", "outside_cohort"),
            ("K1,2025-02-30,8,8", "no_such_day"),
        ],
    )
    def test_each_fault_is_named(self, running: Stage, tmp_path: Path, row: str, code: str) -> None:
        path = write(tmp_path, row, head="접수번호,일자,훈련 시간,출석 시간")
        receipt = load(running, "attendance", path, IN_CLASS, dry_run=True)
        assert receipt.errors[0].code in {code, "not_a_date"}
        assert len(receipt.errors) == 1

    def test_a_day_after_the_end_of_an_enrolment(self, running: Stage, tmp_path: Path) -> None:
        services.end_enrolment(
            enrolment=Enrolment.objects.get(application__number="K1"), state="withdrawn",
            on=STARTS, reason="이사", by=running.officer, at=IN_CLASS,
        )  # fmt: skip
        path = write(tmp_path, "K1,2025-03-04,8,8", head="접수번호,일자,훈련 시간,출석 시간")
        receipt = load(running, "attendance", path, IN_CLASS, dry_run=True)
        assert [error.code for error in receipt.errors] == ["after_end"]

    def test_undo_removes_new_days_and_restores_changed_ones(
        self, running: Stage, tmp_path: Path
    ) -> None:
        head = "접수번호,일자,훈련 시간,출석 시간"
        load(running, "attendance", write(tmp_path, "K1,2025-03-03,8,8", head=head), IN_CLASS)
        rows = ("K1,2025-03-03,8,2", "K2,2025-03-03,8,8")
        load(running, "attendance", write(tmp_path, *rows, head=head), IN_CLASS)
        with clock.freeze(IN_CLASS):
            undo_import(imported=Import.objects.latest("id"), by=running.officer, at=IN_CLASS)
        assert [day.hours for day in Attendance.objects.all()] == ["1" * 8]

    def test_undo_is_refused_once_completion_was_decided(
        self, running: Stage, tmp_path: Path
    ) -> None:
        head = "접수번호,일자,훈련 시간,출석 시간"
        load(running, "attendance", write(tmp_path, "K1,2025-03-03,8,8", head=head), IN_CLASS)
        services.decide_completions(cohort=running.cohort, by=running.officer, at=IN_CLASS)
        with clock.freeze(IN_CLASS), pytest.raises(UndoRefused):
            undo_import(imported=Import.objects.latest("id"), by=running.officer, at=IN_CLASS)

    @pytest.mark.slow
    def test_a_whole_course_is_written_quickly(self, db: None, tmp_path: Path) -> None:
        """50,000 days in at most 20 seconds of the processor, staged and written."""
        people = 350 if LONG else 35
        stage = make_stage(seats={"a": 400})
        started(stage, {f"N{number:04d}": "80" for number in range(people)}, keys=("a",))
        days = [STARTS + dt.timedelta(days=number) for number in range(143)]
        assert days[-1] <= ENDS
        marks = ",".join("○" * 8)
        rows = [f"N{n:04d},{day.isoformat()},{marks},,," for n in range(people) for day in days]
        head = "접수번호,일자," + ",".join(f"{n}교시" for n in range(1, 9)) + ",지각,조퇴,사유"
        path = write(tmp_path, *rows, head=head)
        begun = time.process_time()
        receipt = load(stage, "attendance", path, IN_CLASS)
        spent = time.process_time() - begun
        assert receipt.new == len(rows) == people * 143
        assert spent <= 20 * len(rows) / 50_000 + 1, spent


def test_a_cell_error_of_the_room_keeps_its_words() -> None:
    """The message is stored untranslated and put into words for each reader."""
    from django.utils.translation import gettext_lazy as lazy

    error = CellError("x", lazy("The enrolment ended on %(found)s."), found="2025-03-03")
    assert error.stored()["message"] == "The enrolment ended on %(found)s."
