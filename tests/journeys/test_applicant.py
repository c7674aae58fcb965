"""Somebody without an account applies from a phone: signs up, drafts, hands in, changes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.programmes.models import Application
from tests.journeys.demo_year import Sample
from tests.journeys.walking import follow, ko, press, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EMAIL, PASSWORD = "saebom@people.example", "나무-그늘-3412"


def sign_up(page: Page, server: LiveServer, mailbox: list[Any], check: Callable[..., None]) -> None:
    page.goto(server.url)
    follow(page, ko("Create an account"))
    check(page)
    main = page.get_by_role("main")
    main.get_by_label("이메일").fill(EMAIL)
    main.get_by_label(ko("Full name")).fill("새봄 가온")
    main.locator("#id_password1").fill(PASSWORD)
    main.locator("#id_password2").fill(PASSWORD)
    press(page, ko("Create an account"))
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("Look into your mailbox"))
    check(page)
    [letter] = mailbox
    assert letter.to == [EMAIL]
    # A letter leads to the installation's public address, whatever address was asked.
    link = re.search(r"http\S+?(/accounts/confirm-email/\S+)", letter.body)
    assert link, letter.body
    page.goto(server.url + link.group(1))
    check(page)
    press(page, ko("Yes, confirm it"))


def fill(page: Page) -> None:
    page.get_by_label(ko("Date of birth")).fill("1999-03-01")
    page.get_by_label(ko("Sex")).select_option(value="female")
    page.get_by_label(ko("Phone")).fill("010-0000-7777")
    page.get_by_label(ko("Where you live")).select_option(label="광주")
    page.get_by_label(ko("Where your last school is")).select_option(label="광주")
    page.get_by_label(ko("Major")).select_option(index=1)
    page.get_by_label(ko("Work"), exact=False).first.select_option(index=1)
    page.get_by_label(ko("First choice")).select_option(label="AI 모델링 2반")
    page.get_by_label(ko("Second choice")).select_option(label="AI 서비스 1반")


def test_applying(
    live_server: LiveServer,
    page: Page,
    year: Sample,
    check_page: Callable[..., None],
    mailoutbox: list[Any],
) -> None:
    sign_up(page, live_server, mailoutbox, check_page)
    sign_in(page, live_server.url, EMAIL, PASSWORD)
    follow(page, re.compile("빛고을 AI 아카데미 2기"))
    expect(page.get_by_role("main")).to_contain_text(ko("Tracks and seats"))
    check_page(page)
    follow(page, ko("Apply"))
    check_page(page)

    page.get_by_label(ko("Why you want to take part")).fill("지역에서 인공지능을 배우고 싶습니다.")
    press(page, ko("Save as a draft"))
    expect(page.get_by_role("main")).to_contain_text(ko("This draft is not handed in yet."))
    check_page(page)
    page.goto(live_server.url)
    expect(page.locator(".tasks")).to_contain_text("빛고을 AI 아카데미 2기")
    page.locator(".tasks a").first.click()

    follow(page, ko("Go on writing"))
    press(page, ko("Hand in"))
    summary = page.locator(".err-sum")
    expect(summary).to_be_focused()
    check_page(page, status=422)
    summary.get_by_role("link", name=re.compile(ko("Date of birth"))).click()
    expect(page.get_by_label(ko("Date of birth"))).to_be_focused()
    expect(page.get_by_label(ko("Why you want to take part"))).to_have_value(
        "지역에서 인공지능을 배우고 싶습니다."
    )

    fill(page)
    page.get_by_label(ko("Third choice")).select_option(label="AI 서비스 1반")
    for box in page.get_by_role("checkbox").all():
        if box.evaluate("e => e.required || e.closest('.f,.chk,div').textContent.includes('*')"):
            box.check()
    press(page, ko("Hand in"))
    expect(page.locator(".err-sum")).to_contain_text(ko("This track is chosen already."))
    check_page(page, status=422)
    page.get_by_label(ko("Third choice")).select_option(index=0)
    press(page, ko("Hand in"))
    expect(page.get_by_text(ko("Your application has been handed in."))).to_be_visible()
    check_page(page)
    application = Application.objects.get(person__email=EMAIL)
    assert application.state == "submitted"
    assert [c.track.key for c in application.choices.order_by("rank")] == [
        "modelling-2",
        "services-1",
    ]

    follow(page, ko("Change"))
    expect(page.get_by_text(ko("You have agreed already to:"))).to_be_visible()
    check_page(page)
    page.get_by_label(ko("First choice")).select_option(label="AI 플랫폼·인프라 3반")
    press(page, ko("Hand in"))
    expect(page.get_by_role("main")).to_contain_text("1. AI 플랫폼·인프라 3반")
    application.refresh_from_db()
    assert application.choices.order_by("rank").first().track.key == "platform-3"
