"""Every page of the access table, opened by somebody who may, passes the checks of all pages.

The table already names each address, who may see it and whose object to ask for; so a new page is
looked at here without a line of its own. Files and fragments are left out.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.conftest import LONG
from tests.web import access
from tests.web.test_access_table import declared
from tests.world import ROLES, World, build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def rooms() -> dict[str, list[str]]:
    """The names of all pages (not actions), by room."""
    names = sorted(name for name, route in declared().items() if route.method == "get")
    return {room: list(some) for room, some in groupby(names, key=lambda n: n.partition(":")[0])}


def visits(world: World, route: access.Route, name: str) -> Iterator[tuple[str, str]]:
    """Who may open the page, and at which address: the least allowed; in long runs the most, too.

    What the most allowed see is looked at by test_reach.py, on the demo year.
    """
    found = []
    for ownership in access.OWNERSHIPS:
        for role in ROLES:
            kwargs = route.kwargs(world, role, ownership)
            if kwargs is not None and role in route.allowed.get(ownership, frozenset()):
                found.append((role, reverse(name, kwargs=kwargs) + route.query))
    yield from dict.fromkeys([*found[:1], *found[-1:]] if LONG else found[:1])


def signed_in(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "ko"})
    if role != "public":
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def carry_session(client: Client, page: Page, server: LiveServer) -> None:
    """Let the browser be who the client is."""
    page.context.clear_cookies()
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is not None:
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])


@pytest.mark.parametrize("room", sorted(rooms()))
def test_pages_of(
    room: str, live_server: LiveServer, page: Page, check_page: Callable[..., None]
) -> None:
    world = build_world()
    faults = []
    for name in rooms()[room]:
        route = declared()[name]
        for role, address in visits(world, route, name):
            client = signed_in(world, role)
            answer = client.get(address)
            if answer.status_code >= 500:
                faults.append(f"{name} as {role}: {answer.status_code}")
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            if b"<html" not in answer.content:
                continue  # a fragment for polling, checked where it is shown
            carry_session(client, page, live_server)
            page.goto(live_server.url + address)
            try:
                check_page(page)
            except AssertionError as fault:
                faults.append(f"{name} as {role}: {fault}")
    assert not faults, "\n\n".join(faults)
