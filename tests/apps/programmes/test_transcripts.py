"""Transcripts: what they say, that they are frozen, and who checks or sees them."""

import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.labs.models import Evaluation, Lab, Submission
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Assignment, Attendance, Enrolment, Transcript
from bitgoeul.apps.programmes.queries.transcript import shared_out, transcript_content
from bitgoeul.apps.programmes.queries.transcript_words import check_transcript, transcript_pdf
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Reading
from bitgoeul.engines.evidence import digest
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_pages import client_of

LATER = IN_CLASS + dt.timedelta(days=1)


@pytest.fixture
def running(db: None) -> Stage:
    """A class of one track with two modules on one day of eight hours."""
    stage = make_stage(hours=16)
    started(stage, {"K1": "90", "K2": "80"})
    facts: dict[str, Any] = {"by": stage.officer, "at": IN_CLASS}
    plans = [
        services.ModulePlan(key=key, title_ko=key, title_en=key, hours=8, order=order)
        for order, key in enumerate(("ml", "dl"))
    ]
    services.save_modules(cohort=stage.cohort, plans=plans, **facts)
    services.set_calendar(cohort=stage.cohort, values={"hours_a_day": 8}, **facts)
    for track in stage.tracks:
        values = {"key": "a", "name_ko": "가", "seats": 3}
        services.add_class(track=track, values=values, **facts)
    services.place_people(cohort=stage.cohort, **facts)
    services.make_timetable(cohort=stage.cohort, **facts)
    one = first()
    for day, marks in ((dt.date(2025, 3, 4), "1111e000"), (dt.date(2025, 3, 5), "11111111")):
        Attendance.objects.create(enrolment=one, held_on=day, hours=marks, excuse="illness")
    return stage


def first() -> Enrolment:
    return Enrolment.objects.select_related("cohort__programme__organiser").order_by("pk")[0]


def test_hours_are_told_by_module_and_reasons_nowhere(running: Stage) -> None:
    content = transcript_content(first())
    assert content["hours"] == {"held": 16, "attended": 12, "recognised": 1}
    held = {row["ko"]: (row["held"], row["attended"], row["recognised"])
            for row in content["modules"]}  # fmt: skip
    assert held == {"ml": (8, 4, 1), "dl": (8, 8, 0)}
    assert "illness" not in str(content)


def test_marks_are_shared_out_in_order_or_by_the_hour() -> None:
    def session(first_hour: int, hours: int) -> Any:
        return SimpleNamespace(first_hour=first_hour, hours=hours)

    two = [session(1, 2), session(5, 2)]
    assert [part for _row, part in shared_out("1101", two)] == ["11", "01"]
    assert [part for _row, part in shared_out("11000e11", two)] == ["11", "0e"]
    assert [part for _row, part in shared_out("1", two)] == ["1", ""]


def test_it_is_frozen_and_made_anew_only_when_something_differs(running: Stage) -> None:
    one = first()
    made = services.issue_transcript(enrolment=one, by=one.person, at=IN_CLASS)
    again = services.issue_transcript(enrolment=one, by=running.officer, at=LATER)
    assert made.pk == again.pk
    assert made.digest == digest(made.content)
    assert Entry.objects.filter(event="transcript.issued").count() == 1
    services.decide_completions(cohort=running.cohort, by=running.officer, at=LATER)
    later = services.issue_transcript(enrolment=one, by=running.officer, at=LATER)
    assert later.pk != made.pk
    made.refresh_from_db()
    assert made.content["verdict"] is None
    assert check_transcript(made.code).result == "superseded"
    found = check_transcript(later.code.lower().replace("-", " "))
    assert (found.result, found.digest) == ("valid", later.digest)
    assert one.person.full_name not in found.name
    assert check_transcript("AAAAA-AAAAA-AAAAA-AAAAA").result == "unknown"
    for user in (running.instructor, running.company_officer):
        with pytest.raises(Refused):
            services.issue_transcript(enrolment=one, by=user, at=LATER)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_paper_says_it_in_both_languages(running: Stage, language: str) -> None:
    services.decide_completions(cohort=running.cohort, by=running.officer, at=IN_CLASS)
    made = services.issue_transcript(enrolment=first(), by=None, at=IN_CLASS)
    with translation.override(language):
        paper = transcript_pdf(made)
        assert paper == transcript_pdf(made)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert made.code in text.replace("\n", "")
    assert ("이수 내역서" if language == "ko" else "Transcript of training") in text


