"""Errors, pages of rows, and calls that happen once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core.api.models import KeptAnswer
from bitgoeul.core.api.services import forget_answers
from bitgoeul.core.journal.models import Entry
from tests.core.api.calling import ROOT, caller, post, token_of
from tests.world import member, person

LIST = f"{ROOT}/alliance/organisations"


def officer() -> User:
    city = Organisation.objects.create(name_ko="한빛시", kind=OrganisationKind.CITY)
    who = person("아름 시청", "officer@hanbit.example")
    member(who, city, Role.OFFICER)
    return who


@pytest.mark.django_db
class TestErrors:
    def test_a_problem_names_place_words_and_number(self) -> None:
        _token, secret = token_of(officer())
        bad = {"name_ko": "", "kind": "planet", "colour": "red"}
        answer = post(caller(secret), "/alliance/organisations", bad)
        problem = answer.json()
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert problem["code"] == "invalid"
        assert problem["number"] == answer["X-Request-Number"]
        places = {error["place"] for error in problem["errors"]}
        assert places == {"body.kind", "body.colour"}
        korean = post(caller(secret, "ko"), "/alliance/organisations", bad).json()
        assert korean["title"] == "받아들일 수 없는 값이 있습니다."

    def test_the_form_s_own_words_come_with_their_place(self) -> None:
        _token, secret = token_of(officer())
        bad = {"name_ko": "새 기관", "kind": "company", "business_number": "123"}
        problem = post(caller(secret), "/alliance/organisations", bad).json()
        assert [error["place"] for error in problem["errors"]] == ["body.business_number"]

    @pytest.mark.parametrize(
        "raw",
        [b"{", b'{"a": "\\ud800"}', b"\xff\xfe", b'{"a": NaN}', b"[" * 5000],
        ids=["cut", "surrogate", "encoding", "nan", "deep"],
    )
    def test_what_is_no_json_is_told_so(self, raw: bytes) -> None:
        client = caller(token_of(officer())[1])
        answer = client.post(LIST, raw, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")

    def test_what_no_column_keeps_is_refused(self) -> None:
        client = caller(token_of(officer())[1])
        nul = post(client, "/alliance/organisations", {"name_ko": "a\x00b", "kind": "company"})
        assert nul.status_code == 422
        assert client.get(LIST, {"q": "\x00"}).status_code == 422
        assert client.get(LIST, {"limit": str(2**63)}).status_code == 422
        far = "/alliance/consent-texts/selection/9223372036854775808"
        assert client.get(ROOT + far).status_code == 404

    def test_what_is_not_there_answers_as_a_problem(self) -> None:
        for path in (f"{ROOT}/nothing", f"{LIST}/{uuid.uuid4()}", f"{LIST}/x"):
            answer = Client().get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "absent")


@pytest.mark.django_db
class TestPages:
    def test_a_page_asks_the_database_no_oftener_for_more_rows(self) -> None:
        client = caller(token_of(officer())[1])
        counts = []
        for number in (1, 3):
            for name in range(number):
                Organisation.objects.create(name_ko=f"{number}-{name}", kind="company")
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(LIST)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_every_row_comes_once_whatever_is_added_meanwhile(self) -> None:
        for name in range(7):
            Organisation.objects.create(name_ko=f"기관 {name}", kind="company")
        there = set(map(str, Organisation.objects.values_list("uuid", flat=True)))
        seen, cursor = [], ""
        while cursor is not None:
            Organisation.objects.create(name_ko=f"가 {len(seen)}", kind="agency")
            page = Client().get(LIST, {"limit": 2, "cursor": cursor, "kind": "company"}).json()
            seen += [row["uuid"] for row in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen))
        assert set(seen) == there

    def test_a_cursor_belongs_to_its_list(self) -> None:
        for name in range(3):
            Organisation.objects.create(name_ko=f"기관 {name}", kind="company")
        cursor = Client().get(LIST, {"limit": 1}).json()["next"]
        for query in ({"kind": "company", "cursor": cursor}, {"cursor": cursor[:-1] + "!"}):
            answer = Client().get(LIST, query)
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["place"] == "query.cursor"

    @given(text=st.text(max_size=60))
    def test_no_text_in_a_query_breaks_a_list(self, text: str) -> None:
        for name in ("q", "cursor", "limit", "kind"):
            query = {name: text.encode("utf-8", "surrogatepass")}
            assert Client().get(LIST, query).status_code in {200, 422, 429}


def _body(number: int) -> dict[str, str]:
    return {"name_ko": f"기관 {number}", "kind": "company"}


@pytest.mark.django_db
class TestOnce:
    def test_a_repeat_gets_the_same_answer_and_another_call_is_refused(self) -> None:
        client = caller(token_of(officer())[1])
        first = post(client, "/alliance/organisations", _body(1), **{"idempotency-key": "k"})
        again = post(client, "/alliance/organisations", _body(1), **{"idempotency-key": "k"})
        other = post(client, "/alliance/organisations", _body(2), **{"idempotency-key": "k"})
        assert first.status_code == again.status_code == 201
        assert first.content == again.content
        assert again["Idempotent-Replayed"] == "true"
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
        assert Organisation.objects.filter(name_ko="기관 1").count() == 1

    def test_what_failed_may_be_tried_again_under_its_key(self) -> None:
        client = caller(token_of(officer())[1])
        headers = {"idempotency-key": "k"}
        assert post(client, "/alliance/organisations", {}, **headers).status_code == 422
        assert not KeptAnswer.objects.exists()
        assert post(client, "/alliance/organisations", _body(1), **headers).status_code == 201

    def test_keys_are_each_token_s_own_and_forgotten_after_a_day(self) -> None:
        who = officer()
        one, two = (caller(token_of(who)[1]) for _token in range(2))
        headers = {"idempotency-key": "k"}
        assert post(one, "/alliance/organisations", _body(1), **headers).status_code == 201
        assert post(two, "/alliance/organisations", _body(2), **headers).status_code == 201
        later = KeptAnswer.objects.latest("made_at").made_at
        assert forget_answers(at=later) == 0
        KeptAnswer.objects.update(made_at=later.replace(year=later.year - 1))
        assert forget_answers(at=later) == 2

    def test_a_key_is_short_and_visible(self) -> None:
        client = caller(token_of(officer())[1])
        for key in ("x" * 201, "a\tb"):
            answer = post(client, "/alliance/organisations", _body(1), **{"idempotency-key": key})
            assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_many_calls_of_few_keys_at_once_have_as_many_effects_as_keys() -> None:
    secret = token_of(officer())[1]
    keys, repeats = 10, 16

    def call(number: int) -> Any:
        key = number % keys
        try:
            headers = {"idempotency-key": f"key-{key}"}
            return post(caller(secret), "/alliance/organisations", _body(key), **headers)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(call, range(keys * repeats)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == keys
    assert Organisation.objects.filter(kind="company").count() == keys
    assert Entry.objects.filter(event="organisation.created").count() == keys
