"""From a draft to a decided completion through the services, and what they refuse."""

import datetime as dt
from decimal import Decimal

import pytest

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import Consent, ConsentText, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    EnrolmentState,
)
from bitgoeul.apps.programmes.models import (
    PRESETS,
    Application,
    Attendance,
    CompletionVerdict,
    Enrolment,
)
from bitgoeul.apps.programmes.queries.replaying import replay, replays
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.engines.evidence import digest
from tests.apps.programmes.making import (
    AFTER,
    CLOSES,
    DURING,
    ENDS,
    IN_CLASS,
    OPENS,
    STARTS,
    Stage,
    add_cohort,
    make_stage,
    person,
    started,
)

ANSWERS = services.Answers(
    residence="24", school_region="24", major="computing", work_status="seeking", motivation="배움"
)
KNOWN = services.Identity(birth_on=dt.date(1999, 5, 5), sex="female", phone="010-0000-0001")


def needed() -> list[ConsentText]:
    return list(ConsentText.objects.filter(required=True))


def submit(stage: Stage, who: User, **changes: object) -> Application:
    given: dict[str, object] = {
        "answers": ANSWERS,
        "choices": stage.tracks,
        "consents": needed(),
        "identity": KNOWN,
        "at": DURING,
    }
    return services.submit_application(
        cohort=stage.cohort,
        person=who,
        by=who,
        **(given | changes),  # type: ignore[arg-type]  # test values by name
    )


def test_a_draft_needs_nothing_and_a_submission_everything(stage: Stage) -> None:
    who = person("gaon")
    draft = services.save_application_draft(
        cohort=stage.cohort, person=who, answers=services.Answers(), choices=[], by=who, at=DURING
    )
    assert (draft.state, draft.number) == (ApplicationState.DRAFT, "1-0001")
    for changes in (
        {"answers": services.Answers(residence="24")},
        {"choices": []},
        {"consents": []},
    ):
        with pytest.raises(Refused) as refusal:
            submit(stage, who, **changes)
        assert refusal.value.code == "incomplete"
    application = submit(stage, who)
    assert application.pk == draft.pk
    assert application.state == ApplicationState.SUBMITTED
    assert [choice.track.key for choice in application.choices.all()] == ["a", "b"]
    purposes = set(Consent.objects.filter(person=who).values_list("text__purpose", flat=True))
    assert purposes == {Purpose.SELECTION, Purpose.TRAINING}
    who.refresh_from_db()
    assert who.birth_on == dt.date(1999, 5, 5)


def test_an_application_is_edited_until_the_deadline_and_not_after(stage: Stage) -> None:
    who = person("gaon")
    submit(stage, who)
    again = submit(stage, who, choices=[stage.tracks[1]], at=CLOSES)
    assert [choice.track.key for choice in again.choices.all()] == ["b"]
    for late in (OPENS - dt.timedelta(minutes=1), CLOSES + dt.timedelta(minutes=1)):
        with pytest.raises(Refused) as refusal:
            submit(stage, who, at=late)
        assert refusal.value.code == "closed"


def test_withdrawing_and_coming_back(stage: Stage) -> None:
    who = person("gaon")
    application = submit(stage, who)
    application = services.withdraw_application(application=application, by=who, at=DURING)
    assert application.state == ApplicationState.WITHDRAWN
    assert submit(stage, who).state == ApplicationState.SUBMITTED


def test_nobody_writes_anothers_application(stage: Stage) -> None:
    who, other = person("gaon"), person("narae")
    application = submit(stage, who)
    for stranger in (other, stage.officer, stage.administrator):
        with pytest.raises(Refused):
            services.withdraw_application(application=application, by=stranger, at=DURING)
        with pytest.raises(Refused):
            services.submit_application(
                cohort=stage.cohort, person=who, answers=ANSWERS, choices=stage.tracks,
                consents=needed(), by=stranger, at=DURING,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("birth_on", "allowed"),
    [
        (dt.date(2007, 1, 31), True),
        (dt.date(2007, 2, 1), False),
        (dt.date(1985, 2, 1), True),
        (dt.date(1985, 1, 31), False),
    ],
)
def test_age_counts_on_the_last_day_of_applications(
    db: None, birth_on: dt.date, allowed: bool
) -> None:
    """The academy takes ages 18 to 39; the call closes on 2025-01-31."""
    stage = make_stage(values=PRESETS["gwangju-academy"])
    who = person("gaon")
    identity = services.Identity(birth_on=birth_on)
    if allowed:
        assert submit(stage, who, identity=identity).state == ApplicationState.SUBMITTED
        return
    with pytest.raises(Refused) as refusal:
        submit(stage, who, identity=identity)
    assert refusal.value.code == "not_eligible"


