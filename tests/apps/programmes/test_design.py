"""A design says in words what does not add up; it is copied, filled, exported and read again."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import ClassGroup, Cohort, Enrolment, Module, Track
from bitgoeul.apps.programmes.models.presets import PRESETS
from bitgoeul.apps.programmes.queries.calendar import course_days, public_holidays
from bitgoeul.apps.programmes.queries.design import design_of
from bitgoeul.apps.programmes.services import ModulePlan
from bitgoeul.core import imports
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import (
    IN_CLASS,
    Stage,
    add_cohort,
    make_stage,
    started,
)
from tests.apps.programmes.test_pages import client_of

DAY = dt.date


def _plan(key: str, hours: int, **more: object) -> ModulePlan:
    return ModulePlan(key=key, title_ko=f"과목 {key}", hours=hours, **more)  # type: ignore[arg-type]  # of the test


def _save(cohort: Cohort, *plans: ModulePlan) -> None:
    services.save_modules(cohort=cohort, plans=plans, by=None, at=IN_CLASS)


def test_public_holidays_of_korea_in_both_languages() -> None:
    """Oracle: the calendar of 2025, with its substitute holidays."""
    days = public_holidays(DAY(2025, 5, 1), DAY(2025, 6, 30))
    assert {DAY(2025, 5, 5), DAY(2025, 5, 6), DAY(2025, 6, 3), DAY(2025, 6, 6)} <= days.keys()
    assert days[DAY(2025, 6, 6)] == "현충일"
    with translation.override("en"):
        assert public_holidays(DAY(2025, 6, 6), DAY(2025, 6, 6)) == {
            DAY(2025, 6, 6): "Memorial Day"
        }


def test_training_days_know_holidays_closed_and_extra_days(stage: Stage) -> None:
    cohort = stage.cohort
    before = course_days(cohort)
    assert DAY(2025, 6, 6) not in before.days  # Memorial Day
    facts = {"by": stage.officer, "at": IN_CLASS}
    for day, kind in ((DAY(2025, 6, 9), "closed"), (DAY(2025, 6, 7), "extra")):
        services.add_special_day(cohort=cohort, day=day, kind=kind, title="행사", **facts)
    after = course_days(cohort)
    assert set(before.days) - set(after.days) == {DAY(2025, 6, 9)}
    assert set(after.days) - set(before.days) == {DAY(2025, 6, 7)}
    assert (DAY(2025, 6, 9), "행사") in {(off.day, off.title) for off in after.off}
    with pytest.raises(Refused):
        services.add_special_day(
            cohort=cohort, day=DAY(2030, 1, 1), kind="closed", title="x", **facts
        )


def test_what_does_not_add_up_is_said_in_words(db: None) -> None:
    stage = make_stage(hours=1300, values=PRESETS["k-digital-2026"])
    cohort = stage.cohort
    _save(cohort, _plan("python", 800), _plan("project", 300, company_project=True))
    with translation.override("en"):
        said = " ".join(design_of(cohort).faults)
    assert "1,100 of 1,300 planned hours; 200 are missing" in said
    assert (
        "300 of 1,100 hours are company projects, 27.3%; the rules ask for at least 30.0%" in said
    )
    assert "a has no class yet" in said.replace("Class a", "a")
    assert "No skill is named for: 과목 python" in said


def test_a_sound_design_has_no_fault(db: None) -> None:
    stage = make_stage(hours=1000, values=PRESETS["k-digital-2026"])
    facts = {"by": stage.officer, "at": IN_CLASS}
    _save(
        stage.cohort,
        _plan("python", 700, skills=("2001020231",)),
        _plan("project", 300, company_project=True),
    )
    for track in stage.tracks:
        values = {"key": "one", "name_ko": "1반", "seats": track.seats}
        made = services.add_class(track=track, values=values, **facts)
        services.assign_teaching(class_group=made, person=stage.instructor, role="lead", **facts)
    assert design_of(stage.cohort).faults == ()


def test_only_who_teaches_here_is_assigned(stage: Stage) -> None:
    facts = {"by": stage.officer, "at": IN_CLASS}
    values = {"key": "one", "name_ko": "1반", "seats": 2}
    made = services.add_class(track=stage.tracks[0], values=values, **facts)
    with pytest.raises(Refused):
        services.assign_teaching(
            class_group=made, person=stage.company_officer, role="lead", **facts
        )
    with pytest.raises(Refused):
        services.add_class(track=stage.tracks[0], values=values, by=stage.instructor, at=IN_CLASS)


def test_people_are_seated_in_their_track_up_to_the_seats(db: None) -> None:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80", "K3": "70"})
    facts = {"by": stage.officer, "at": IN_CLASS}
    for track in stage.tracks:
        services.add_class(
            track=track, values={"key": "one", "name_ko": "1반", "seats": 1}, **facts
        )
    assert services.place_people(cohort=stage.cohort, **facts) == 2
    assert services.place_people(cohort=stage.cohort, **facts) == 0
    seated = Enrolment.objects.filter(class_group__isnull=False).select_related("class_group")
    assert all(row.class_group.track_id == row.track_id for row in seated)  # type: ignore[union-attr]  # filtered
    one = seated[0]
    with pytest.raises(Refused):
        services.remove_class(class_group=one.class_group, **facts)  # type: ignore[arg-type]  # filtered
    other = ClassGroup.objects.exclude(track=one.track).get()
    with pytest.raises(Refused):
        services.move_to_class(enrolment=one, class_group=other, **facts)
    assert Entry.objects.filter(event="enrolment.placed").count() == 2


def test_how_an_ended_cohort_was_taught_is_written_down_until_its_timetable_stands(
    db: None,
) -> None:
    stage = make_stage(hours=8)
    started(stage, {"K1": "90", "K2": "80"})
    facts = {"by": stage.officer, "at": IN_CLASS}
    services.decide_completions(cohort=stage.cohort, **facts)
    cohort = services.end_cohort(cohort=stage.cohort, **facts)
    _save(cohort, _plan("python", 8))
    values = {"key": "one", "name_ko": "1반", "seats": 3}
    for track in stage.tracks:
        services.add_class(track=Track.objects.get(pk=track.pk), values=values, **facts)
    assert services.place_people(cohort=cohort, **facts) == 2
    assert services.make_timetable(cohort=cohort, **facts) > 0
    for late in (services.place_people, services.make_timetable):
        with pytest.raises(Refused):
            late(cohort=cohort, **facts)


def test_the_last_design_is_taken_over_once(stage: Stage) -> None:
    facts = {"by": stage.officer, "at": IN_CLASS}
    services.set_calendar(cohort=stage.cohort, values={"hours_a_day": 6}, **facts)
    services.add_class(
        track=stage.tracks[0], values={"key": "one", "name_ko": "1반", "seats": 2}, **facts
    )
    _save(stage.cohort, _plan("python", 700), _plan("web", 20, track=stage.tracks[1]))
    fresh = add_cohort(stage.programme, seats={"a": 2}, number=2)
    assert services.copy_design(cohort=fresh, source=stage.cohort, **facts) == 1
    assert services.copy_design(cohort=fresh, source=stage.cohort, **facts) == 0
    found = design_of(fresh)
    assert found.calendar.hours_a_day == 6
    assert [one.key for one in found.modules] == ["python"]
    assert found.tracks[0].classes[0].name_ko == "1반"
    with pytest.raises(Refused):
        services.copy_design(cohort=fresh, source=fresh, **facts)


def test_the_export_is_what_the_import_reads(stage: Stage, tmp_path: object) -> None:
    _save(
        stage.cohort,
        _plan("python", 40, skills=("2001020231", "2001020214"), order=1),
        _plan("web", 20, track=stage.tracks[1], order=2, company_project=True),
    )
    client = client_of(stage.officer, "ko")
    address = reverse("programmes:curriculum_csv", kwargs={"uuid": stage.cohort.uuid})
    content = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]  # a stream
    path = io.BytesIO(content)
    changed = path.getvalue().decode("utf-8-sig").replace(",40,", ",44,")
    file = tmp_path / "curriculum.csv"  # type: ignore[operator]  # a path
    file.write_text(changed, encoding="utf-8-sig")
    receipt = imports.import_file(
        kind="curriculum", path=file, target=stage.cohort, by=stage.officer, at=IN_CLASS
    )
    assert receipt.errors == []
    assert list(Module.objects.values_list("key", "hours")) == [("python", 44), ("web", 20)]
    assert Module.objects.get(key="python").skills == ["2001020231", "2001020214"]


def test_skills_of_the_catalogue_are_named_by_key_or_code(stage: Stage) -> None:
    python = Skill.objects.create(key="python", name_ko="파이썬", ncs_code="20010202")
    plan = _plan("python", 40, skills=("20010202", "python", "unknown"))
    services.save_modules(cohort=stage.cohort, plans=[plan], by=None, at=IN_CLASS)
    found = design_of(stage.cohort)
    assert found.skills == {"20010202": python, "python": python}
    page = client_of(stage.officer).get(
        reverse("programmes:design", kwargs={"uuid": stage.cohort.uuid})
    )
    assert "파이썬</a>" in page.content.decode()
    assert "<code>unknown</code>" in page.content.decode()


def test_the_page_asks_the_database_little_and_shows_the_faults(stage: Stage) -> None:
    client = client_of(stage.instructor)
    address = reverse("programmes:design", kwargs={"uuid": stage.cohort.uuid})
    page = client.get(address).content.decode()
    assert "The curriculum has no modules yet" in page
    assert "Add a module" not in page  # an instructor looks, an officer changes
    made = client_of(stage.officer).post(
        reverse("programmes:module_create", kwargs={"uuid": stage.cohort.uuid}),
        {"key": "python", "order": 1, "title_ko": "파이썬", "hours": 40, "skills": "a, b, a"},
    )
    assert made.status_code == 302
    assert Module.objects.get().skills == ["a", "b"]
    assert "파이썬" in client.get(address).content.decode()
