"""Objections to a verdict, and counselling with restricted access."""

import datetime as dt

import pytest
from django.urls import reverse

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import AppealState
from bitgoeul.apps.programmes.models import Appeal, CounselNote, Enrolment
from bitgoeul.apps.programmes.queries.care import recovery_of
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Reading
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, member, started
from tests.apps.programmes.test_pages import client_of

WEEK = dt.timedelta(days=7)


@pytest.fixture
def running(db: None) -> Stage:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80"})
    return stage


def page(name: str, enrolment: Enrolment) -> str:
    return reverse(f"programmes:{name}", kwargs={"uuid": enrolment.uuid})


def test_one_objects_within_the_days_and_gets_an_answer(running: Stage) -> None:
    own = Enrolment.objects.order_by("pk")[0]
    with pytest.raises(Refused) as early:
        services.make_appeal(enrolment=own, words="출석", by=own.person, at=IN_CLASS)
    assert early.value.code == "wrong_state"
    services.decide_completions(cohort=running.cohort, by=running.officer, at=IN_CLASS)
    with pytest.raises(Refused) as late:
        services.make_appeal(
            enrolment=own, words="출석", by=own.person, at=IN_CLASS + WEEK + dt.timedelta(days=1)
        )
    assert late.value.code == "too_late"
    with clock.freeze(IN_CLASS + WEEK):
        mine, officer = client_of(own.person), client_of(running.officer)
        mine.post(page("enrolment_appeal", own), {"words": "6월 2일에는 있었습니다"})
        again = mine.get(page("enrolment_appeal", own)).content.decode()
        assert "Waits for an answer" in again
        assert "Hand in the objection" not in again
        listed = reverse("programmes:appeal_list", kwargs={"uuid": running.cohort.uuid})
        assert "6월 2일에는" in officer.get(listed).content.decode()
        appeal = Appeal.objects.get()
        answer = reverse("programmes:appeal_answer", kwargs={"uuid": appeal.uuid})
        officer.post(answer, {"accept": "yes", "answer": "출석부 확인"})
        assert "출석부 확인" in mine.get(page("enrolment_appeal", own)).content.decode()
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answered_by) == (AppealState.ACCEPTED, running.officer)
    with pytest.raises(Refused):
        services.answer_appeal(
            appeal=appeal, accept=False, answer="x", by=running.officer, at=IN_CLASS + WEEK
        )
    assert Entry.objects.filter(event="appeal.answered").count() == 1


def test_a_note_is_read_by_its_writer_and_by_officers_only(running: Stage) -> None:
    own = Enrolment.objects.order_by("pk")[0]
    other = member("other-instructor", running.university, Role.INSTRUCTOR)
    with clock.freeze(IN_CLASS):
        writer = client_of(running.instructor)
        writer.post(page("counsel_list", own), {"action": "talk", "words": "집안 사정"})
        note = CounselNote.objects.get()
        assert "집안 사정" in writer.get(page("counsel_list", own)).content.decode()
        assert (
            "집안 사정"
            in client_of(running.officer).get(page("counsel_list", own)).content.decode()
        )
        assert "집안 사정" not in client_of(other).get(page("counsel_list", own)).content.decode()
        assert client_of(own.person).get(page("counsel_list", own)).status_code == 404
        settle = reverse("programmes:counsel_settle", kwargs={"uuid": note.uuid})
        assert client_of(other).post(settle, {"outcome": "left"}).status_code == 404
        writer.post(settle, {"outcome": "recovered"})
    note.refresh_from_db()
    assert note.outcome == "recovered"
    assert Reading.objects.filter(what="programmes.counsel_list").count() >= 3
    assert recovery_of(running.cohort) == {"people": 1, "recovered": 1, "known": 1}
    assert "집안" not in str(list(Entry.objects.values_list("details", flat=True)))