def test_an_officer_declares_not_eligible_and_readmits_with_a_reason(stage: Stage) -> None:
    application = submit(stage, person("gaon"))
    with pytest.raises(Refused):
        services.judge_eligibility(
            application=application, eligible=False, reason=" ", by=stage.officer, at=AFTER
        )
    application = services.judge_eligibility(
        application=application, eligible=False, reason="서류 없음", by=stage.officer, at=AFTER
    )
    assert application.state == ApplicationState.INELIGIBLE
    application = services.judge_eligibility(
        application=application, eligible=True, reason="제출함", by=stage.officer, at=AFTER
    )
    assert application.state == ApplicationState.SUBMITTED


def test_a_cohort_needs_approved_rules_and_weights_of_a_hundred(stage: Stage) -> None:
    draft = services.propose_rule_set(
        programme=stage.programme, values={"age_to": 40}, valid_from=STARTS, by=stage.officer,
        at=OPENS,
    )  # fmt: skip
    plan = {
        "programme": stage.programme,
        "number": 9,
        "applications_open_at": OPENS,
        "applications_close_at": CLOSES,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "hours": 100,
        "tracks": [services.TrackPlan(key="t", name_ko="반", field="modelling", seats=1)],
        "by": stage.officer,
        "at": OPENS,
    }
    with pytest.raises(Refused, match=r"승인|approved"):
        services.create_cohort(rule_set=draft, **plan)  # type: ignore[arg-type]  # by name
    with pytest.raises(Refused):
        services.approve_rule_set(rule_set=draft, by=stage.officer, at=OPENS)
    approved = services.approve_rule_set(rule_set=draft, by=stage.city_officer, at=OPENS)
    with pytest.raises(Refused):
        services.approve_rule_set(rule_set=approved, by=stage.city_officer, at=OPENS)
    light = [services.StagePlan(key="x", name_ko="시험", weight=70)]
    with pytest.raises(Refused, match="100"):
        services.create_cohort(rule_set=approved, stages=light, **plan)  # type: ignore[arg-type]  # by name
    made = services.create_cohort(rule_set=approved, **plan)  # type: ignore[arg-type]  # by name
    assert [stage.weight for stage in made.stages.all()] == [10, 20, 70]
    assert len(made.lottery_seed) == 64
    assert made.lottery_seed_hash == ""


def test_rules_with_nonsense_are_refused(stage: Stage) -> None:
    with pytest.raises(Refused, match="age_to"):
        services.propose_rule_set(
            programme=stage.programme, values={"age_from": 9, "age_to": 3}, valid_from=STARTS,
            by=stage.officer, at=OPENS,
        )  # fmt: skip


def test_opening_commits_to_the_lottery_in_the_journal(stage: Stage) -> None:
    entry = Entry.objects.get(event="cohort.applications_opened")
    assert entry.details["lottery_seed_hash"] == services.commitment_of(stage.cohort.lottery_seed)
    assert stage.cohort.lottery_seed not in str(entry.details)


def test_enrolment_follows_the_published_selection(stage: Stage) -> None:
    started(stage, {"K1": "90", "K2": "80", "K3": "70", "K4": "60"})
    assert stage.cohort.state == CohortState.RUNNING
    rows = Enrolment.objects.select_related("application", "track")
    assert {row.application.number for row in rows if row.application} == {"K1", "K2", "K3"}
    assert {row.enrolled_on for row in rows} == {STARTS}
    with pytest.raises(Refused):
        services.enrol_selected(cohort=stage.cohort, by=stage.officer, at=AFTER)


def _attend(stage: Stage, days: int, *, away: int = 0) -> None:
    day, held = STARTS, 0
    entries = []
    while held < days:
        if day.weekday() < 5:
            entries += [
                services.DayEntry(
                    enrolment=row, held_on=day, hours="0" * 8 if held < away else "1" * 8
                )
                for row in Enrolment.objects.filter(cohort=stage.cohort)
            ]
            held += 1
        day += dt.timedelta(days=1)
    services.record_attendance(
        cohort=stage.cohort, entries=entries, by=stage.instructor, at=IN_CLASS
    )


