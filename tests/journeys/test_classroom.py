"""A session on two phones: the instructor shows the sign, a trainee types the code, both see it."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Attendance, Enrolment
from bitgoeul.core import clock
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.journeys.walking import become, follow, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DAY = dt.date(2025, 3, 4)


def _course() -> Stage:
    """One class of three with one session that lasts the whole day."""
    stage = make_stage(hours=80, seats={"a": 3})
    started(stage, {"K1": "90", "K2": "80", "K3": "70"}, keys=("a",))
    facts: dict[str, Any] = {"by": None, "at": IN_CLASS}
    values = {"key": "one", "name_ko": "가반", "seats": 3, "room": "301호"}
    made = services.add_class(track=stage.tracks[0], values=values, **facts)
    services.assign_teaching(class_group=made, person=stage.instructor, role="lead", **facts)
    services.place_people(cohort=stage.cohort, **facts)
    day = {"starts_at": dt.time(0, 0), "hour_minutes": 90, "hours_a_day": 12, "lunch_after": 0}
    services.set_calendar(cohort=stage.cohort, values=day, **facts)
    plan = services.ModulePlan(key="python", title_ko="파이썬", hours=12, order=1)
    services.save_modules(cohort=stage.cohort, plans=[plan], **facts)
    services.make_timetable(cohort=stage.cohort, **facts)
    return stage


def _at_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the day's clock run from ten in the morning, whenever the test is run."""
    began, ten = time.monotonic(), dt.datetime.combine(DAY, dt.time(10, tzinfo=clock.SEOUL))
    monkeypatch.setattr(clock, "now", lambda: ten + dt.timedelta(seconds=time.monotonic() - began))


def test_a_session_on_two_phones(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    check_page: Callable[..., None],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.BITGOEUL_FIXED_TODAY = DAY
    _at_ten(monkeypatch)
    stage = _course()
    trainee = Enrolment.objects.select_related("person").order_by("pk")[0]
    room, phone = new_page(), new_page(java_script_enabled=False)

    become(room, live_server.url, stage.instructor.email)
    room.goto(f"{live_server.url}/programmes/timetable/")
    check_page(room)
    room.get_by_role("main").get_by_role("link", name="파이썬").click()
    follow(room, ko("Sign for the screen"))
    expect(room.locator(".qr svg")).to_be_visible()
    check_page(room)

    become(phone, live_server.url, trainee.person.email)
    phone.goto(f"{live_server.url}/programmes/in/code/")
    code = room.locator(".code").inner_text()
    phone.get_by_label(ko("Code on the screen")).fill(code)
    press(phone, ko("Go on"))
    press(phone, ko("I am here"))
    expect(phone.get_by_role("heading", name=ko("You are signed in"))).to_be_visible()
    links = phone.get_by_role("link").all()
    assert [link.get_attribute("href") for link in links] == ["#main"]

    room.goto(f"{live_server.url}/programmes/timetable/")
    room.get_by_role("main").get_by_role("link", name="파이썬").click()
    follow(room, ko("Attendance list"))
    expect(room.get_by_role("main")).to_contain_text(ko("Typed code"))
    check_page(room)
    away = Enrolment.objects.select_related("person").order_by("-pk")[0]
    lines = room.get_by_role("listitem").filter(has_text=away.person.full_name)
    lines.get_by_role("combobox").first.select_option("absent")
    press(room, ko("Take the attendance"))
    assert Attendance.objects.get(enrolment=away).hours == "0" * 12
    assert "1" in Attendance.objects.get(enrolment=trainee).hours
