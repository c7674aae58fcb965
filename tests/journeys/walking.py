"""What people do on pages, in the words that they read there."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from bitgoeul.apps.alliance.models import User

DESKTOP = {"width": 1280, "height": 900}


def ko(message: str, **fields: object) -> str:
    """The Korean that stands on the page for an English message of the code; it must exist."""
    with override("ko"):
        text = gettext(message)
    assert text != message, f"no Korean for {message!r}"
    return text % fields if fields else text


def sign_in(page: Page, server: str, email: str, password: str) -> None:
    """Sign in through the page."""
    page.goto(f"{server}/accounts/login/")
    page.get_by_label("이메일").fill(email)
    page.locator("#id_password").fill(password)
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    page.wait_for_url(f"{server}/")


def become(page: Page, server: str, email: str) -> None:
    """Be signed in without the page, where signing in is not the journey."""
    client = Client()
    client.force_login(
        User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend"
    )
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server}])


def follow(page: Page, name: str | re.Pattern[str], *, within: str = "main") -> None:
    """Follow the one link of this name in a part of the page."""
    part = page.get_by_role(within)  # type: ignore[arg-type]  # a role as text
    part.get_by_role("link", name=name, exact=isinstance(name, str)).click()
    page.wait_for_load_state()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button of this name; where it asks first, answer the question."""
    main = page.get_by_role("main")
    question = main.locator("details.ask", has=page.locator("summary", has_text=name))
    if question.count():
        question.locator("summary").click()
        question.get_by_role("button").last.click()
    else:
        main.get_by_role("button", name=name).click()
    page.wait_for_load_state()


def download(page: Page, link: Locator, folder: Path, *, reason: str = "") -> Path:
    """Take a file from the page; one with other people's data asks for the reason first."""
    with page.expect_download() as started:
        link.click()
        if reason:
            page.get_by_role("textbox").last.fill(reason)
            page.get_by_role("main").get_by_role("button").last.click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def expect_said(page: Page, text: str | re.Pattern[str]) -> None:
    """The page tells this in a message or a notice."""
    expect(
        page.locator(".note, .msg, [role=status], .job").filter(has_text=text).first
    ).to_be_visible()
