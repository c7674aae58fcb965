"""Allowances: calculated by rule, approved by other eyes, corrected by later differences."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import AllowanceLine, AllowanceRun, Attendance, Enrolment
from bitgoeul.apps.programmes.queries.allowances import claim_dates, unit_dates
from bitgoeul.apps.programmes.queries.replaying import replay_of_line
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import IN_CLASS, SEOUL, Stage, make_stage, started
from tests.apps.programmes.test_limits import FULL, KDT, NONE, attend
from tests.apps.programmes.test_pages import REASON, client_of

APRIL = dt.datetime(2025, 4, 3, 9, 0, tzinfo=SEOUL)
MAY = dt.datetime(2025, 5, 7, 9, 0, tzinfo=SEOUL)


@pytest.fixture
def paid(db: None) -> Stage:
    stage = make_stage(values=KDT, seats={"a": 5})
    started(stage, {"K1": "90", "K2": "80", "K3": "70"}, keys=("a",))
    attend(
        stage,
        {
            "K1": [FULL] * 45,
            "K2": [FULL] * 18 + [NONE] * 5 + [FULL] * 22,
            "K3": [NONE] * 4 + [FULL] * 41,
        },
    )
    return stage


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


def calculated(stage: Stage, unit: int, at: dt.datetime) -> AllowanceRun:
    return services.calculate_allowances(cohort=stage.cohort, unit=unit, by=stage.officer, at=at)


def won(run: AllowanceRun) -> dict[str, tuple[int, int, int]]:
    rows = AllowanceLine.objects.filter(run=run).select_related("enrolment__application")
    return {
        line.enrolment.application.number: (
            line.training_won, line.special_won, line.correction_won,
        )
        for line in rows
        if line.enrolment.application
    }  # fmt: skip


def test_a_unit_period_is_paid_by_the_rules(paid: Stage) -> None:
    """18 of 23 days are 78.3 %, under 80 %: nothing; 19 of 23 are 190,000 won of each kind."""
    run = calculated(paid, 1, APRIL)
    assert won(run) == {
        "K1": (200_000, 200_000, 0), "K2": (0, 0, 0), "K3": (190_000, 190_000, 0),
    }  # fmt: skip
    assert all(replay_of_line(line) == () for line in run.lines.all())
    line = run.lines.get(training_won=190_000)
    line.training_won = 180_000
    assert [each.what for each in replay_of_line(line)] == ["training_won"]


def test_other_eyes_approve_and_nothing_changes_afterwards(paid: Stage) -> None:
    run = calculated(paid, 1, APRIL)
    with refused("not_allowed"):
        services.approve_allowances(run=run, by=paid.officer, at=APRIL)
    with refused("wrong_state"):
        calculated(paid, 2, MAY)
    services.approve_allowances(run=run, by=paid.city_officer, at=APRIL)
    with refused("wrong_state"):
        calculated(paid, 1, MAY)
    assert Entry.objects.filter(event="allowance.approved").count() == 1


def test_a_correction_is_a_difference_of_a_later_unit_period(paid: Stage) -> None:
    run = calculated(paid, 1, APRIL)
    services.approve_allowances(run=run, by=paid.city_officer, at=APRIL)
    late = Enrolment.objects.get(application__number="K2")
    gone = Enrolment.objects.get(application__number="K3")
    missed = Attendance.objects.filter(enrolment=late, hours=NONE).order_by("held_on")[0]
    Attendance.objects.filter(pk=missed.pk).update(hours=FULL)
    first = Attendance.objects.filter(enrolment=gone, hours=FULL).order_by("held_on")[0]
    Attendance.objects.filter(pk=first.pk).update(hours=NONE)
    second = calculated(paid, 2, MAY)
    found = won(second)
    assert found["K1"][2] == 0
    assert found["K2"][2] == 380_000, "19 of 23 days: what March had not been paid"
    assert found["K3"][2] == -380_000, "18 of 23: what March had been paid too much"
    services.approve_allowances(run=second, by=paid.city_officer, at=MAY)
    attend(paid, {"K1": [FULL] * 66, "K2": [FULL] * 66, "K3": [FULL] * 66})
    third = calculated(paid, 3, dt.datetime(2025, 6, 3, 9, 0, tzinfo=SEOUL))
    assert won(third)["K2"][2] == 20_000, "only what is still owed: 23 days are capped at 200,000"


def test_the_rate_of_a_person_is_theirs(paid: Stage) -> None:
    own = Enrolment.objects.get(application__number="K1")
    services.set_allowance_kind(
        enrolment=own, kind="self_employed", reason="고용보험 확인", by=paid.officer, at=APRIL
    )
    assert won(calculated(paid, 1, APRIL))["K1"] == (360_000, 200_000, 0)


def test_what_cannot_be_calculated_is_said(paid: Stage) -> None:
    with refused("too_early"):
        calculated(paid, 1, dt.datetime(2025, 4, 2, 23, 0, tzinfo=SEOUL))
    with refused("invalid"):
        calculated(paid, 40, APRIL)
    assert unit_dates(paid.cohort, 7) == (dt.date(2025, 9, 3), dt.date(2025, 9, 26))


def test_rules_without_an_allowance_pay_nothing(db: None) -> None:
    stage = make_stage()
    started(stage, {"K1": "90"})
    with refused("wrong_state"):
        calculated(stage, 1, APRIL)


def test_when_a_claim_opens_and_is_paid() -> None:
    """Ends by the 15th: from the 16th; later: from the 1st. Weekends and holidays do not count."""
    early = claim_dates(dt.date(2025, 4, 14), KDT)
    assert early.opens_on == dt.date(2025, 4, 16)
    assert (early.settled_by, early.checked_by) == (dt.date(2025, 4, 21), dt.date(2025, 4, 24))
    late = claim_dates(dt.date(2025, 4, 30), KDT)
    assert late.opens_on == dt.date(2025, 5, 1)
    # 5 May is Children's Day and Buddha's birthday, 6 May its substitute.
    assert late.settled_by == dt.date(2025, 5, 8)
    assert late.paid_by == late.checked_by + dt.timedelta(days=10)


def test_pages_for_the_office_and_for_the_person(paid: Stage) -> None:
    officer, city = client_of(paid.officer), client_of(paid.city_officer)
    own = Enrolment.objects.get(application__number="K3")
    mine = reverse("programmes:enrolment_allowances", kwargs={"uuid": own.uuid})
    with clock.freeze(IN_CLASS):
        listed = reverse("programmes:allowance_list", kwargs={"uuid": paid.cohort.uuid})
        assert "Calculate unit period 1" in officer.get(listed).content.decode()
        made = officer.post(listed + "calculate/", {"unit": "1"})
        page = officer.get(made["Location"]).content.decode()
        assert "another officer" in page
        assert "₩190,000" in page
        assert (
            "No allowance has been calculated yet"
            in client_of(own.person).get(mine).content.decode()
        )
        city.post(made["Location"] + "approve/")
        text = client_of(own.person).get(mine).content.decode()
        assert "19 of 23 days = 82.6 % ≥ 80 %" in text
        assert "the same again" in text
        assert client_of(paid.instructor).get(mine).status_code == 404
        officer.post(mine, {"kind": "none", "reason": "재직"})
        assert (
            client_of(own.person).post(mine, {"kind": "standard", "reason": "x"}).status_code == 404
        )
        file = made["Location"].rstrip("/") + ".csv"
        table = officer.post(file, REASON)
        assert "190000" in b"".join(table.streaming_content).decode("utf-8-sig")
