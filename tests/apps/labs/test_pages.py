"""The labs' pages as readers, participants and instructors use them."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bitgoeul.apps.labs.enums import LabState, SubmissionState
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.core import clock, jobs
from bitgoeul.core.journal.models import Reading
from tests.apps.labs.bench import Bench, hand_in, make_lab
from tests.world import AT, World

MOST_QUERIES = 12

REASON = {"reason": "The committee asked for it."}


@pytest.fixture(autouse=True)
def _fixed_clock() -> Any:
    with clock.freeze(AT):
        yield


def client_of(world: World, role: str, language: str = "ko") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, row: Any, **more: str) -> str:
    return reverse(f"labs:{name}", kwargs={"uuid": row.uuid, **more})


def queries_of(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


def upload(content: bytes, name: str = "predictions.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content, content_type="text/csv")}


def test_the_public_reads_the_task_and_takes_the_data(lab: Lab) -> None:
    page = Client().get(address("lab_detail", lab)).content.decode()
    assert "악성 여부를 맞히세요." in page
    assert "정확도" in page
    sample = Client().get(address("lab_file", lab, kind="sample"))
    assert b"".join(sample.streaming_content).startswith(b"id,target\n")
    assert sample["Content-Disposition"].startswith("attachment")
    assert Client().get(address("lab_file", lab, kind="truth")).status_code == 404
    assert "truth" not in page
    assert "정답" not in page


def test_from_upload_to_score(lab: Lab, world: World, bench: Bench) -> None:
    client = client_of(world, "trainee", "en")
    answer = client.post(address("submit", lab), upload(bench.good))
    assert answer.status_code == 302
    submission = lab.submissions.get()
    waiting = client.get(address("submission_detail", submission)).content.decode()
    assert "hx-get" in waiting
    jobs.run_pending()
    done = client.get(address("submission_detail", submission)).content.decode()
    assert f"{bench.accuracy:.4f}" in done
    assert "Passed" in done
    page = client.get(address("lab_detail", lab)).content.decode()
    assert f"{bench.accuracy:.4f}" in page
    kept = client.get(address("submission_file", submission))
    assert b"".join(kept.streaming_content) == bench.good
    assert not Reading.objects.exists()


def test_faults_are_shown_with_their_lines(lab: Lab, world: World) -> None:
    client = client_of(world, "trainee", "en")
    client.post(address("submit", lab), upload(b"id,target\n1,perhaps\n"))
    jobs.run_pending()
    page = client.get(address("submission_detail", lab.submissions.get())).content.decode()
    assert "Line 2: “perhaps” is not a number." in page
    korean = client_of(world, "trainee").get(address("submission_detail", lab.submissions.get()))
    assert "2행: 숫자가 아닙니다: “perhaps”." in korean.content.decode()


def test_the_door_says_why(lab: Lab, world: World, bench: Bench) -> None:
    client = client_of(world, "trainee", "en")
    empty = client.post(address("submit", lab), upload(b""))
    assert empty.status_code == 422
    assert "The file is empty." in empty.content.decode()
    nothing = client.post(address("submit", lab), {})
    assert nothing.status_code == 422
    for _ in range(3):
        client.post(address("submit", lab), upload(bench.good))
    full = client.post(address("submit", lab), upload(bench.good))
    assert full.status_code == 422
    assert "Try again tomorrow." in full.content.decode()
    assert "used up" in client.get(address("lab_detail", lab)).content.decode()


def test_a_reader_is_told_who_hands_in(lab: Lab, world: World) -> None:
    public = Client(headers={"accept-language": "en"}).get(address("lab_detail", lab))
    assert "Participants sign in" in public.content.decode()
    other = client_of(world, "applicant", "en").get(address("lab_detail", lab))
    assert "Only whoever was admitted" in other.content.decode()


def test_an_instructor_makes_opens_and_closes_a_lab(world: World, bench: Bench) -> None:
    client = client_of(world, "instructor", "en")
    files = {
        kind: SimpleUploadedFile(content.name, content.data)
        for kind, content in bench.files().items()
    }
    form = {
        "key": "my-lab",
        "title_ko": "내 과제",
        "task_ko": "맞히세요",
        "owner": world.university.pk,
        "metric": "accuracy",
        "id_column": "id",
        "target_column": "target",
        "pass_score": "0.9",
        "daily_limit": "5",
        "opens_at": "2025-06-01T09:00",
        "closes_at": "2025-07-01T18:00",
    }
    wrong = client.post(reverse("labs:lab_create"), form | {"id_column": "number"} | files)
    assert wrong.status_code == 422
    assert "The column “number” is missing." in wrong.content.decode()
    for file in files.values():
        file.seek(0)
    assert client.post(reverse("labs:lab_create"), form | files).status_code == 302
    lab = Lab.objects.get(key="my-lab")
    assert lab.state == LabState.DRAFT
    assert Client().get(address("lab_detail", lab)).status_code == 404
    client.post(address("lab_open", lab))
    assert Client().get(address("lab_detail", lab)).status_code == 200
    again = client.post(address("lab_open", lab), follow=True)
    assert "This cannot be done" in again.content.decode()
    client.post(address("lab_close", lab))
    lab.refresh_from_db()
    assert lab.state == LabState.CLOSED


def test_nobody_makes_a_lab_for_another_organisation(world: World, bench: Bench) -> None:
    page = client_of(world, "instructor").get(reverse("labs:lab_create")).content.decode()
    assert "한빛대학교" in page
    assert "가나다테크" not in page


def test_marks_are_handed_out_and_the_reading_recorded(
    lab: Lab, world: World, bench: Bench
) -> None:
    hand_in(lab, world, bench.good)
    jobs.run_pending()
    client = client_of(world, "instructor", "en")
    answer = client.post(address("marks_csv", lab), REASON)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Full name"] for row in rows] == ["나래 훈련", "다솜 수료"]
    assert float(rows[0]["Best score"]) == bench.accuracy
    assert [row["Passed"] for row in rows] == ["Yes", "No"]
    assert rows[1]["Best score"] == ""
    sheet = client.post(address("marks_xlsx", lab), REASON)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content)))
    assert book.get_sheet_by_index(0).to_python()[1][3] == bench.accuracy
    reading = Reading.objects.filter(what="labs.mark_list").first()
    assert reading is not None
    assert reading.subjects == 2


def test_submissions_are_filtered(lab: Lab, world: World, bench: Bench) -> None:
    hand_in(lab, world, bench.good)
    hand_in(lab, world, b"id,target\n1,x\n", who="graduate")
    jobs.run_pending()
    client = client_of(world, "instructor")
    where = address("submission_list", lab)
    named = client.get(where, {"q": "나래"}).content.decode()
    assert "나래 훈련" in named
    assert "다솜 수료" not in named
    refused = client.get(where, {"state": SubmissionState.REFUSED}).content.decode()
    assert "다솜 수료" in refused
    assert "나래 훈련" not in refused


def test_everything_is_scored_again_on_request(lab: Lab, world: World, bench: Bench) -> None:
    hand_in(lab, world, bench.good)
    jobs.run_pending()
    answer = client_of(world, "instructor", "en").post(address("lab_rescore", lab), follow=True)
    assert "1 submissions are being scored again." in answer.content.decode()
    jobs.run_pending()
    assert lab.submissions.get().state == SubmissionState.SCORED


def test_more_rows_take_no_more_queries(lab: Lab, world: World, bench: Bench) -> None:
    hand_in(lab, world, bench.good)
    jobs.run_pending()
    pages = [
        ("instructor", address("submission_list", lab)),
        ("trainee", address("lab_detail", lab)),
        ("trainee", reverse("labs:lab_list")),
    ]
    clients = {role: client_of(world, role) for role in ("instructor", "trainee")}
    few = [queries_of(clients[role], where) for role, where in pages]
    for who in ("graduate", "trainee", "trainee"):
        hand_in(lab, world, bench.good, who=who)
    jobs.run_pending()
    for number in range(3):
        make_lab(world, bench, key=f"more-{number}")
    many = [queries_of(clients[role], where) for role, where in pages]
    assert many == few
    assert max(few) <= MOST_QUERIES


def test_a_name_from_outside_never_becomes_a_path(lab: Lab, world: World, bench: Bench) -> None:
    client = client_of(world, "trainee")
    client.post(address("submit", lab), upload(bench.good, name="../../etc/passwd"))
    submission: Submission = lab.submissions.get()
    assert submission.file.name == f"submissions/{submission.uuid}"
    assert ".." not in submission.name
