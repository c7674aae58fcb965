"""Every address × every role × every ownership answers as the tables in tests/web/access say."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web import access
from tests.web.answers import faults_of
from tests.world import ROLES, World, build_world

pytestmark = pytest.mark.django_db

FOREIGN = (
    "v1:", "admin:", "account_", "mfa_", "usersessions_", "socialaccount_", "oidc_", "saml_",
    "kakao_", "naver_",
)  # fmt: skip
"""Routes of libraries, declared in test_library_routes.py, and of programs, in tests/web/api."""


def declared() -> dict[str, access.Route]:
    """Collect the rows of every room."""
    rows: dict[str, access.Route] = {}
    for module in pkgutil.iter_modules(access.__path__):
        found = importlib.import_module(f"{access.__name__}.{module.name}").ROUTES
        overlap = rows.keys() & found.keys()
        assert not overlap, f"declared twice: {sorted(overlap)}"
        rows |= found
    return rows


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Walk the resolver and name every route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, space)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def own_routes() -> set[str]:
    """Name the routes that are ours."""
    return {name for name in routes(get_resolver().url_patterns) if not name.startswith(FOREIGN)}


def test_every_route_is_declared() -> None:
    assert own_routes() - declared().keys() == set()


def test_every_declared_route_exists() -> None:
    assert declared().keys() - own_routes() == set()


def sign_everyone_in(world: World) -> World:
    """Sign every role in once, for tests that ask for thousands of pages."""
    world.more["sessions"] = {
        role: _client(world, role).cookies[settings.SESSION_COOKIE_NAME].value
        for role in ROLES
        if role != "public"
    }
    return world


def _client(world: World, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    if sessions := world.more.get("sessions"):
        if role != "public":
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
    elif role != "public":
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _faults(world: World, name: str, route: access.Route) -> Iterator[str]:
    for role in ROLES:
        for ownership in access.OWNERSHIPS:
            kwargs = route.kwargs(world, role, ownership)
            if kwargs is None:
                continue
            address = reverse(name, kwargs=kwargs) + route.query
            client = _client(world, role)
            response = getattr(client, route.method)(address, dict(route.data))
            status = response.status_code
            for fault in faults_of(response, signed_in=role != "public"):
                yield f"{role}/{ownership}: {fault}"
            where = response.headers.get("Location", "")
            to_sign_in = status == 302 and where.startswith("/accounts/login/")
            if role in route.allowed.get(ownership, frozenset()):
                if status not in route.ok or to_sign_in:
                    yield f"{role}/{ownership}: expected {sorted(route.ok)}, got {status} {where}"
            elif not (status == 404 or (role == "public" and to_sign_in)):
                yield f"{role}/{ownership}: expected a refusal, got {status} {where}"


@pytest.mark.once
class TestRoutes(TestCase):
    """One test per route; the small alliance is made once and rolled back after each."""

    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = sign_everyone_in(build_world())


def _test_of(name: str, route: access.Route) -> Callable[[TestRoutes], None]:
    def test(self: TestRoutes) -> None:
        assert list(_faults(self.world, name, route)) == []

    return test


for _name, _route in sorted(declared().items()):
    setattr(TestRoutes, f"test_{_name.replace(':', '__')}", _test_of(_name, _route))
