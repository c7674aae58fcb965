"""Made-up calls for every operation of the document: no fault of ours, every answer as described.

Schemathesis makes the calls from the document's types, good ones and broken ones; most of them go
to objects that exist, and name such in their bodies. Each call is rolled back, so that one cannot
hide what the next would find.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cache
from random import Random
from typing import Any, get_args

import hypothesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import TestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bitgoeul.web.api import document, interface
from bitgoeul.web.wsgi import application
from tests.conftest import LONG
from tests.web import access
from tests.web.api.test_calls import calls, give_tokens
from tests.web.test_access_table import declared
from tests.world import World, build_world

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXAMPLES = 100 if LONG else 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
ASKING = ("officer_city", "administrator")
"""Whose tokens. In the long run each calls everything; in the short one each calls a quarter, of
which SQLite and PostgreSQL take two each."""


def test_no_two_shapes_of_an_answer_share_a_name() -> None:
    """The document keeps shapes by name: the second would silently describe the first's answers."""
    seen: dict[str, set[type]] = {}

    def look(kind: Any) -> None:
        for inner in get_args(kind):
            look(inner)
        if isinstance(kind, type) and issubclass(kind, BaseModel | Enum):
            seen.setdefault(kind.__name__, set()).add(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            look_inside(kind)

    def look_inside(kind: type[BaseModel] | None) -> None:
        for field in kind.model_fields.values() if kind else ():
            look(field.annotation)

    for operation in interface.operations:
        look(operation.answer)
        look_inside(operation.body)
    assert {name for name, kinds in seen.items() if len(kinds) > 1} == set()


BAD = (
    "a\x00b",
    "\ud800",
    2**63,
    -(2**63) - 1,
    1e300,
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00Z",
)


def test_no_body_takes_what_no_column_keeps() -> None:
    """Each value is refused at its own place, whatever else the body holds."""
    taken = []
    for operation in interface.operations:
        for name in operation.body.model_fields if operation.body else ():
            for bad in BAD:
                try:
                    operation.body.model_validate({name: bad})
                except ValidationError as fault:
                    if name in {each["loc"][0] for each in fault.errors()}:
                        continue
                # A text may read like a day.
                if not isinstance(bad, str) or not bad.isprintable():
                    taken.append(f"{operation.name}: {name} takes {bad!r}")
    assert taken == []


@override_settings(BITGOEUL_API_CALLS_A_MINUTE=10**9)
class TestDocument(TestCase):
    """An officer's token and an administrator's, each with every right."""

    world: World
    tokens: dict[str, str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world()
        cls.tokens = give_tokens(cls.world)


def _test_of(role: str, turn: int) -> Callable[[TestDocument], None]:
    def test(self: TestDocument) -> None:
        schema = from_dict(document())
        schema.app = application
        places = _places(self.world, role)
        known = sorted(
            {uuid for each in places.values() for where in each for uuid in where.values()}
        )
        known += [str(each.uuid) for each in (*self.world.people.values(), *self.world.tracks)]
        faults: list[str] = []
        mine = turn + 2 * (connection.vendor == "postgresql")
        with _one_connection():
            for result in schema.get_all_operations():
                operation = result.ok()
                name = operation.definition.raw["operationId"]
                if LONG or zlib.crc32(name.encode()) % 4 == mine:
                    there = places.get(name, [])
                    faults += _faults_of(operation, there, known, self.tokens[role])
        assert faults == [], "\n\n".join(faults)

    return test


for _turn, _role in enumerate(ASKING):
    setattr(TestDocument, f"test_{_role}", _test_of(_role, _turn))


def _places(world: World, role: str) -> dict[str, list[dict[str, str]]]:
    """The addresses of objects that exist, by operation."""
    pages = declared()

    @cache  # several operations stand on one page, and some objects can be made once only
    def asked(kwargs: access.Kwargs) -> list[Mapping[str, Any]]:
        found = (kwargs(world, role, ownership) for ownership in access.OWNERSHIPS)
        return [where for where in found if where]

    return {
        name: [
            {key: str(value) for key, value in {**where, **call.more}.items()}
            for where in asked(call.kwargs or pages[call.page].kwargs)
        ]
        for name, call in calls().items()
    }


def _aimed(value: Any, known: list[str], chance: Random) -> Any:
    """Put numbers of objects that exist where a body has made-up ones."""
    if isinstance(value, dict):
        return {name: _aimed(each, known, chance) for name, each in value.items()}
    if isinstance(value, list):
        return [_aimed(each, known, chance) for each in value]
    if isinstance(value, str) and _UUID.fullmatch(value):
        return chance.choice(known)
    return value


def _faults_of(
    operation: Any, places: list[dict[str, str]], known: list[str], secret: str
) -> list[str]:
    found: dict[str, str] = {}
    made = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=made, place=st.sampled_from([*places, None]), chance=st.randoms())
    def call(case: Any, place: Mapping[str, str] | None, chance: Random) -> None:
        if case.media_type == "application/json":
            case.body = _aimed(case.body, known, chance)
        if place:
            case.path_parameters = {**(case.path_parameters or {}), **place}
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {secret}"})
            transaction.set_rollback(True)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            for fault in group.exceptions:
                kind = f"{operation.label}: {type(fault).__name__}"
                found.setdefault(kind, f"{kind}: {fault}\n{case.as_curl_command()[:1000]}")

    call()
    return list(found.values())


@contextmanager
def _one_connection() -> Iterator[None]:
    """As Django's own client does: the end of a request does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
