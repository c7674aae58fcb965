"""Functions and answers in words on pages: read by anybody, handed in, graded, marked."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import clock, jobs
from tests.apps.credentials.given import make_achievement, make_skill
from tests.apps.labs.kinds import CARELESS, CHECKS, GOOD, QUESTIONS, answer_lab, function_lab
from tests.apps.labs.test_kinds import graded
from tests.apps.labs.test_pages import MOST_QUERIES, address, client_of, queries_of
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_clock() -> Any:
    with clock.freeze(AT):
        yield


def code(content: bytes, name: str = "answer.py") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content, content_type="text/x-python")}


def test_anybody_reads_examples_and_no_hidden_input(world: World) -> None:
    lab = function_lab(world, open_to_all=True)
    page = Client().get(address("lab_detail", lab)).content.decode()
    assert "moving_average" in page
    assert "[1, 2, 3, 4], 2" in page
    assert "빈 목록" not in page
    assert Client().get(address("lab_file", lab, kind="checks")).status_code == 404


def test_the_catalogue_is_open_and_finds_by_skill(world: World) -> None:
    skill = make_skill("time-series")
    lab = function_lab(world, open_to_all=True)
    services.change_lab(lab=lab, skills=[skill], by=None, at=AT)
    answer_lab(world)
    page = Client().get("/labs/open/").content.decode()
    assert "이동 평균" in page
    assert "시계열 분석" in page
    assert Client().get("/labs/open/", {"skill": "forecasting"}).content.decode().count("이동 평균")
    assert "이동 평균" not in Client().get("/labs/open/", {"skill": "없는"}).content.decode()
    assert queries_of(Client(), "/labs/open/") <= MOST_QUERIES


def test_from_code_to_points_per_check(world: World, here: Any) -> None:
    lab = function_lab(world)
    client = client_of(world, "trainee", "en")
    assert client.post(address("submit", lab), code(b"<svg/>")).status_code == 422
    assert client.post(address("submit", lab), code(GOOD, "answer.csv")).status_code == 422
    # Graded in this process: a job of its own would start a parent of its own.
    client.post(address("submit", lab), code(CARELESS))
    row = graded(lab.submissions.get())
    page = client.get(address("submission_detail", row)).content.decode()
    assert "5 of 10" in page
    assert "Hidden input" in page
    assert "no values" not in page
    assert "Attempts left today" in page
    staff = client_of(world, "instructor", "en")
    assert "no values" in staff.get(address("submission_detail", row)).content.decode()
    errors = staff.get(address("error_list", lab)).content.decode()
    assert "An empty list" in errors
    assert "1 of 1" in errors
    assert "No mark was changed" in staff.get(address("change_list", lab)).content.decode()
    kept = client.get(address("submission_file", row))
    assert kept["Content-Type"].startswith("text/x-python")


def test_answers_are_given_and_marked(world: World) -> None:
    lab = answer_lab(world)
    client = client_of(world, "trainee", "en")
    assert "Why split?" in client.get(address("lab_detail", lab)).content.decode()
    assert client.post(address("answer", lab), {"why": ""}).status_code == 422
    client.post(address("answer", lab), {"why": "To see <b>overfitting</b>", "how": ""})
    row = lab.submissions.get()
    page = client.get(address("submission_detail", row)).content.decode()
    assert "Your answers have been received." in page
    assert "&lt;b&gt;" in page
    teacher = client_of(world, "instructor", "en")
    form = teacher.get(address("mark", row)).content.decode()
    assert "4 for generalisation" in form
    given = {"points_why": "9", "comment_why": "", "points_how": "0", "comment_how": ""}
    assert teacher.post(address("mark", row), given).status_code == 422
    given |= {"points_why": "4", "comment_why": "Well said"}
    assert teacher.post(address("mark", row), given).status_code == 302
    page = client.get(address("submission_detail", row)).content.decode()
    assert "Well said" in page
    assert "4 of 10" in page


def test_an_instructor_makes_changes_and_replaces(world: World, here: Any) -> None:
    client = client_of(world, "instructor", "en")
    given: dict[str, Any] = {
        "key": "made-here", "title_ko": "만든 실습", "task_ko": "하세요.",
        "owner": world.university.pk, "pass_score": "6", "daily_limit": "3", "seconds": "5",
        "memory_mb": "512", "opens_at": "2025-06-01T09:00", "closes_at": "2025-07-01T09:00",
    }  # fmt: skip
    checks = json.dumps(CHECKS).encode()

    def files(content: bytes = checks) -> dict[str, Any]:
        return {"checks": SimpleUploadedFile("checks.json", content)}

    where = "/labs/new/function/"
    assert client.post(where, given | files(b"{}")).status_code == 422
    bad = files() | {"solution": SimpleUploadedFile("solution.py", CARELESS)}
    assert client.post(where, given | bad).status_code == 422
    assert client.post(where, given | files()).status_code == 302
    lab = Lab.objects.get(key="made-here")
    assert lab.max_points == 10
    questions = SimpleUploadedFile("questions.json", json.dumps(QUESTIONS).encode())
    words = given | {"key": "words-here", "questions": questions}
    assert client.post("/labs/new/answers/", words).status_code == 302
    achievement = make_achievement(world, "made", kind="lab")
    skill = make_skill()
    changed = given | {"title_ko": "고친 실습", "skills": [skill.pk], "achievement": achievement.pk}
    assert client.post(address("lab_change", lab), changed).status_code == 302
    lab.refresh_from_db()
    assert (lab.title_ko, lab.achievement) == ("고친 실습", achievement)
    assert list(lab.skills.all()) == [Skill.objects.get()]
    assert client.post(address("lab_change", lab), changed | {"pass_score": "x"}).status_code == 422
    assert client.post(address("lab_checks", lab), files(b"[]")).status_code == 422
    assert client.post(address("lab_checks", lab), files()).status_code == 302


def test_a_job_ends_with_its_reason_where_nothing_may_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bitgoeul import runner
    from bitgoeul.apps.labs.services import grading

    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    lab = function_lab(world)
    client = client_of(world, "trainee", "en")
    client.post(address("submit", lab), code(GOOD))
    jobs.run_pending()
    page = client.get(address("submission_detail", lab.submissions.get())).content.decode()
    assert "sandbox" in page or "샌드박스" in page
    assert "the attempt is not counted" in page
