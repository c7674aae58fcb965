"""The frame, the parts and the sign-in pages, seen by a browser at every width and language."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.alliance.models import User

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[..., None]
NewPage = Callable[..., Page]

PUBLIC = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
)


@pytest.fixture
def gallery(settings: object) -> None:
    """Add the addresses that only tests have."""
    settings.ROOT_URLCONF = "tests.journeys.gallery"  # type: ignore[attr-defined]  # the fixture is untyped


@pytest.fixture
def person(db: None) -> User:
    """Somebody who can sign in."""
    who = User.objects.create_user("haneul@example.org", "sae-byeok-3412", full_name="김하늘")
    who.emailaddress_set.create(email=who.email, verified=True, primary=True)
    return who


def sign_in(page: Page, server: LiveServer, who: User) -> None:
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("이메일").fill(who.email)
    page.locator("#id_password").fill("sae-byeok-3412")
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    page.wait_for_url(f"{server.url}/")


@pytest.mark.parametrize("language", ["ko-KR", "en-GB"])
def test_public_pages(
    language: str, live_server: LiveServer, new_page: NewPage, check_page: Check
) -> None:
    page = new_page(locale=language)
    for address in PUBLIC:
        page.goto(live_server.url + address)
        expect(page.locator("html")).to_have_attribute("lang", language[:2])
        check_page(page)


def test_korean_pages_speak_korean(live_server: LiveServer, page: Page) -> None:
    """Outside the language button and proper names, no English word of ours is left."""
    for address in PUBLIC:
        page.goto(live_server.url + address)
        text = page.locator("body").inner_text()
        text = text.replace("English", "").replace("CJ", "")
        assert not re.findall(r"[A-Za-z]{3,}", text), f"{address}: {text}"


@pytest.mark.usefixtures("gallery")
def test_every_part(live_server: LiveServer, page: Page, check_page: Check) -> None:
    page.goto(f"{live_server.url}/gallery/")
    check_page(page)


@pytest.mark.usefixtures("gallery")
def test_form_errors_are_summed_up_linked_and_focused(
    live_server: LiveServer, page: Page, check_page: Check
) -> None:
    page.goto(f"{live_server.url}/gallery/")
    page.get_by_role("button", name="신청하기").click()
    summary = page.locator(".err-sum")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(11)
    check_page(page)
    summary.get_by_role("link", name=re.compile("^구분")).click()
    expect(page.get_by_role("radio").first).to_be_focused()
    name = page.get_by_label("성명")
    expect(name).to_have_attribute("aria-describedby", "id_name_helptext id_name_error")


@pytest.mark.usefixtures("gallery")
def test_one_of_the_two_drawings_is_shown(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/")
    figure = page.locator("figure").first
    expect(figure.locator("svg.slim")).to_be_visible()
    expect(figure.locator("svg.wide")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(figure.locator("svg.wide")).to_be_visible()
    expect(figure.locator("svg.slim")).to_be_hidden()
    figure.get_by_text("표로 보기").click()
    expect(figure.get_by_role("table")).to_be_visible()


@pytest.mark.usefixtures("gallery")
def test_error_pages_give_a_number_to_quote(
    live_server: LiveServer, page: Page, check_page: Check
) -> None:
    answer = page.goto(f"{live_server.url}/nothing-here/")
    assert answer is not None
    expect(page.locator(".mono")).to_have_text(answer.headers["x-request-number"])
    check_page(page, status=404)
    answer = page.goto(f"{live_server.url}/broken/")
    assert answer is not None
    expect(page.locator(".mono")).to_have_text(answer.headers["x-request-number"])
    check_page(page, status=500)


def test_keyboard_reaches_the_content_first(live_server: LiveServer, page: Page) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_text("본문 바로가기")).to_be_focused()
    expect(page.get_by_text("본문 바로가기")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_language_changes_and_stays(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/reports/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("/accounts/login/?next=/reports/")
    page.goto(live_server.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_sign_in_and_out(
    scripts: bool, live_server: LiveServer, new_page: NewPage, check_page: Check, person: User
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, live_server, person)
    expect(page.get_by_role("main")).to_contain_text("김하늘 님")
    page.get_by_text("내 메뉴").click()
    if scripts:
        check_page(page)
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_role("banner").get_by_role("link", name="로그인")).to_be_visible()


def test_pages_about_ones_account(
    live_server: LiveServer, page: Page, check_page: Check, person: User
) -> None:
    sign_in(page, live_server, person)
    for address in ("password/change/", "email/", "2fa/", "logout/"):
        page.goto(f"{live_server.url}/accounts/{address}")
        check_page(page)


def test_wrong_password_is_said_plainly(
    live_server: LiveServer, page: Page, check_page: Check, person: User
) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("이메일").fill(person.email)
    page.locator("#id_password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    expect(page.locator(".err-sum")).to_contain_text("비밀번호")
    check_page(page)
