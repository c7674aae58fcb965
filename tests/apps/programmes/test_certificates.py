"""Completion certificates follow the verdicts: issued, kept, replaced, revoked."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.credentials import services as credentials
from bitgoeul.apps.credentials.enums import RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Credential
from bitgoeul.apps.credentials.queries import verify_code
from bitgoeul.apps.programmes import services, tasks
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import CompletionVerdict, Enrolment, RuleValues
from bitgoeul.apps.programmes.queries import certificates as wording
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.credentials.given import make_skill
from tests.apps.programmes.making import IN_CLASS, STARTS, Stage, make_stage, started
from tests.apps.programmes.test_pages import client_of

PASS = RuleValues(exam_pass_mark=Decimal(60))
LATER = IN_CLASS + dt.timedelta(days=2)
NOTHING = {"issued": 0, "revoked": 0, "replaced": 0, "kept": 0, "withheld": 0}


@pytest.fixture
def running(db: None) -> Stage:
    """Two people with a day of eight hours behind them, one with a passing mark."""
    stage = make_stage(hours=8, values=PASS)
    started(stage, {"K1": "90", "K2": "80"})
    skill = make_skill()
    plan = services.ModulePlan(
        key="ml", title_ko="머신러닝", title_en="Machine learning", hours=8, order=1,
        skills=(skill.key,),
    )  # fmt: skip
    services.save_modules(cohort=stage.cohort, plans=[plan], by=stage.officer, at=IN_CLASS)
    attend(stage, "11111111")
    for row, mark in zip(people(), ("71", "40"), strict=True):
        services.record_exam_score(
            enrolment=row, score=Decimal(mark), by=stage.officer, at=IN_CLASS
        )
    return stage


def people() -> list[Enrolment]:
    return list(Enrolment.objects.select_related("person", "cohort").order_by("pk"))


def attend(stage: Stage, marks: str, *rows: Enrolment, reason: str = "") -> None:
    entries = [
        services.DayEntry(enrolment=row, held_on=STARTS, hours=marks) for row in rows or people()
    ]
    services.record_attendance(
        cohort=stage.cohort, entries=entries, by=stage.officer, at=IN_CLASS, reason=reason
    )


def decide(stage: Stage, at: dt.datetime = IN_CLASS) -> None:
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=at)


def settle(stage: Stage, at: dt.datetime = IN_CLASS, **more: Any) -> dict[str, int]:
    facts = {"cohort": stage.cohort, "by": stage.officer, "at": at, **more}
    return services.settle_certificates(**facts).as_json()


def states() -> list[tuple[str, str]]:
    rows = Credential.objects.order_by("pk")
    return [(row.state, row.revocation_reason) for row in rows]


def test_whoever_completed_is_given_one_and_only_one(running: Stage) -> None:
    decide(running)
    assert settle(running) == NOTHING | {"issued": 1}
    assert settle(running) == NOTHING | {"kept": 1}
    made = Credential.objects.get()
    assert made.person == people()[0].person
    assert made.facts["narrative_en"] == "8 of 8 hours = 100.0 % ≥ 80 %; Final test 71.00 ≥ 60"
    assert made.facts["narrative_ko"].startswith("8시간")
    assert "한빛 아카데미" in made.facts["title_ko"]
    assert "version 1" in made.facts["criteria_en"]
    assert "60" in made.facts["criteria_ko"]
    assert [one["ko"] for one in made.facts["skills"]] == ["머신러닝"]
    assert verify_code(made.code).ok
    entry = Entry.objects.get(event="cohort.certificates_settled")
    assert entry.details["issued"] == 1
    assert "지원" not in str(entry.details)


def test_the_job_after_the_decision_issues_them(running: Stage) -> None:
    facts = {"cohort": str(running.cohort.uuid), "officer": str(running.officer.uuid)}
    with clock.freeze(IN_CLASS):
        jobs.enqueue(tasks.decide_completions, by=running.officer, **facts)
        jobs.run_pending(at=IN_CLASS)
        jobs.run_pending(at=IN_CLASS)
    assert states() == [("valid", "")]


def test_a_correction_replaces_or_revokes(running: Stage) -> None:
    decide(running)
    settle(running)
    one = people()[0]
    services.record_exam_score(enrolment=one, score=Decimal(75), by=running.officer, at=LATER)
    decide(running, LATER)
    assert settle(running, LATER) == NOTHING | {"replaced": 1}
    assert states() == [("revoked", "corrected"), ("valid", "")]
    services.record_exam_score(enrolment=one, score=Decimal(20), by=running.officer, at=LATER)
    services.decide_completion_again(enrolment=one, by=running.officer, at=LATER)
    assert states() == [("revoked", "corrected"), ("revoked", "evidence")]
    assert Credential.objects.last().revocation_note or Credential.objects.first().revocation_note


def test_an_accepted_objection_is_decided_again_after_the_end(running: Stage) -> None:
    decide(running)
    settle(running)
    services.end_cohort(cohort=running.cohort, by=running.officer, at=IN_CLASS)
    one, other = people()
    with pytest.raises(Refused) as closed:
        services.decide_completion_again(enrolment=other, by=running.officer, at=LATER)
    assert closed.value.code == "wrong_state"
    appeal = services.make_appeal(enrolment=other, words="채점 오류", by=other.person, at=LATER)
    with pytest.raises(Refused):
        attend(running, "01111111", other, reason="출석부")
    services.record_exam_score(enrolment=other, score=Decimal(62), by=running.officer, at=LATER)
    services.answer_appeal(
        appeal=appeal, accept=True, answer="다시 채점", by=running.officer, at=LATER
    )
    assert states() == [("valid", ""), ("valid", "")]
    other.refresh_from_db()
    assert other.state == "completed"
    # Now days of this person, and of nobody else, are corrected with a reason.
    attend(running, "01111111", other, reason="출석부")
    with pytest.raises(Refused):
        attend(running, "01111111", one, reason="출석부")
    again = services.decide_completion_again(enrolment=other, by=running.officer, at=LATER)
    assert again is not None
    assert services.decide_completion_again(enrolment=other, by=running.officer, at=LATER) is None
    assert CompletionVerdict.objects.filter(enrolment=other).count() == 3


def test_a_rejected_objection_changes_nothing(running: Stage) -> None:
    decide(running)
    other = people()[1]
    appeal = services.make_appeal(enrolment=other, words="채점", by=other.person, at=LATER)
    services.answer_appeal(appeal=appeal, accept=False, answer="x", by=running.officer, at=LATER)
    assert (states(), CompletionVerdict.objects.count()) == ([], 2)


def test_the_city_may_let_certificates_be_issued_and_others_may_not(running: Stage) -> None:
    decide(running)
    for user in (running.instructor, running.company_officer, people()[0].person):
        with pytest.raises(Refused):
            settle(running, by=user)
    assert settle(running, by=running.city_officer)["issued"] == 1
    assert Achievement.objects.get().issuer == running.university


def test_tracks_that_are_taught_different_things_have_their_own(running: Stage) -> None:
    plan = services.ModulePlan(
        key="own", title_ko="심화", hours=2, order=2, track=running.tracks[0]
    )
    services.save_modules(cohort=running.cohort, plans=[plan], by=running.officer, at=IN_CLASS)
    services.record_exam_score(
        enrolment=people()[1], score=Decimal(90), by=running.officer, at=IN_CLASS
    )
    decide(running)
    settle(running)
    tracks = {row.track_id for row in people()}
    assert Achievement.objects.count() == len(tracks)


def test_a_required_project_must_be_passed(running: Stage) -> None:
    values = {
        "kind": "company", "title_ko": "과제", "brief": "b", "required": True, "pass_mark": 60,
    }  # fmt: skip
    due = [("끝", IN_CLASS + dt.timedelta(days=9))]
    services.give_project(
        cohort=running.cohort, values=values, milestones=due, by=running.instructor, at=IN_CLASS
    )
    decide(running)
    trace = people()[0].verdicts.get().trace
    assert {"rule": "projects", "met": False}.items() <= next(
        line for line in trace if line["rule"] == "projects"
    ).items()
    assert settle(running)["issued"] == 0


def test_the_page_offers_it_and_shows_who_has_one(running: Stage) -> None:
    decide(running)
    officer = client_of(running.officer)
    where = {"uuid": running.cohort.uuid}
    officer.post(reverse("programmes:completion_certificates", kwargs=where))
    with clock.freeze(IN_CLASS):
        jobs.run_pending(at=IN_CLASS)
    page = officer.get(reverse("programmes:completion", kwargs=where)).content.decode()
    made = Credential.objects.get()
    assert reverse("credentials:credential_detail", kwargs={"uuid": made.uuid}) in page
    running.cohort.refresh_from_db()
    assert running.cohort.state == CohortState.RUNNING


@pytest.mark.parametrize("reason", RevocationReason.values)
def test_which_reasons_only_a_person_gives(reason: str) -> None:
    held = Credential(state="revoked", revocation_reason=reason)
    assert wording.is_withheld(held) == (reason in {"misconduct", "mistake", "other"})
    assert not wording.is_withheld(Credential(state="valid"))


def test_one_revoked_by_hand_is_issued_again_only_on_request(running: Stage) -> None:
    reason = RevocationReason.MISCONDUCT
    decide(running)
    settle(running)
    one = people()[0]
    credentials.revoke_credential(
        credential=Credential.objects.get(), reason=reason, by=running.officer, at=LATER
    )
    assert settle(running, LATER) == NOTHING | {"withheld": 1}
    services.record_exam_score(enrolment=one, score=Decimal(75), by=running.officer, at=LATER)
    services.decide_completion_again(enrolment=one, by=running.officer, at=LATER)
    assert states() == [("revoked", reason)]
    page = reverse("programmes:enrolment_transcript", kwargs={"uuid": one.uuid})
    ask = reverse("programmes:enrolment_certificate", kwargs={"uuid": one.uuid})
    officer = client_of(running.officer)
    assert 'name="again"' in officer.get(page).content.decode()
    for without in ({}, {"again": "on"}, {"again": "on", "reason": "x" * 301}):
        officer.post(ask, without)
        assert Credential.objects.count() == 1
    officer.post(ask, {"again": "on", "reason": "조사 결과 사실이 아님"})
    assert states() == [("revoked", reason), ("valid", "")]
    told = Entry.objects.filter(event="cohort.certificates_settled").order_by("pk").last()
    assert told is not None
    assert told.reason == "조사 결과 사실이 아님"
    assert 'name="again"' not in officer.get(page).content.decode()
    assert settle(running, LATER) == NOTHING | {"kept": 1}


def test_other_words_for_the_same_figures_replace_nothing(
    running: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(running)
    settle(running)
    say = wording.phrased
    monkeypatch.setattr(wording, "phrased", lambda lines: say(lines)[:1])
    assert settle(running, LATER) == NOTHING | {"kept": 1}
    services.record_exam_score(
        enrolment=people()[0], score=Decimal(72), by=running.officer, at=LATER
    )
    decide(running, LATER)
    assert settle(running, LATER) == NOTHING | {"replaced": 1}


def test_deciding_again_locks_the_cohort_before_the_person(running: Stage) -> None:
    decide(running)
    one = people()[0]
    # SQLite has no row locks; what would be locked shows in the order of the statements.
    with CaptureQueriesContext(connection) as captured:
        services.decide_completion_again(enrolment=one, by=running.officer, at=LATER)
    read = [row["sql"].partition(" FROM ")[2].split(" ", 1)[0] for row in captured.captured_queries]
    of_both = [name for name in read if name in {'"programmes_cohort"', '"programmes_enrolment"'}]
    assert of_both[:2] == ['"programmes_cohort"', '"programmes_enrolment"']