def test_pages_for_the_trainee_the_officer_and_anybody(running: Stage) -> None:
    one = first()
    where = {"uuid": one.uuid}
    mine, officer = client_of(one.person), client_of(running.officer)
    page = reverse("programmes:enrolment_transcript", kwargs=where)
    assert mine.get(page).status_code == 200
    assert client_of(running.instructor).get(page).status_code == 404
    assert officer.get(page).status_code == 200
    assert Reading.objects.filter(what="programmes.enrolment_transcript").count() == 1
    mine.post(reverse("programmes:transcript_issue", kwargs=where))
    made = Transcript.objects.get()
    paper = reverse("programmes:transcript_paper", kwargs={"uuid": made.uuid})
    assert mine.get(paper)["Content-Type"] == "application/pdf"
    asked = officer.get(paper)
    assert asked["Content-Type"].startswith("text/html")
    assert officer.post(paper, {"reason": "위원회 제출"})["Content-Type"] == "application/pdf"
    check = reverse("programmes:transcript_check")
    answer = mine.get(check, {"code": made.code}, follow=True).content.decode()
    assert made.digest in answer
    assert one.person.full_name not in answer.split("<main", 1)[1]


def hand_in(lab: Lab, one: Enrolment, score: float, at: dt.datetime) -> None:
    row = Submission.objects.create(
        lab=lab, person=one.person, name="a.csv", sha256="a" * 64, received_at=at, state="scored"
    )
    Evaluation.objects.create(
        submission=row, scorer_version="1", metric=lab.metric, score=score, rows=1,
        inputs_digest="a" * 64, evaluated_at=at,
    )  # fmt: skip


def test_a_lab_passed_too_late_is_not_called_passed(running: Stage) -> None:
    lab = Lab.objects.create(
        key="late", title_ko="늦은 실습", title_en="Late lab", owner=running.university,
        metric="accuracy", pass_score=0.8, opens_at=IN_CLASS, closes_at=LATER,
    )  # fmt: skip
    Assignment.objects.create(cohort=running.cohort, lab=lab, due_at=IN_CLASS, required=True)
    one = first()
    hand_in(lab, one, 0.5, IN_CLASS)
    said = transcript_content(one)["labs"][0]
    assert (said["score"], said["passed"], "late" in said) == ("0.5", False, False)
    hand_in(lab, one, 0.9, LATER)
    content = transcript_content(one)
    said = content["labs"][0]
    assert (said["score"], said["passed"], said["late"]) == ("0.5", False, "0.9")
    services.decide_completions(cohort=running.cohort, by=running.officer, at=LATER)
    line = next(each for each in one.verdicts.get().trace if each["rule"] == "labs")
    assert line["met"] is False
    page = reverse("programmes:enrolment_transcript", kwargs={"uuid": one.uuid})
    assert "0.9 after the due date" in client_of(one.person).get(
        page, headers={"accept-language": "en"}
    ).content.decode()  # fmt: skip
    with translation.override("en"):
        paper = transcript_pdf(services.issue_transcript(enrolment=one, by=None, at=LATER))
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert "0.5 (0.9 after the due date)" in " ".join(text.split())


@pytest.mark.parametrize("code", ["A/B", "..", "---", "<b>", "ABCDE_"])
@pytest.mark.parametrize("door", ["programmes:transcript_check", "credentials:verify"])
def test_a_code_with_other_signs_is_refused(client: Any, db: None, door: str, code: str) -> None:
    answer = client.get(reverse(door), {"code": code})
    assert answer.status_code == 422
    answer = client.get(reverse(door), {"code": " abcde–fghjk 23456-7mnpq "})
    assert answer.headers["Location"].endswith("/ABCDE-FGHJK-23456-7MNPQ/")


def test_the_interface_knows_a_paper_from_a_code(client: Any, db: None) -> None:
    known = "/api/v1/programmes/transcripts/"
    assert client.get(known + "ABCDE-FGHJK-23456-7MNPQ").json()["result"] == "unknown"
    assert client.get(known + "LPT1.pdf").status_code == 404
