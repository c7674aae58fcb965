"""An officer builds the form, applicants answer it, duplicates are shown and never merged."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState, QuestionKind
from bitgoeul.apps.programmes.models import Answer, Application, DuplicateDecision, Question
from bitgoeul.apps.programmes.queries.duplicates import duplicates_in, mailbox
from bitgoeul.apps.programmes.queries.forms import answers_shown, answers_to, current_form
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from tests.apps.programmes.making import DURING, Stage, person, take_in
from tests.apps.programmes.test_pages import at, client_of

PLANS: tuple[dict[str, Any], ...] = (
    {"key": "why", "kind": "long", "label_ko": "왜", "label_en": "Why", "required": True},
    {"key": "years", "kind": "number", "label_ko": "경력", "label_en": "Years"},
    {"key": "since", "kind": "date", "label_ko": "언제부터"},
    {"key": "shift", "kind": "single", "label_ko": "반",
     "options": [{"key": "am", "ko": "오전", "en": "Morning"}, {"key": "pm", "ko": "오후"}]},
    {"key": "tools", "kind": "multiple", "label_ko": "도구",
     "options": [{"key": "py", "ko": "파이썬"}, {"key": "r", "ko": "알"}]},
    {"key": "laptop", "kind": "yes_no", "label_ko": "노트북"},
    {"key": "proof", "kind": "file", "label_ko": "증빙", "blind": True},
    {"key": "photo", "kind": "consent", "label_ko": "사진 이용", "help_ko": "사진을 씁니다."},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with clock.freeze(DURING):
        yield


def built(stage: Stage, *plans: dict[str, Any]) -> None:
    for plan in plans or PLANS:
        services.write_question(
            cohort=stage.cohort, plan=services.QuestionPlan(**plan), by=stage.officer, at=DURING
        )
    services.publish_form(cohort=stage.cohort, by=stage.officer, at=DURING)


def filled(**more: Any) -> dict[str, Any]:
    agreed = {f"consent_{text.uuid}": "on" for text in ConsentText.objects.filter(required=True)}
    return {
        "birth_on": "1999-05-05", "sex": "female", "phone": "010-0000-0001", "residence": "24",
        "school_region": "24", "major": "computing", "work_status": "seeking",
        "motivation": "배움", "choice_1": "b", "q_why": "배우려고", "q_years": "2.5",
        "q_since": "2024-03-01", "q_shift": "am", "q_tools": ["r", "py"], "q_laptop": "no",
        "q_photo": "on", **agreed, **more,
    }  # fmt: skip


def test_an_applicant_answers_every_kind_and_gets_a_receipt(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    paper = SimpleUploadedFile("../증빙.txt", "있음".encode())
    answer = client_of(kim).post(at(stage, "apply"), filled(q_proof=paper))
    made = Application.objects.get(person=kim)
    assert answer["Location"] == reverse("programmes:application_detail", args=[made.uuid])
    assert answers_to(made) == {
        "why": "배우려고", "years": "2.5", "since": "2024-03-01", "shift": "am",
        "tools": ["py", "r"], "laptop": "no", "proof": "증빙.txt", "photo": True,
    }  # fmt: skip
    page = client_of(kim).get(answer["Location"]).content.decode()
    assert f"Receipt: application {made.number}" in page
    assert "Morning" in page
    assert made.number in str(Notice.objects.get(person=kim).values)
    file = client_of(kim).get(
        reverse("programmes:answer_file", args=[made.answers.get(name="증빙.txt").uuid])
    )
    assert b"".join(file.streaming_content).decode() == "있음"
    assert [row.question.key for row in answers_shown(made, blind=True)] == [
        "why", "years", "since", "shift", "tools", "laptop", "photo",
    ]  # fmt: skip


def test_what_must_be_answered_must_be_answered_and_nothing_is_lost(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    page = client_of(kim).post(at(stage, "apply"), filled(q_why=""))
    assert page.status_code == 422
    assert "2024-03-01" in page.content.decode()
    assert not Application.objects.exists()
    with pytest.raises(Refused, match="“Why”"):
        services.submit_application(
            cohort=stage.cohort, person=kim, choices=list(stage.tracks[:1]),
            answers=services.Answers(residence="24", school_region="24", major="other",
                                     work_status="seeking"),
            consents=list(ConsentText.objects.all()), by=kim, at=DURING,
        )  # fmt: skip


def test_the_page_saves_by_itself_what_is_possible(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    url = at(stage, "apply_save")
    said = client_of(kim).post(url, filled(q_years="many")).content.decode()
    assert "Saved as a draft" in said
    assert "Years" in said
    made = Application.objects.get(person=kim)
    assert made.state == ApplicationState.DRAFT
    assert answers_to(made)["why"] == "배우려고"
    kim.refresh_from_db()
    assert kim.phone == "", "a half-typed number would stand for ever"
    client_of(kim).post(url, filled(q_years="many"))
    assert Entry.objects.filter(event="application.saved").count() == 1, "nothing new, said once"
    client_of(kim).post(at(stage, "apply"), filled())
    client_of(kim).post(url, filled(q_why="anders"))
    assert answers_to(made)["why"] == "배우려고", "what is handed in changes by handing in"


def test_a_published_version_is_never_changed_and_answers_move_on(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    client_of(kim).post(at(stage, "apply"), filled())
    first = current_form(stage.cohort)
    assert first is not None
    services.write_question(
        cohort=stage.cohort, replaces="why", by=stage.officer, at=DURING,
        plan=services.QuestionPlan(key="why", kind="short", label_ko="까닭", required=True),
    )  # fmt: skip
    services.remove_question(cohort=stage.cohort, key="years", by=stage.officer, at=DURING)
    assert current_form(stage.cohort) == first
    assert first.questions.get(key="why").label_ko == "왜"
    services.publish_form(cohort=stage.cohort, by=stage.officer, at=DURING)
    client_of(kim).post(at(stage, "apply"), filled(q_why="새 까닭"))
    made = Application.objects.get(person=kim)
    assert answers_to(made)["why"] == "새 까닭"
    assert answers_to(made)["years"] == "2.5", "what is not asked any more stays"
    assert made.answers.get(question__key="why").question.version.number == 2


def test_the_builder_moves_removes_and_refuses(stage: Stage) -> None:
    client = client_of(stage.officer)
    for key in ("one", "two"):
        client.post(at(stage, "question_add"), {"kind": "short", "key": key, "label_ko": key})
    client.post(at(stage, "question_act", key="two", action="up"))
    order = Question.objects.order_by("order").values_list("key", flat=True)
    assert list(order) == ["two", "one"]
    bad = client.post(
        at(stage, "question_add"),
        {"kind": "single", "key": "three", "label_ko": "셋", "options": "a\nb | 비\nb | 비"},
    )
    assert bad.status_code == 422
    assert "Line 1" in bad.content.decode()
    assert "Line 3" in bad.content.decode()
    client.post(at(stage, "question_act", key="one", action="remove"))
    client.post(at(stage, "form_publish"))
    page = client.get(at(stage, "form_detail")).content.decode()
    assert "Published" in page
    assert Question.objects.get().key == "two"
    assert client.post(at(stage, "question_act", key="x", action="explode")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "NaN"), ("number", "1e99"), ("date", "2024-02-30"), ("single", "zz"),
     ("multiple", "am"), ("multiple", ["zz"]), ("yes_no", "maybe"), ("short", "x" * 301),
     ("consent", "yes"), ("long", 3)],
)  # fmt: skip
def test_what_is_no_answer_is_refused(kind: str, value: object) -> None:
    options = [{"key": "am", "ko": "오전"}, {"key": "pm", "ko": "오후"}]
    question = Question(kind=QuestionKind(kind), label_ko="물음", options=options)
    with pytest.raises(ValidationError):
        question.checked(value)


def test_accommodation_is_asked_for_and_answered(stage: Stage) -> None:
    kim = person("kim")
    client_of(kim).post(at(stage, "apply"), filled(accommodation="큰 글자"))
    made = Application.objects.get(person=kim)
    page = reverse("programmes:application_detail", args=[made.uuid])
    assert "큰 글자" in client_of(stage.officer).get(page).content.decode()
    url = reverse("programmes:accommodation_answer", args=[made.uuid])
    client_of(stage.officer).post(url, {"granted": "yes", "answer": "A3로 드립니다"})
    assert "A3로 드립니다" in client_of(kim).get(page).content.decode()
    assert Notice.objects.filter(message="applications.accommodation").count() == 1
    client_of(kim).post(at(stage, "apply"), filled(accommodation="더 큰 글자"))
    made.refresh_from_db()
    assert made.accommodation.state == "asked", "another need is another question"


def test_likely_duplicates_are_shown_and_decided(stage: Stage) -> None:
    take_in(stage, [(f"K{n}", "24", ("a",)) for n in range(1, 7)])
    people = [User.objects.get(email=f"k{n}@people.example") for n in range(1, 7)]
    for one, change in zip(people, (
        {"phone": "010-1234-0001"}, {"phone": "010-1234-0001"}, {"email": "kim.ab@gmail.com"},
        {"email": "kimab+2@googlemail.com"}, {"full_name": "이 름"}, {"full_name": "이름"},
    ), strict=True):  # fmt: skip
        for name, value in change.items():
            setattr(one, name, value)
        one.save()
    pairs = duplicates_in(stage.cohort)
    assert [(p.first.number, p.second.number, p.reasons) for p in pairs] == [
        ("K1", "K2", ("phone",)), ("K3", "K4", ("email",)), ("K5", "K6", ("name_birth",)),
    ]  # fmt: skip
    pair = {"first": pairs[0].first.uuid, "second": pairs[0].second.uuid}
    client = client_of(stage.officer)
    client.post(at(stage, "duplicate_decide", **pair), {"verdict": "same", "note": "전화함"})
    assert DuplicateDecision.objects.get().verdict == "same"
    assert Application.objects.filter(state=ApplicationState.SUBMITTED).count() == 6
    assert duplicates_in(stage.cohort)[-1].decision is not None
    assert "전화함" in client.get(at(stage, "duplicate_list")).content.decode()


def test_a_mailbox() -> None:
    assert mailbox("A.b+x@Gmail.com") == "ab@gmail.com"
    assert mailbox("a.b@hanbit.example") == "a.b@hanbit.example"


def test_a_hostile_file_is_refused_and_the_draft_stays(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    bad = SimpleUploadedFile("run.pdf", b"MZ\x90\x00")
    page = client_of(kim).post(at(stage, "apply"), filled(q_proof=bad))
    assert page.status_code == 422
    assert not Answer.objects.exists()


def test_a_file_stands_when_the_page_is_saved_again(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    paper = SimpleUploadedFile("proof.txt", b"yes")
    client_of(kim).post(at(stage, "apply"), filled(action="save", q_proof=paper))
    client_of(kim).post(at(stage, "apply_save"), filled())
    answer = client_of(kim).post(at(stage, "apply"), filled())
    assert answer.status_code == 302
    made = Application.objects.get(person=kim)
    assert made.state == ApplicationState.SUBMITTED
    assert answers_to(made)["proof"] == "proof.txt"
    assert made.answers.get(question__key="proof").file.read() == b"yes"


def test_what_is_handed_in_is_no_draft_any_more(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    client_of(kim).post(at(stage, "apply"), filled())
    page = client_of(kim).post(at(stage, "apply"), filled(action="save", q_why="nothing"))
    assert page.status_code == 422
    assert answers_to(Application.objects.get(person=kim))["why"] == "배우려고"
    assert 'value="save"' not in client_of(kim).get(at(stage, "apply")).content.decode()


def test_a_consent_counts_for_the_text_that_was_read(stage: Stage) -> None:
    """A new version with another text asks anew; one with the same text does not."""
    built(stage)
    kim = person("kim")
    client_of(kim).post(at(stage, "apply"), filled(action="save"))
    for change, stands in ({}, True), ({"help_ko": "사진을 팔기도 합니다."}, False):
        services.write_question(
            cohort=stage.cohort, plan=services.QuestionPlan(**PLANS[-1] | change),
            by=stage.officer, at=DURING, replaces="photo",
        )  # fmt: skip
        services.publish_form(cohort=stage.cohort, by=stage.officer, at=DURING)
        made = Application.objects.get(person=kim)
        assert answers_to(made).get("photo", False) is stands
        client_of(kim).post(at(stage, "apply_save"), filled(q_photo="on" if stands else ""))
        given = Answer.objects.get(application=made, question__key="photo")
        assert given.value in ((True,) if stands else (False, ""))


def test_an_answer_to_another_kind_of_question_is_none(stage: Stage) -> None:
    built(stage)
    kim = person("kim")
    paper = SimpleUploadedFile("proof.txt", b"yes")
    client_of(kim).post(at(stage, "apply"), filled(action="save", q_proof=paper))
    plan = services.QuestionPlan(key="proof", kind="short", label_ko="증빙 번호", required=True)
    services.write_question(
        cohort=stage.cohort, plan=plan, by=stage.officer, at=DURING, replaces="proof"
    )
    services.publish_form(cohort=stage.cohort, by=stage.officer, at=DURING)
    page = client_of(kim).post(at(stage, "apply"), filled(q_proof=""))
    assert page.status_code == 422
    assert "증빙 번호" in page.content.decode()


def test_everyone_of_a_crowd_meets_everyone_and_the_undecided_come_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(stage, [(f"K{n}", "24", ("a",)) for n in range(1, 4)])
    for n in range(1, 4):
        one = User.objects.get(email=f"k{n}@people.example")
        one.phone = "010-1234-0001"
        one.save()
    assert len(duplicates_in(stage.cohort)) == 3
    first = duplicates_in(stage.cohort)[0]
    services.decide_duplicate(
        first=first.first, second=first.second, verdict="same", note="",
        reasons=list(first.reasons), by=stage.officer, at=DURING,
    )  # fmt: skip
    monkeypatch.setattr("bitgoeul.apps.programmes.queries.duplicates.PAIRS_AT_MOST", 2)
    assert all(pair.decision is None for pair in duplicates_in(stage.cohort))
