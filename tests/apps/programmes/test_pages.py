"""The room's pages: what people do on them, what is refused, how often the database is asked."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState, EnrolmentState
from bitgoeul.apps.programmes.models import Application, Attendance, Enrolment
from bitgoeul.core import clock, jobs
from bitgoeul.core.journal.models import Reading
from tests.apps.programmes.making import (
    AFTER,
    DURING,
    IN_CLASS,
    STARTS,
    Stage,
    add_cohort,
    close,
    make_stage,
    person,
    score,
    started,
    take_in,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOTALS = {"K1": "90", "K2": "80", "K3": "70", "K4": "60"}

REASON = {"reason": "The committee asked for it."}


def client_of(user: User | None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def at(stage: Stage, name: str, **more: object) -> str:
    return reverse(f"programmes:{name}", kwargs={"uuid": stage.cohort.uuid, **more})


@pytest.fixture
def _during() -> Iterator[None]:
    with clock.freeze(DURING):
        yield


@pytest.fixture
def _in_class() -> Iterator[None]:
    with clock.freeze(IN_CLASS):
        yield


@pytest.fixture
def running(db: None) -> Stage:
    stage = make_stage(hours=80)
    started(stage, TOTALS)
    return stage


def _answers() -> dict[str, str]:
    agreed = {f"consent_{text.uuid}": "on" for text in ConsentText.objects.filter(required=True)}
    return {
        "birth_on": "1999-05-05", "sex": "female", "phone": "010-0000-0001", "residence": "24",
        "school_region": "24", "major": "computing", "work_status": "seeking",
        "motivation": "배움", "choice_1": "b", "choice_2": "a", "choice_3": "", **agreed,
    }  # fmt: skip


@pytest.mark.usefixtures("_during")
class TestApplying:
    def test_a_draft_is_kept_without_anything_filled_in(self, stage: Stage) -> None:
        who = person("gaon")
        answer = client_of(who).post(at(stage, "apply"), {"action": "save", "residence": "24"})
        application = Application.objects.get()
        assert answer.status_code == 302
        assert (application.state, application.residence) == (ApplicationState.DRAFT, "24")
        page = client_of(who).get(answer["Location"]).content.decode()
        assert "This draft is not handed in yet." in page

    def test_handing_in_needs_the_needed_fields_and_links_to_them(self, stage: Stage) -> None:
        answer = client_of(person("gaon")).post(at(stage, "apply"), {"action": "submit"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_residence"' in page
        consent = ConsentText.objects.filter(required=True)[0]
        assert f'href="#id_consent_{consent.uuid}"' in page
        assert not Application.objects.exists()

    def test_handing_in(self, stage: Stage) -> None:
        who = person("gaon")
        answer = client_of(who).post(at(stage, "apply"), {**_answers(), "action": "submit"})
        assert answer.status_code == 302
        application = Application.objects.get()
        assert application.state == ApplicationState.SUBMITTED
        assert [choice.track.key for choice in application.choices.all()] == ["b", "a"]
        assert who.consents.count() == 2
        again = client_of(who).get(at(stage, "apply")).content.decode()
        assert "배움" in again
        assert "id_birth_on" not in again, "what is known is not asked twice"

    def test_one_track_twice_is_refused(self, stage: Stage) -> None:
        data = {**_answers(), "choice_2": "b", "action": "submit"}
        answer = client_of(person("gaon")).post(at(stage, "apply"), data)
        assert answer.status_code == 422
        assert "This track is chosen already." in answer.content.decode()

    def test_withdrawing(self, stage: Stage) -> None:
        who = person("gaon")
        client_of(who).post(at(stage, "apply"), {**_answers(), "action": "submit"})
        application = Application.objects.get()
        address = reverse("programmes:application_withdraw", kwargs={"uuid": application.uuid})
        assert client_of(person("narae")).post(address).status_code == 404
        client_of(who).post(address)
        application.refresh_from_db()
        assert application.state == ApplicationState.WITHDRAWN

    def test_nobody_finds_the_form_of_a_planned_cohort(self, db: None) -> None:
        stage = make_stage(opened=False)
        assert client_of(person("gaon")).get(at(stage, "apply")).status_code == 404
        assert client_of(None).get(at(stage, "cohort_detail")).status_code == 404
        assert client_of(stage.officer).get(at(stage, "cohort_detail")).status_code == 200


def test_a_cohorts_public_page_commits_to_the_lottery_and_keeps_the_seed(stage: Stage) -> None:
    page = client_of(None).get(at(stage, "cohort_detail")).content.decode()
    assert stage.cohort.lottery_seed_hash in page
    assert stage.cohort.lottery_seed not in page
    assert "10 %" in page
    assert "70 %" in page


def test_the_steps_are_taken_by_officers(stage: Stage) -> None:
    close_it = at(stage, "cohort_action", action="close-applications")
    with clock.freeze(DURING):
        early = client_of(stage.officer).post(close_it, follow=True).content.decode()
        assert "promised to stay open" in early
    with clock.freeze(AFTER):
        for stranger in (stage.company_officer, stage.instructor, stage.administrator):
            assert client_of(stranger).post(close_it).status_code == 404
        client_of(stage.city_officer).post(close_it)
    stage.cohort.refresh_from_db()
    assert stage.cohort.state == "selecting"
    unknown = at(stage, "cohort_action", action="explode")
    assert client_of(stage.officer).post(unknown).status_code == 404


def test_the_selection_is_run_verified_and_published_on_its_page(stage: Stage) -> None:
    take_in(stage, [(number, "24", ("a", "b")) for number in TOTALS])
    score(stage, TOTALS)
    close(stage)
    officer = client_of(stage.officer)
    with clock.freeze(AFTER):
        assert client_of(None).get(at(stage, "selection")).status_code == 404
        officer.post(at(stage, "selection_run"))
        waiting = officer.get(at(stage, "selection")).content.decode()
        assert "hx-get" in waiting
        jobs.run_pending(at=AFTER)
        page = officer.get(at(stage, "selection")).content.decode()
        assert "지원 K1" in page
        assert Reading.objects.filter(what="programmes.selection").exists()
        verified = officer.post(at(stage, "selection_verify"), follow=True).content.decode()
        assert "confirms the result" in verified
        officer.post(at(stage, "selection_publish"))
    public = client_of(None).get(at(stage, "selection")).content.decode()
    assert stage.cohort.lottery_seed in public
    assert "지원 K1" not in public
    assert client_of(stage.company_officer).get(at(stage, "selection_bundle")).status_code == 404
    bundle = officer.post(at(stage, "selection_bundle"), REASON)
    with zipfile.ZipFile(BytesIO(bundle.content)) as archive:
        assert "verify.py" in archive.namelist()


@pytest.mark.usefixtures("_in_class")
class TestAfterTheSelection:
    def test_the_applicant_reads_why(self, running: Stage) -> None:
        loser = Application.objects.select_related("person").get(number="K4")
        address = reverse("programmes:application_detail", kwargs={"uuid": loser.uuid})
        page = client_of(loser.person).get(address).content.decode()
        assert "No seat" in page
        assert "Your place in the queue" in page
        assert "60.00" in page
        other = Application.objects.select_related("person").get(number="K1")
        assert client_of(other.person).get(address).status_code == 404
        assert client_of(running.instructor).get(address).status_code == 404
        assert client_of(running.officer).get(address).status_code == 200

    def test_a_day_is_written_and_corrected_with_a_reason(self, running: Stage) -> None:
        day = at(running, "attendance_day", day=STARTS.isoformat()) + "?track=a"
        instructor = client_of(running.instructor)
        enrolments = list(Enrolment.objects.filter(track__key="a"))
        page = instructor.get(day).content.decode()
        assert page.count('value="11111111"') == len(enrolments) == 2
        first, second = enrolments
        data = {f"{first.uuid}-hours": "11110000", f"{second.uuid}-hours": "1" * 8}
        data[f"{first.uuid}-late"] = "on"
        assert instructor.post(day, data).status_code == 302
        stored = Attendance.objects.get(enrolment=first)
        assert (stored.hours, stored.late) == ("11110000", True)
        data[f"{first.uuid}-hours"] = "1" * 8
        refused = instructor.post(day, data)
        assert refused.status_code == 422
        assert "Say why a recorded day is changed." in refused.content.decode()
        assert instructor.post(day, data | {"reason": "출석부 확인"}).status_code == 302
        stored.refresh_from_db()
        assert stored.hours == "1" * 8

    @pytest.mark.parametrize("marks", ["12", "x", "1" * 25])
    def test_marks_that_cannot_be_read_stay_on_the_page(self, running: Stage, marks: str) -> None:
        day = at(running, "attendance_day", day=STARTS.isoformat()) + "?track=b"
        one = Enrolment.objects.get(track__key="b")
        answer = client_of(running.instructor).post(day, {f"{one.uuid}-hours": marks})
        assert answer.status_code == 422
        assert not Attendance.objects.exists()

    def test_a_day_that_is_none_is_absent(self, running: Stage) -> None:
        for day in ("2025-13-45", "0001-01-01", "9999-12-31"):
            address = at(running, "attendance_day", day=day)
            assert client_of(running.instructor).get(address).status_code == 404, day

    def test_the_trainee_sees_the_pass_line_and_others_do_not(self, running: Stage) -> None:
        enrolment = Enrolment.objects.select_related("person").get(application__number="K1")
        services.record_attendance(
            cohort=running.cohort,
            entries=[services.DayEntry(enrolment=enrolment, held_on=STARTS, hours="11111100")],
            by=running.instructor,
            at=IN_CLASS,
        )
        address = reverse("programmes:enrolment_detail", kwargs={"uuid": enrolment.uuid})
        page = client_of(enrolment.person).get(address).content.decode()
        assert "6 of 80 hours = 7.5 % &lt; 80 %" in page
        assert "of 8 held so far" in page
        stranger = Enrolment.objects.select_related("person").get(application__number="K2")
        assert client_of(stranger.person).get(address).status_code == 404
        assert client_of(running.company_officer).get(address).status_code == 404
        assert client_of(running.administrator).get(address).status_code == 404
        korean = client_of(enrolment.person, "ko").get(address).content.decode()
        assert "80시간 중 6시간" in korean

    def test_an_enrolment_ends_early_with_a_reason(self, running: Stage) -> None:
        enrolment = Enrolment.objects.get(application__number="K1")
        address = reverse("programmes:enrolment_end", kwargs={"uuid": enrolment.uuid})
        data = {"state": "withdrawn", "on": "2025-06-02", "reason": "이사"}
        assert client_of(running.instructor).post(address, data).status_code == 404
        client_of(running.officer).post(address, {**data, "reason": ""})
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED
        client_of(running.officer).post(address, data)
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.end_reason) == (EnrolmentState.WITHDRAWN, "이사")

    def test_completion_is_decided_on_its_page(self, running: Stage) -> None:
        officer = client_of(running.officer)
        officer.post(at(running, "completion_decide"))
        jobs.run_pending(at=IN_CLASS)
        page = officer.get(at(running, "completion")).content.decode()
        assert page.count("0 of 80 hours = 0.0 % &lt; 80 %") == 3
        csv = b"".join(officer.post(at(running, "completion_csv"), REASON).streaming_content)  # type: ignore[attr-defined]  # a streamed answer
        assert "Not completed" in csv.decode()

    def test_exports_hold_the_current_filter_and_are_recorded(self, running: Stage) -> None:
        officer = client_of(running.officer)
        answer = officer.post(at(running, "applications_csv") + "?q=K1", REASON)
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]  # a streamed answer
        assert len(lines) == 2
        assert "k1@people.example" in lines[1]
        assert Reading.objects.get(what="programmes.application_export").subjects == 1
        assert officer.post(at(running, "enrolments_xlsx"), REASON).status_code == 200


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


LISTS = ("application_list", "selection", "enrolment_list", "completion", "attendance_list")


@pytest.mark.usefixtures("_in_class")
@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_same_whatever_their_length(db: None, name: str) -> None:
    """Oracle: the same page with one and with three people."""
    short = make_stage(hours=80)
    started(short, {"K1": "90"})
    with_one = _queries(client_of(short.officer), at(short, name))
    long = Stage(**short.__dict__)
    long.cohort = add_cohort(short.programme, seats={"a": 2, "b": 1}, number=2, hours=80)
    long.cohort = services.open_applications(cohort=long.cohort, by=None, at=DURING)
    long.tracks = list(long.cohort.tracks.order_by("key"))
    started(long, {"M1": "90", "M2": "80", "M3": "70"})
    with_three = _queries(client_of(short.officer), at(long, name))
    assert with_three == with_one


@pytest.mark.usefixtures("_in_class")
def test_pages_ask_little(running: Stage) -> None:
    """At most twelve statements beside session, user and the notes of reading."""
    enrolment = Enrolment.objects.get(application__number="K1")
    pages = [at(running, name) for name in LISTS]
    pages += [reverse("programmes:enrolment_detail", kwargs={"uuid": enrolment.uuid})]
    pages += [at(running, "cohort_detail"), reverse("programmes:programme_list")]
    client = client_of(running.officer)
    for address in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
        own = [
            sql for sql in reads if "session" not in sql and '"alliance_user"."password"' not in sql
        ]
        assert len(own) <= 12, (address, len(own), own)


def test_pages_speak_korean(running: Stage) -> None:
    page = client_of(running.officer, "ko").get(at(running, "cohort_detail")).content.decode()
    assert 'lang="ko"' in page
    assert "Tracks and seats" not in page


def test_anonymous_visitors_are_sent_to_sign_in(stage: Stage) -> None:
    answer = client_of(None).get(at(stage, "application_list"))
    assert answer["Location"].startswith("/accounts/login/")
