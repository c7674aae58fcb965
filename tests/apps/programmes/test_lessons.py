"""Lessons open on their day, announcements reach whom they are for, questions get answers."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import ClassGroup, ClassQuestion, Enrolment, Lesson, Module
from bitgoeul.apps.programmes.queries.lessons import shown
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.notices.models import Notice
from tests.apps.programmes.making import Stage
from tests.apps.programmes.test_pages import client_of
from tests.apps.programmes.test_timetable import FACTS, course  # noqa: F401 -- a fixture

NOW = dt.datetime(2025, 3, 4, 9, 0, tzinfo=clock.SEOUL)


@pytest.fixture
def cohort(course: Stage) -> Stage:  # noqa: F811 -- the fixture of the timetable
    return course


def _someone(stage: Stage, track: str = "a") -> Enrolment:
    rows = Enrolment.objects.filter(cohort=stage.cohort, track__key=track)
    return rows.select_related("person", "class_group")[0]


def _at(stage: Stage, name: str) -> str:
    return reverse(f"programmes:{name}", kwargs={"uuid": stage.cohort.uuid})


def _lesson(day: int, **more: object) -> Lesson:
    module = Module.objects.get(key="python")
    values = {"order": day, "title_ko": f"{day}일 강의", "released_on": dt.date(2025, 3, day)}
    return services.save_lesson(module=module, values=values | more, **FACTS)


def test_a_lesson_opens_on_its_day(cohort: Stage) -> None:
    _lesson(4)
    later = _lesson(5)
    trainee, staff = client_of(_someone(cohort).person), client_of(cohort.instructor)
    detail = reverse("programmes:lesson_detail", kwargs={"uuid": later.uuid})
    with clock.freeze(NOW):
        page = trainee.get(_at(cohort, "lesson_list")).content.decode()
        assert "4일 강의" in page
        assert "5일 강의" not in page
        assert trainee.get(detail).status_code == 404
        assert "Not open yet" in staff.get(detail).content.decode()
        assert client_of(cohort.company_officer).get(detail).status_code == 404
    with clock.freeze(NOW + dt.timedelta(days=1)):
        assert trainee.get(detail).status_code == 200


def test_a_lesson_of_another_track_is_not_for_everyone(cohort: Stage) -> None:
    made = _lesson(4)
    Module.objects.filter(key="python").update(track=cohort.tracks[1])
    detail = reverse("programmes:lesson_detail", kwargs={"uuid": made.uuid})
    with clock.freeze(NOW):
        assert client_of(_someone(cohort, "a").person).get(detail).status_code == 404
        assert client_of(_someone(cohort, "b").person).get(detail).status_code == 200


def test_what_is_written_is_text_and_links_never_markup() -> None:
    out = shown("<script>alert(1)</script>\n\nhttps://example.org/a?b=1&c=2 javascript:alert(1)")
    assert "<script" not in out
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow">' in out
    assert 'href="javascript' not in out


def test_a_lesson_is_markdown_and_looked_at_before_it_is_saved(cohort: Stage) -> None:
    made = _lesson(4, text="## Loops\n\n<script>alert(1)</script>\n\n- one")
    detail = reverse("programmes:lesson_detail", kwargs={"uuid": made.uuid})
    edit = reverse("programmes:lesson_edit", kwargs={"uuid": made.uuid})
    staff = client_of(cohort.instructor)
    with clock.freeze(NOW):
        page = staff.get(detail).content.decode()
        assert "<h3>Loops</h3>" in page
        assert "<script>alert" not in page
        given = {"order": 4, "title_ko": "가", "text": "**new**", "released_on": "2025-03-04"}
        shown_page = staff.post(edit, given | {"preview": "1"}).content.decode()
        assert "<strong>new</strong>" in shown_page
        assert "not saved yet" in shown_page
        made.refresh_from_db()
        assert made.title_ko == "4일 강의"
        assert staff.post(edit, given).status_code == 302
    made.refresh_from_db()
    assert made.text == "**new**"


def test_files_come_through_the_gate_and_leave_as_downloads(cohort: Stage) -> None:
    module = Module.objects.get(key="python")
    address = reverse("programmes:lesson_create", kwargs={"uuid": module.uuid})
    client = client_of(cohort.instructor)
    data = {"order": "1", "title_ko": "시작", "released_on": "2025-03-04", "text": "본문"}
    bad = SimpleUploadedFile("run.exe", b"MZ" + b"\0" * 100)
    assert client.post(address, data | {"file": bad}).status_code == 422
    assert client.post(address, data | {"video": "http://example.org"}).status_code == 422
    good = SimpleUploadedFile("자료.txt", "첫 자료".encode())
    assert client.post(address, data | {"file": good}).status_code == 302
    file = Lesson.objects.get().files.get()
    with clock.freeze(NOW):
        answer = client_of(_someone(cohort).person).get(
            reverse("programmes:lesson_file", kwargs={"uuid": file.uuid})
        )
    assert b"".join(answer.streaming_content).decode() == "첫 자료"  # type: ignore[attr-defined]  # a stream
    assert answer["Content-Type"] == "application/octet-stream"


def test_an_announcement_reaches_whom_it_is_for(cohort: Stage) -> None:
    group = ClassGroup.objects.get(track__key="a")
    facts = {"cohort": cohort.cohort, "by": cohort.instructor, "at": NOW}
    services.announce(title="모두에게", text="안내", **facts)  # type: ignore[arg-type]  # of the test
    services.announce(title="a반에만", text="안내", class_group=group, **facts)  # type: ignore[arg-type]  # of the test
    here, there = _someone(cohort, "a"), _someone(cohort, "b")
    seen = client_of(here.person).get(_at(cohort, "announcement_list")).content.decode()
    hidden = client_of(there.person).get(_at(cohort, "announcement_list")).content.decode()
    assert "모두에게" in seen
    assert "a반에만" in seen
    assert "모두에게" in hidden
    assert "a반에만" not in hidden
    assert Notice.objects.filter(message="teaching.announced", person=there.person).count() == 1
    with pytest.raises(Refused):
        services.announce(title="x", text="x", **facts | {"by": here.person})  # type: ignore[arg-type]  # of the test


def test_a_question_goes_to_the_instructor_and_its_answer_back(cohort: Stage) -> None:
    one, other = _someone(cohort, "a"), _someone(cohort, "b")
    client = client_of(one.person)
    client.post(
        _at(cohort, "question_ask"), {"title": "왜?", "text": "왜 그런가요", "shared": "on"}
    )
    asked = ClassQuestion.objects.get()
    told = Notice.objects.filter(message="teaching.asked").values_list(
        "person__full_name", flat=True
    )
    assert list(told) == [cohort.instructor.full_name]
    address = reverse("programmes:question_detail", kwargs={"uuid": asked.uuid})
    assert client_of(other.person).get(address).status_code == 404
    client_of(cohort.instructor).post(address, {"text": "이래서요"})
    asked.refresh_from_db()
    assert asked.answered_at is not None
    assert "이래서요" in client.get(address).content.decode()
    assert Notice.objects.filter(message="teaching.answered", person=one.person).count() == 1
    client.post(address, {"text": "그럼 이건요?"})  # asked back: it waits again
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_question_for_instructors_only_is_hidden_from_the_class(cohort: Stage) -> None:
    rows = Enrolment.objects.filter(class_group__track__key="a").select_related("person")
    if len(rows) < 2:
        Enrolment.objects.update(class_group=rows[0].class_group)
    one, neighbour = Enrolment.objects.select_related("person")[:2]
    facts = {"cohort": cohort.cohort, "person": one.person, "at": NOW, "text": "x"}
    services.ask_question(title="비밀", shared=False, **facts)  # type: ignore[arg-type]  # of the test
    services.ask_question(title="함께", **facts)  # type: ignore[arg-type]  # of the test
    page = client_of(neighbour.person).get(_at(cohort, "question_list")).content.decode()
    assert "함께" in page
    assert "비밀" not in page
    with pytest.raises(Refused):
        services.ask_question(title="x", **facts | {"person": cohort.instructor})  # type: ignore[arg-type]  # of the test
