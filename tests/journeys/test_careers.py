"""A graduate ranks, reads the result and accepts, by keyboard on a phone; each page is checked."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.core import clock
from tests.apps.careers.market import CLOSES, HOUR, build_market
from tests.journeys.test_every_page import carry_session
from tests.world import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def sign_in(user: object, page: Page, server: LiveServer) -> None:
    client = Client(headers={"accept-language": "ko"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    carry_session(client, page, server)


def test_from_ranking_to_an_accepted_offer(
    live_server: LiveServer,
    page: Page,
    check_page: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    present = [AT]
    # The server answers in another thread, where the frozen clock of this one does not reach.
    monkeypatch.setattr(clock, "now", lambda: present[0])
    market = build_market()
    market.wants(g2="V-1", g3="V-1")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(market.graduates["g1"], page, live_server)
    rank = live_server.url + reverse("careers:rank", args=[market.round.uuid])
    page.goto(rank)
    check_page(page)
    card = page.locator(f"#v-{market.vacancies['V-2'].uuid}")
    card.get_by_role("button", name="내 목록에 추가").press("Enter")
    card = page.locator(f"#v-{market.vacancies['V-1'].uuid}")
    card.get_by_role("button", name="내 목록에 추가").press("Enter")
    page.get_by_role("button", name="위로: 개발자 V-1").press("Space")
    expect(page.get_by_label("개발자 V-1의 순위")).to_have_value("1")
    expect(page.get_by_label("개발자 V-2의 순위")).to_have_value("2")
    page.get_by_label("개발자 V-2의 순위").fill("1")
    page.keyboard.press("Enter")
    page.get_by_text("다른 공고에 이미 같은 순위를 주었습니다.").first.wait_for()
    check_page(page, status=422)

    market.rates("V-1", g1=70, g2=90, g3=None)
    market.rates("V-2", g1=80)
    market.run()
    market.publish()
    present[0] = CLOSES + 2 * HOUR
    page.goto(live_server.url + reverse("careers:result", args=[market.round.uuid]))
    assert "매칭되었습니다: 개발자 V-2, 가나다테크 (2순위 희망)" in page.content()
    assert "마지막 합격자의 평점은 90점입니다." in page.content()
    check_page(page)
    page.goto(live_server.url + reverse("careers:offer_list"))
    check_page(page)
    page.get_by_role("button", name="수락").press("Enter")
    page.get_by_text("채용 제안을 수락했습니다.").wait_for()

    page.context.clear_cookies()
    page.goto(live_server.url + reverse("careers:round_detail", args=[market.round.uuid]))
    check_page(page)
    sign_in(market.world.people["officer_city"], page, live_server)
    page.reload()
    check_page(page)
