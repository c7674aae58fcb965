"""The model beside the rules: used where it beats them on cohorts that it has not seen."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.programmes import services, tasks
from bitgoeul.apps.programmes.models import Attendance, Cohort, Enrolment, WarningModel
from bitgoeul.apps.programmes.queries.limits import standings_of
from bitgoeul.apps.programmes.queries.signs import NAMES
from bitgoeul.apps.programmes.queries.warning import (
    AUDITED_AT,
    model_in_use,
    named_by,
    seen_in,
    trained_on,
)
from bitgoeul.apps.programmes.queries.warning_words import audit_said, totals_of
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import ENDS, IN_CLASS, STARTS, Stage, add_cohort, make_stage
from tests.apps.programmes.test_completion_rule import calendar
from tests.apps.programmes.test_pages import client_of

DAYS = 12
FULL, AWAY = "1" * 8, "0" * 8
Days = Callable[[int], dict[str, Any]]


def full(_day: int) -> dict[str, Any]:
    return {"hours": FULL}


def now_and_then(day: int) -> dict[str, Any]:
    """Late each day and away every third: no rule minds yet."""
    return {"hours": AWAY if day % 3 == 1 else FULL, "late": True}


def in_a_row(day: int) -> dict[str, Any]:
    """Away for days in a row, which the rules mind."""
    return {"hours": FULL if day % 6 == 5 else AWAY}


def people_of(cohort: Cohort, kinds: list[tuple[Days, str]], *, tag: str) -> None:
    from bitgoeul.apps.alliance.models import User

    track = cohort.tracks.get()
    people = User.objects.bulk_create(
        User(email=f"{tag}{number}@people.example", full_name=f"{tag} {number}",
             sex=("female", "male")[number % 2], birth_on=dt.date(1999, 5, 5))
        for number in range(len(kinds))
    )  # fmt: skip
    rows = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, track=track, person=person, state=state, enrolled_on=STARTS,
                  ended_on=ENDS)
        for person, (_days, state) in zip(people, kinds, strict=True)
    )  # fmt: skip
    Attendance.objects.bulk_create(
        Attendance(enrolment=row, held_on=on, **days(place))
        for row, (days, _state) in zip(rows, kinds, strict=True)
        for place, (on, _hours) in enumerate(calendar(DAYS))
    )


def cohorts(stage: Stage, droppers: Days, decoys: Days, number: int = 3) -> None:
    """Ended cohorts in which some drop out, and others look as if they would."""
    kinds = (
        [(droppers, "not_completed")] * 6 + [(decoys, "completed")] * 10 + [(full, "completed")] * 8
    )
    for place in range(2, 2 + number):
        cohort = add_cohort(stage.programme, seats={"a": 24}, number=place)
        Cohort.objects.filter(pk=cohort.pk).update(state="ended")
        people_of(cohort, kinds, tag=f"c{place}n")


@pytest.fixture
def stage(db: None) -> Iterator[Stage]:
    with translation.override("en"):
        yield make_stage(seats={"a": 24})


def train(stage: Stage) -> WarningModel:
    return services.train_warning_model(programme=stage.programme, by=stage.officer, at=IN_CLASS)


def test_where_the_model_finds_more_it_warns_and_says_why(stage: Stage) -> None:
    cohorts(stage, now_and_then, in_a_row)
    made = train(stage)
    totals = totals_of(made)
    assert totals is not None
    assert (made.in_use, totals.rules, totals.model > 0) == (True, 0, True)
    model = model_in_use(stage.programme)
    assert model is not None
    assert model.names == NAMES
    Cohort.objects.filter(pk=stage.cohort.pk).update(state="running")
    people_of(stage.cohort, [(now_and_then, "enrolled"), (full, "enrolled")], tag="now")
    with clock.freeze(IN_CLASS):
        named = named_by(model, standings_of(stage.cohort, at=IN_CLASS))
        first, second = Enrolment.objects.filter(cohort=stage.cohort).order_by("pk")
        assert set(named) == {first.pk}
        assert any("late" in sign or "missed" in sign for sign in named[first.pk])
        where = reverse("programmes:limit_list", kwargs={"uuid": stage.cohort.uuid})
        officer = client_of(stage.officer)
        assert "named by the model" in officer.get(where).content.decode()
        only = officer.get(where, {"level": "model"}).content.decode()
    assert first.person.full_name in only
    assert second.person.full_name not in only


def test_where_the_rules_find_as_many_only_they_warn(stage: Stage) -> None:
    cohorts(stage, in_a_row, full)
    made = train(stage)
    totals = totals_of(made)
    assert totals is not None
    assert totals.rules > 0
    assert not made.in_use
    assert model_in_use(stage.programme) is None


def test_with_two_cohorts_nothing_is_trained(stage: Stage) -> None:
    cohorts(stage, now_and_then, in_a_row, number=2)
    assert trained_on(stage.programme) is None
    with pytest.raises(Refused) as refusal:
        train(stage)
    assert refusal.value.code == "too_few"
    page = reverse("programmes:warning_model", kwargs={"uuid": stage.programme.uuid})
    assert "2 of 3" in client_of(stage.officer).get(page).content.decode()
    with pytest.raises(Refused):
        services.train_warning_model(programme=stage.programme, by=stage.instructor, at=IN_CLASS)


def test_no_attribute_of_a_person_changes_what_is_learnt(stage: Stage) -> None:
    from bitgoeul.apps.alliance.models import User

    cohorts(stage, now_and_then, in_a_row)
    before = trained_on(stage.programme)
    User.objects.update(sex="", birth_on=None, residence="")
    Attendance.objects.filter(excuse="").update(excuse="illness")
    after = trained_on(stage.programme)
    assert before is not None
    assert after is not None
    assert before.digest == after.digest
    assert before.comparison.model == after.comparison.model
    assert before.audit != after.audit


def test_people_are_seen_as_on_that_day(stage: Stage) -> None:
    cohorts(stage, now_and_then, in_a_row, number=1)
    cohort = Cohort.objects.get(number=2)
    left = Enrolment.objects.filter(cohort=cohort).order_by("pk")[0]
    left.state, left.ended_on = "withdrawn", calendar(DAYS)[4][0]
    left.save()
    later = Attendance.objects.filter(held_on__gt=calendar(DAYS)[5][0])
    seen = [row for row in seen_in(cohort) if row.moment <= AUDITED_AT]
    moments = [row.moment for row in seen if row.enrolment == left]
    later.update(hours=AWAY, late=True)
    again = [row for row in seen_in(cohort) if row.moment <= AUDITED_AT]
    assert moments == [0]
    assert [(row.signs, row.warned) for row in seen] == [(row.signs, row.warned) for row in again]


def test_the_audit_goes_through_the_door(stage: Stage) -> None:
    cohorts(stage, now_and_then, in_a_row)
    made = train(stage)
    tables = {table.title: table for table in audit_said(made)}
    by_sex = tables["Share warned of, by sex"]
    assert [line.counted for line in by_sex.lines] == [36, 36]
    assert all(line.by_model is not None for line in by_sex.lines)
    few = Enrolment.objects.filter(cohort__number=2).order_by("pk")[:2]
    for row in few:
        row.person.sex = ""
        row.person.save()
    tables = {table.title: table for table in audit_said(train(stage))}
    unsaid = next(line.counted for line in tables["Share warned of, by sex"].lines)
    assert unsaid is None
    assert "people.example" not in str(made.audit) + str(made.figures) + str(made.numbers)


def test_the_job_trains_and_the_journal_says_so(stage: Stage) -> None:
    cohorts(stage, now_and_then, in_a_row)
    officer = client_of(stage.officer)
    where = {"uuid": stage.programme.uuid}
    officer.post(reverse("programmes:warning_train", kwargs=where))
    jobs.run_pending(at=IN_CLASS)
    made = WarningModel.objects.get()
    assert (made.version, made.trained_by) == (1, stage.officer)
    entry = Entry.objects.get(event="warning_model.trained")
    assert entry.details["in_use"] is True
    page = officer.get(reverse("programmes:warning_model", kwargs=where)).content.decode()
    assert "it warns beside them" in page
    table = officer.get(reverse("programmes:warning_csv", kwargs=where))
    assert len(b"".join(table).decode("utf-8-sig").strip().splitlines()) == 4  # type: ignore[arg-type]  # a stream
    assert tasks.WARNING


def test_a_model_that_is_not_whole_is_not_used(stage: Stage) -> None:
    WarningModel.objects.create(
        programme=stage.programme, version=1, numbers={"names": ["other"]}, engine="x",
        inputs_digest="0" * 64, in_use=True, trained_at=IN_CLASS,
    )  # fmt: skip
    assert model_in_use(stage.programme) is None
