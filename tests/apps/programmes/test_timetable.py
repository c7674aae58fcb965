"""Timetables are made, imported, moved and cancelled; what collides is named; links are secret."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models import CalendarFeed, ClassGroup, Enrolment, Session
from bitgoeul.apps.programmes.queries.timetable import clashes_among, sessions_of_cohort
from bitgoeul.core import clock, imports
from bitgoeul.core.errors import Refused
from bitgoeul.core.notices.models import Notice
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_pages import REASON, client_of

DAY = dt.date
FACTS = {"by": None, "at": IN_CLASS}


@pytest.fixture
def course(db: None) -> Stage:
    """Two classes of two tracks with 20 hours of modules, people in them, an instructor each."""
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80", "K3": "70"})
    for track in stage.tracks:
        made = services.add_class(
            track=track,
            values={"key": "one", "name_ko": f"{track.key}-1", "seats": 3, "room": f"R{track.key}"},
            **FACTS,
        )
        services.assign_teaching(
            class_group=made,
            person=stage.instructor if track.key == "a" else stage.officer,
            role="lead",
            **FACTS,
        )
    services.place_people(cohort=stage.cohort, **FACTS)
    services.save_modules(
        cohort=stage.cohort,
        plans=[
            services.ModulePlan(key="python", title_ko="파이썬", hours=12, order=1),
            services.ModulePlan(key="sql", title_ko="SQL", hours=8, order=2),
        ],
        **FACTS,
    )
    services.make_timetable(cohort=stage.cohort, **FACTS)
    return stage


def _class(stage: Stage, track: str = "a") -> ClassGroup:
    return ClassGroup.objects.get(track__cohort=stage.cohort, track__key=track)


def test_modules_fill_the_days_in_order_and_stop_at_the_midday_pause(course: Stage) -> None:
    rows = Session.objects.filter(class_group=_class(course)).select_related("module")
    assert [(row.held_on, row.first_hour, row.hours, row.module.key) for row in rows] == [  # type: ignore[union-attr]  # made with one
        (DAY(2025, 3, 4), 1, 3, "python"),  # the 3rd is the substitute for Independence Day
        (DAY(2025, 3, 4), 4, 5, "python"),
        (DAY(2025, 3, 5), 1, 3, "python"),
        (DAY(2025, 3, 5), 4, 1, "python"),
        (DAY(2025, 3, 5), 5, 4, "sql"),
        (DAY(2025, 3, 6), 1, 3, "sql"),
        (DAY(2025, 3, 6), 4, 1, "sql"),
    ]
    first = rows[0]
    assert first.starts_at.astimezone(clock.SEOUL).strftime("%H:%M") == "09:00"
    assert rows[1].starts_at.astimezone(clock.SEOUL).strftime("%H:%M") == "13:00"
    assert (first.instructor, first.room) == (course.instructor, "Ra")


def test_asked_again_it_plans_only_what_was_added(course: Stage) -> None:
    assert services.make_timetable(cohort=course.cohort, **FACTS) == 0
    more = services.ModulePlan(key="ml", title_ko="기계학습", hours=4, order=3)
    services.save_modules(cohort=course.cohort, plans=[more], **FACTS)
    assert services.make_timetable(cohort=course.cohort, **FACTS) == 4
    with pytest.raises(Refused):
        services.make_timetable(cohort=course.cohort, by=course.instructor, at=IN_CLASS)


def _move(row: Session, **changes: object) -> Session:
    values = {
        "held_on": row.held_on, "first_hour": row.first_hour, "hours": row.hours, "room": row.room,
        "instructor": row.instructor, "reason": "강사 사정",
    } | changes  # fmt: skip
    return services.move_session(session=row, **values, **FACTS)  # type: ignore[arg-type]  # of the test


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": DAY(2025, 3, 5)}, "The class a-1 has two sessions at once."),
        ({"instructor": "officer"}, "officer teaches two classes at once."),
        ({"room": "rB"}, "is taken twice."),
        ({"held_on": DAY(2030, 1, 1)}, "lies outside the cohort"),
    ],
)
def test_a_move_that_collides_is_refused_and_what_with_is_named(
    course: Stage, changes: dict[str, object], said: str
) -> None:
    row = sessions_of_cohort(course.cohort).filter(class_group=_class(course))[0]
    if "instructor" in changes:
        changes = {"instructor": course.officer}
    with translation.override("en"), pytest.raises(Refused) as refusal:
        _move(row, **changes)
    assert said in str(refusal.value)
    row.refresh_from_db()
    assert row.changes == 0


def test_who_it_concerns_is_told_of_moves_and_cancellations(course: Stage) -> None:
    row = sessions_of_cohort(course.cohort).filter(class_group=_class(course))[0]
    people = Enrolment.objects.filter(class_group=row.class_group).count()
    moved = _move(row, held_on=DAY(2025, 3, 10))
    assert moved.starts_at.astimezone(clock.SEOUL).date() == DAY(2025, 3, 10)
    services.cancel_session(session=moved, reason="휴강", **FACTS)
    assert Notice.objects.filter(topic="teaching").count() == 2 * (people + 1)
    with pytest.raises(Refused):
        services.cancel_session(session=moved, reason="again", **FACTS)


def test_collisions_are_found_by_pairs() -> None:
    """Oracle: every pair compared with every other."""
    group = ClassGroup(pk=1, name_ko="가반")
    at = dt.datetime(2025, 3, 4, 9, tzinfo=clock.SEOUL)
    hours = [(0, 2), (1, 3), (2, 4), (5, 6), (0, 6)]
    rows = [
        Session(
            pk=number, class_group=group, starts_at=at + dt.timedelta(hours=first),
            ends_at=at + dt.timedelta(hours=last),
        )
        for number, (first, last) in enumerate(hours, start=1)
    ]  # fmt: skip
    found = {frozenset((c.first.pk, c.second.pk)) for c in clashes_among(rows)}
    wanted = {
        frozenset((a.pk, b.pk))
        for a in rows
        for b in rows
        if a.pk < b.pk and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    }
    assert found == wanted


def test_a_timetable_is_exported_and_read_again(course: Stage, tmp_path: object) -> None:
    client = client_of(course.officer, "ko")
    address = reverse("programmes:timetable_csv", kwargs={"uuid": course.cohort.uuid})
    text = b"".join(client.post(address, REASON).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a stream
    lines = text.splitlines()
    moved = lines[-1].replace("2025-03-06,4", "2025-03-06,6")
    clashing = lines[1].replace("2025-03-04,1,3", "2025-03-05,2,3")
    file = tmp_path / "timetable.csv"  # type: ignore[operator]  # a path
    file.write_text("\n".join([lines[0], moved, clashing]), encoding="utf-8")
    receipt = imports.import_file(
        kind="timetable", path=file, target=course.cohort, by=course.officer, at=IN_CLASS,
        leave_out_errors=True,
    )  # fmt: skip
    assert [error.row for error in receipt.errors] == [3]
    added = Session.objects.get(held_on=DAY(2025, 3, 6), first_hour=6)
    assert added.instructor is not None
    assert Session.objects.filter(class_group=added.class_group).count() == 8


def test_a_trainee_sees_today_first_and_only_their_own(course: Stage) -> None:
    mine = Enrolment.objects.filter(class_group=_class(course)).select_related("person")[0]
    client = client_of(mine.person)
    with clock.freeze(dt.datetime(2025, 3, 4, 8, tzinfo=clock.SEOUL)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(reverse("programmes:timetable")).content.decode()
        assert page.index("Today") < page.index("The next days")
        assert "a-1" in page
        assert "b-1" not in page
        assert len(asked) <= 12
        other = Session.objects.exclude(class_group=mine.class_group)[0]
        hidden = client.get(reverse("programmes:session_detail", kwargs={"uuid": other.uuid}))
        assert hidden.status_code == 404
        staff = client_of(course.instructor).get(reverse("programmes:timetable"))
        assert "a-1" in staff.content.decode()


def test_a_secret_link_shows_the_timetable_until_it_is_taken_back(course: Stage) -> None:
    mine = Enrolment.objects.filter(class_group=_class(course)).select_related("person")[0]
    with clock.freeze(dt.datetime(2025, 3, 4, 8, tzinfo=clock.SEOUL)):
        client = client_of(mine.person)
        page = client.post(reverse("programmes:feed_make")).content.decode()
        path = page[page.index("<code>http") :].split(settings.BITGOEUL.public_url)[1].split("<")[0]
        answer = client_of(None).get(path)
        calendar = Calendar.from_ical(answer.content)
        events = list(calendar.walk("VEVENT"))
        assert len(events) == 7
        assert mine.person.full_name not in answer.content.decode()
        assert CalendarFeed.objects.get().key_sha256 not in path
        row = Session.objects.get(
            class_group=mine.class_group, held_on=DAY(2025, 3, 4), first_hour=1
        )
        services.cancel_session(session=row, reason="휴강", **FACTS)
        again = client_of(None).get(path).content.decode()
        assert "STATUS:CANCELLED" in again
        assert "SEQUENCE:1" in again
        assert row.state == SessionState.CANCELLED
        feed = CalendarFeed.objects.get()
        stranger = client_of(course.instructor).post(
            reverse("programmes:feed_revoke", kwargs={"uuid": feed.uuid})
        )
        assert stranger.status_code == 404
        client.post(reverse("programmes:feed_revoke", kwargs={"uuid": feed.uuid}))
        assert client_of(None).get(path).status_code == 404
