"""The steering committee: called, seen on a phone, written down, approved, acted upon."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from bitgoeul.apps.alliance.enums import ActionState, MeetingState
from bitgoeul.apps.alliance.models import Action, Meeting
from bitgoeul.core import clock
from tests.apps.alliance.committee_rows import board_of
from tests.journeys.walking import DESKTOP, become, follow, ko, press
from tests.world import AT, build_world


def test_from_the_call_to_what_somebody_did(
    page: Page,
    new_page: Callable[..., Page],
    live_server: Any,
    check_page: Callable[..., None],
    settings: Any,
) -> None:
    settings.BITGOEUL_FIXED_TODAY = AT.date()
    world, url = build_world(), str(live_server.url)
    board = board_of(world)
    held = f"{url}/alliance/meetings/{board.meeting.uuid}/"

    # The secretary plans and calls a meeting.
    secretary = new_page(viewport=DESKTOP)
    become(secretary, url, "officer_university@hanbit.example")
    secretary.goto(f"{url}/alliance/committees/{board.committee.uuid}/meetings/new/")
    starts = clock.now().astimezone(clock.SEOUL) + dt.timedelta(days=10)
    secretary.locator("#id_starts_at").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    ends = starts + dt.timedelta(hours=1)
    secretary.locator("#id_ends_at").fill(ends.strftime("%Y-%m-%dT%H:%M"))
    secretary.locator("#id_place").fill("시청 3층")
    press(secretary, ko("Save"))
    follow(secretary, ko("Add an agenda item"))
    secretary.locator("#id_title").fill("예산 점검")
    press(secretary, ko("Save"))
    press(secretary, ko("Call the meeting"))
    meeting = Meeting.objects.get(number=2)
    assert meeting.state == MeetingState.CALLED

    # A member sees it on a phone and answers.
    become(page, url, "officer_company@hanbit.example")
    page.goto(url)
    follow(page, re.compile(ko("Say whether you come: %(meeting)s", meeting="회의 2025-2")))
    expect(page.get_by_role("main")).to_contain_text("예산 점검")
    page.get_by_label(ko("Will come")).check()
    press(page, ko("Send my answer"))
    check_page(page)

    # The minutes of the last meeting: written, circulated, approved by the chair.
    secretary.goto(f"{held}minutes/")
    secretary.locator("#id_minutes").fill("모두 동의하였다.")
    press(secretary, ko("Save"))
    press(secretary, ko("Circulate the minutes"))
    chair = new_page(viewport=DESKTOP)
    become(chair, url, "officer_city@hanbit.example")
    chair.goto(held)
    press(chair, ko("Approve the minutes"))
    board.meeting.refresh_from_db()
    expect(chair.get_by_role("main")).to_contain_text(board.meeting.minutes_digest)

    # What somebody has to do stands on their front page, and is done with evidence.
    page.goto(url)
    follow(page, re.compile("모집 공고를 낸다"))
    page.get_by_role("main").get_by_label(ko("What shows that it is done")).fill("공고했습니다.")
    page.locator("#id_file").set_input_files(
        {"name": "증빙.txt", "mimeType": "text/plain", "buffer": "공고 링크".encode()}
    )
    press(page, ko("Note as done"))
    check_page(page)
    assert Action.objects.get().state == ActionState.DONE

    # A recruiter finds nothing.
    become(chair, url, "recruiter@hanbit.example")
    answer = chair.goto(held)
    assert answer is not None
    assert answer.status == 404
