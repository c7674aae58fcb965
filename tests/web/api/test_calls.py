"""Every operation × every role × every ownership answers as its page does."""

import datetime as dt
import importlib
import pkgutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from bitgoeul.core.api.models import Token
from bitgoeul.core.api.registry import scope_names
from bitgoeul.core.api.rooms import Operation
from bitgoeul.core.api.services import create_token
from bitgoeul.web.api import interface
from tests.conftest import LONG
from tests.web import access, api
from tests.web.api.pages_without import REASONS
from tests.web.test_access_table import declared, own_routes
from tests.world import ROLES, World, build_world

pytestmark = pytest.mark.django_db
OPERATIONS: Mapping[str, Operation] = {each.name: each for each in interface.operations}


def calls() -> dict[str, api.Call]:
    """Collect the rows of every room."""
    rows: dict[str, api.Call] = {}
    for module in pkgutil.iter_modules(api.__path__):
        rows |= getattr(importlib.import_module(f"{api.__name__}.{module.name}"), "CALLS", {})
    return rows


def test_every_operation_is_declared() -> None:
    assert OPERATIONS.keys() - calls().keys() == set()


def test_every_declared_operation_exists() -> None:
    assert calls().keys() - OPERATIONS.keys() == set()


def test_every_page_has_an_operation_or_a_reason() -> None:
    named = {call.page for call in calls().values()}
    mounted = {room.key for room in interface.rooms} | {"api"}
    pages = {name for name in own_routes() if name.partition(":")[0] in mounted or ":" not in name}
    assert pages - named - REASONS.keys() == set()
    assert named & REASONS.keys() == set(), "a reason that is no longer true"
    assert REASONS.keys() - own_routes() == set()


def test_a_page_open_to_everybody_is_a_call_open_to_everybody() -> None:
    pages = declared()
    for name, call in calls().items():
        allowed = call.allowed or pages[call.page].allowed
        open_to_public = any("public" in roles for roles in allowed.values())
        if call.public is not None:
            open_to_public = call.public
        assert OPERATIONS[name].public == open_to_public, name


def address_of(operation: Operation, where: Mapping[str, Any]) -> str:
    """Write the address of a call."""
    return reverse(f"v1:{operation.name}", kwargs=dict(where))


def send(client: Client, operation: Operation, address: str, call: api.Call, world: World) -> Any:
    """Make a call as the row says."""
    headers = {"x-reason": "The%20committee%20asked"}
    if not operation.writes:
        return client.get(address + call.query, headers=headers)
    body = call.body(world) if callable(call.body) else dict(call.body)
    if operation.files:
        files = {name: SimpleUploadedFile(f"{name}.csv", data) for name, data in call.files.items()}
        return client.post(address, {**body, **files}, headers=headers)
    method = getattr(client, operation.method.lower())
    return method(address, body, content_type="application/json", headers=headers)


def _faults(world: World, tokens: Mapping[str, str], operation: Operation) -> Iterator[str]:
    call = calls()[operation.name]
    page = declared()[call.page]
    kwargs, allowed = call.kwargs or page.kwargs, call.allowed or page.allowed
    ok = call.ok or (api.EITHER_WAY if operation.writes else frozenset({200}))
    for role in _asking(operation, allowed):
        for ownership in access.OWNERSHIPS:
            where = kwargs(world, role, ownership)
            if where is None:
                continue
            address = address_of(operation, {**where, **call.more})
            sent = {"authorization": f"Bearer {tokens[role]}"} if role in tokens else {}
            response = send(Client(headers=sent), operation, address, call, world)
            yield from _wrong(operation, response, role, ownership, allowed, ok)


def _asking(operation: Operation, allowed: api.Allowed) -> Iterator[str]:
    """Everybody in the long run; else the public, two who may and two who may not, by turns.

    The pages' table asks everybody in every run, and both tables ask the same rules.
    """
    may = frozenset().union(*allowed.values())
    turn = zlib.crc32(operation.name.encode())
    for group in ([r for r in ROLES if r in may], [r for r in ROLES if r not in may]):
        turned = group[turn % len(group) :] + group[: turn % len(group)] if group else []
        yield from (r for r in turned if LONG or r == "public" or r in turned[:2])


def _wrong(
    operation: Operation, response: Any, role: str, ownership: str, allowed: Any, ok: Any
) -> Iterator[str]:
    status, here = response.status_code, f"{role}/{ownership}"
    if role in allowed.get(ownership, frozenset()):
        if status not in ok:
            yield f"{here}: expected {sorted(ok)}, got {status} {response.content[:300]!r}"
        elif status == operation.status and operation.answer is not None:
            operation.answer.model_validate_json(response.content)
    elif status != 404 and not (role == "public" and status == 401):
        yield f"{here}: expected a refusal, got {status}"
    if status >= 400 and response["Content-Type"] != "application/problem+json":
        yield f"{here}: {status} is no problem document"


def give_tokens(world: World) -> dict[str, str]:
    """Give everybody a token with every right; what they may is their own."""
    at = timezone.now()
    ends = at + dt.timedelta(days=30)
    Token.objects.all().delete()
    return {
        role: create_token(
            owner=person, name="t", scopes=sorted(scope_names()), expires_at=ends, at=at
        )[1]
        for role, person in world.people.items()
    }


@override_settings(BITGOEUL_API_PUBLIC_CALLS_A_MINUTE=10**6)
class TestCalls(TestCase):
    """One test per operation; the small alliance is made once and rolled back after each."""

    world: World
    tokens: dict[str, str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world()
        cls.tokens = give_tokens(cls.world)


def _test_of(operation: Operation) -> Callable[[TestCalls], None]:
    def test(self: TestCalls) -> None:
        assert list(_faults(self.world, self.tokens, operation)) == []

    return test


for _name, _operation in sorted(OPERATIONS.items()):
    setattr(TestCalls, f"test_{_name.replace('.', '__')}", _test_of(_operation))