def test_completion_is_stored_with_inputs_digest_and_can_be_replayed(db: None) -> None:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80"})
    _attend(stage, 10, away=1)
    verdicts = services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    assert [verdict.completed for verdict in verdicts] == [True, True]
    stored = CompletionVerdict.objects.select_related("rule_set")[0]
    assert stored.inputs_digest == digest(stored.inputs)
    assert [found.same for found in replays(stage.cohort)] == [True, True]
    stored.trace = [{**line, "facts": {**line["facts"], "attended": 1}} for line in stored.trace]
    stored.completed = False
    stored.inputs["planned_hours"] = 80_000
    found = {each.what for each in replay(stored).differences}
    assert found >= {"inputs", "attendance"}
    stored.completed = True
    assert "completed" in {each.what for each in replay(stored).differences}
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.COMPLETED}


def test_a_correction_changes_the_verdict_and_keeps_the_old_one(db: None) -> None:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90"})
    _attend(stage, 10, away=3)
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    enrolment = Enrolment.objects.get()
    assert enrolment.state == EnrolmentState.NOT_COMPLETED
    first = Attendance.objects.order_by("held_on")[0]
    services.record_attendance(
        cohort=stage.cohort,
        entries=[services.DayEntry(enrolment=enrolment, held_on=first.held_on, hours="1" * 8)],
        by=stage.instructor,
        at=IN_CLASS,
        reason="출석부 확인",
    )
    entry = Entry.objects.filter(event="attendance.recorded").latest("id")
    assert entry.reason == "출석부 확인"
    assert entry.before_digest != entry.after_digest != ""
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED
    assert CompletionVerdict.objects.count() == 2


def test_who_left_early_is_not_decided(db: None) -> None:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80"})
    leaver = Enrolment.objects.get(application__number="K2")
    services.end_enrolment(
        enrolment=leaver, state="employed_early", on=IN_CLASS.date(), reason="취업",
        by=stage.officer, at=IN_CLASS,
    )  # fmt: skip
    _attend_only = [
        services.DayEntry(enrolment=leaver, held_on=IN_CLASS.date() + dt.timedelta(1), hours="1")
    ]
    with pytest.raises(Refused):
        services.record_attendance(
            cohort=stage.cohort, entries=_attend_only, by=stage.instructor, at=IN_CLASS
        )
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    leaver.refresh_from_db()
    assert leaver.state == EnrolmentState.EMPLOYED_EARLY


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        ("completed", "x", "incomplete"),
        ("removed", " ", "incomplete"),
        ("nonsense", "x", "incomplete"),
    ],
)
def test_an_early_end_needs_a_way_and_a_reason(
    stage: Stage, state: str, reason: str, code: str
) -> None:
    started(stage, {"K1": "90"})
    with pytest.raises(Refused) as refusal:
        services.end_enrolment(
            enrolment=Enrolment.objects.get(), state=state, on=IN_CLASS.date(), reason=reason,
            by=stage.officer, at=IN_CLASS,
        )  # fmt: skip
    assert refusal.value.code == code


@pytest.mark.parametrize("hours", ["", "12", "1" * 25, "1x"])
def test_marks_that_cannot_be_read_are_refused(stage: Stage, hours: str) -> None:
    started(stage, {"K1": "90"})
    with pytest.raises(Refused):
        services.record_attendance(
            cohort=stage.cohort,
            entries=[
                services.DayEntry(enrolment=Enrolment.objects.get(), held_on=STARTS, hours=hours)
            ],
            by=stage.instructor,
            at=IN_CLASS,
        )


def test_the_final_test_lies_between_nought_and_a_hundred(stage: Stage) -> None:
    started(stage, {"K1": "90"})
    enrolment = Enrolment.objects.get()
    services.record_exam_score(
        enrolment=enrolment, score=Decimal("71.5"), by=stage.instructor, at=IN_CLASS
    )
    with pytest.raises(Refused):
        services.record_exam_score(
            enrolment=enrolment, score=Decimal(101), by=stage.instructor, at=IN_CLASS
        )
    with pytest.raises(Refused):
        services.record_exam_score(
            enrolment=enrolment, score=Decimal(1), by=stage.company_officer, at=IN_CLASS
        )


def test_a_cohort_ends_when_everyone_is_decided(db: None) -> None:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90"})
    with pytest.raises(Refused):
        services.end_cohort(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    ended = services.end_cohort(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    assert ended.state == CohortState.ENDED


def test_every_write_left_a_journal_entry(stage: Stage) -> None:
    submit(stage, person("gaon"))
    add_cohort(stage.programme, seats={"z": 1}, number=2)
    events = set(Entry.objects.values_list("event", flat=True))
    assert {
        "programme.created",
        "rule_set.proposed",
        "rule_set.approved",
        "cohort.planned",
        "cohort.applications_opened",
        "application.submitted",
        "consent.given",
    } <= events
