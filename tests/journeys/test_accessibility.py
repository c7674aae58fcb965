"""What only a keyboard, a ruler and a magnifying glass show: focus, sizes, text twice as large.

docs/accessibility.md names this file beside the items of KWCAG 2.2 that it checks.
"""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from bitgoeul.core.notices.models import Notice
from tests.journeys.checks import _widest
from tests.journeys.test_every_page import carry_session
from tests.world import AT, build_world

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/", "/accounts/login/", "/careers/", "/notices/", "/notices/mail/", "/accessibility/")
SMALLEST = 24
"""Pixels in height; with it the diagonal is longer than the 6 mm (22.7 pixels) of the guideline."""

STOP = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const all = [...document.querySelectorAll('*')];
    return {place: all.indexOf(e), what: e.outerHTML.slice(0, 100),
        drawn: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0,
        first: e.matches('a.skip')};
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea,'
    + ' summary, [tabindex="0"]')]
    .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility()
    && !(e.closest('details:not([open])') && e.tagName !== 'SUMMARY')
    && !(e.type === 'radio' && !e.checked)).length"""
SIZES = """() => [...document.querySelectorAll('.btn, button, input:not([type=hidden]), select,'
    + ' textarea, summary, .main-nav a, .menu a, .tabs a, .pages a')]
    .filter(e => e.checkVisibility() && !e.closest('details:not([open]) > div'))
    .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 100)])
    .filter(([box]) => box.height < %d || box.width < %d).map(([, html]) => html)"""
LARGE = "document.documentElement.style.setProperty('font-size', '200%')"
CLIPPED = """() => [...document.querySelectorAll('main *, header *')]
    .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
        && e.scrollWidth > e.clientWidth + 1 && !e.matches('.sr-only, svg, svg *, progress'))
    .map(e => e.outerHTML.slice(0, 100))"""


def stops(page: Page) -> list[dict[str, Any]]:
    """Where the Tab key leads, from the top of the page until it leaves it."""
    found: list[dict[str, Any]] = []
    for _each in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (found and stop["place"] == found[0]["place"]):
            break
        found.append(stop)
    return found


def test_keyboard_sizes_and_large_text(live_server: LiveServer, page: Page) -> None:
    world = build_world()
    who = world.people["trainee"]
    Notice.objects.create(
        person=who, topic="labs", message="labs.scored", path="/labs/", created_at=AT,
        values={"lab": "첫 실습"},
    )  # fmt: skip
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    faults = []
    for address in PAGES:
        if address != "/accounts/login/":
            carry_session(client, page, live_server)
        else:
            page.context.clear_cookies()
        page.goto(live_server.url + address)
        reachable = page.evaluate(REACHABLE)
        found = stops(page)
        places = [stop["place"] for stop in found]
        if len(found) < reachable:
            faults.append(f"{address}: Tab reaches {len(found)} of {reachable} controls")
        if places != sorted(places):
            faults.append(f"{address}: focus does not follow the page")
        if not found[0]["first"]:
            faults.append(f"{address}: the first stop is no link to the content")
        faults += [f"{address}: no focus drawn: {s['what']}" for s in found if not s["drawn"]]
        faults += [f"{address}: focus out of sight: {s['what']}" for s in found if not s["seen"]]
        faults += [
            f"{address}: small: {html}" for html in page.evaluate(SIZES % (SMALLEST, SMALLEST))
        ]
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate(LARGE)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 1280:
            faults.append(f"{address}: {wide} px wide with text twice as large: {_widest(page)}")
        faults += [f"{address}: cut off: {html}" for html in page.evaluate(CLIPPED)]
        page.set_viewport_size({"width": 390, "height": 844})
    assert not faults, "\n".join(faults)
