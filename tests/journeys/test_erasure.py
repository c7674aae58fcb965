"""A graduate who wants their data erased, on a phone, from their page to the proof."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Profile
from bitgoeul.core import jobs
from bitgoeul.core.privacy.models import ErasureRequest
from tests.journeys.walking import DESKTOP, become, download, follow, ko, press
from tests.world import build_world


def test_from_the_wish_to_the_proof(
    page: Page,
    new_page: Callable[..., Page],
    live_server: Any,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    world, url = build_world(), str(live_server.url)
    become(page, url, "graduate@people.example")
    page.goto(f"{url}/alliance/me/")
    follow(page, ko("What is kept, download, erasure"))
    check_page(page)
    expect(page.get_by_role("main")).to_contain_text("국비 지원 훈련 기록")
    link = page.get_by_role("link", name=ko("Download all my data (ZIP)"))
    assert download(page, link.first, tmp_path).name == "my-data.zip"
    page.get_by_role("textbox").last.fill("모두 지워 주세요.")
    press(page, ko("Ask that my data be erased"))
    check_page(page)
    request = ErasureRequest.objects.get()
    proof = page.get_by_role("link", name="처리 결과").first.get_attribute("href")

    officer = new_page(viewport=DESKTOP)
    become(officer, url, "officer_university@hanbit.example")
    officer.goto(f"{url}/privacy/requests/")
    check_page(officer)
    follow(officer, "다솜 수료")
    check_page(officer)
    officer.set_viewport_size({"width": 390, "height": 844})
    press(officer, ko("Decide"))
    check_page(officer)
    jobs.run_pending()

    person = User.objects.get(pk=world.people["graduate"].pk)
    assert (person.phone, person.is_active) == ("", False)
    assert not Profile.objects.filter(person=person).exists()
    page.goto(f"{url}{proof}")
    check_page(page)
    expect(page.get_by_role("main")).to_contain_text("careers.Profile")
    link = page.get_by_role("link", name=ko("Download the certificate (JSON)"))
    file = download(page, link, tmp_path)
    assert str(request.uuid) in file.read_text()
    assert "다솜" not in page.content()


def test_a_file_asks_and_a_month_is_looked_through(
    new_page: Callable[..., Page], live_server: Any, check_page: Callable[..., None]
) -> None:
    world, url = build_world(), str(live_server.url)
    officer = new_page(viewport={"width": 390, "height": 844})
    become(officer, url, "officer_city@hanbit.example")
    officer.goto(f"{url}/programmes/cohorts/{world.cohort.uuid}/applications/")
    officer.get_by_role("link", name="CSV").first.click()
    check_page(officer)
    officer.get_by_role("textbox").last.fill("운영위원회 제출용입니다.")
    with officer.expect_download():
        officer.get_by_role("main").get_by_role("button").last.click()
    officer.goto(f"{url}/journal/readings/")
    check_page(officer)
    expect(officer.get_by_role("main")).to_contain_text("아름 시청")
    officer.goto(f"{url}/journal/readings/list/")
    check_page(officer)
    expect(officer.get_by_role("main")).to_contain_text("운영위원회 제출용입니다.")
