"""The client and `bitgoeul import --server`, against a server that runs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bitgoeul.__main__ import main
from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.client import Client, ClientError, Problem, Unexpected, Unreachable, read_token
from bitgoeul.core.imports.models import Import
from tests.core.api.calling import token_of
from tests.core.imports.samples import csv_bytes, put
from tests.world import member, person

HEADER = ["기관명", "구분", "지역"]
GOOD = ["담양목재", "기업", "광주"]
BAD = ["빛가람", "행성", "광주"]


def secret_of_an_officer() -> str:
    city = Organisation.objects.create(name_ko="한빛시", kind=OrganisationKind.CITY)
    who = person("아름 시청", "officer@hanbit.example")
    member(who, city, Role.OFFICER)
    return token_of(who, "alliance:write", "imports:write", "jobs:read")[1]


@pytest.fixture
def token_file(tmp_path: Path, transactional_db: None) -> Path:
    path = tmp_path / "token.txt"
    path.write_text(secret_of_an_officer() + "\n")
    path.chmod(0o600)
    return path


def client_of(handler: Any, **more: Any) -> Client:
    more.setdefault("pause", lambda seconds: None)
    return Client("https://a.example", "t", transport=httpx.MockTransport(handler), **more)


class TestCalls:
    def test_a_call_without_an_answer_is_repeated_under_one_key(self) -> None:
        keys, pauses = [], []

        def answer(request: httpx.Request) -> httpx.Response:
            keys.append(request.headers["Idempotency-Key"])
            if len(keys) == 1:
                raise httpx.ReadError("gone")
            if len(keys) == 2:
                return httpx.Response(429, headers={"Retry-After": "7"})
            return httpx.Response(201, json={"uuid": "x"})

        client = client_of(answer, pause=pauses.append)
        assert client.post("/alliance/organisations", {}) == {"uuid": "x"}
        assert len(keys) == 3
        assert len(set(keys)) == 1
        assert pauses == [0.5, 7.0]

    def test_it_gives_up_and_says_what_it_does_not_know(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route")

        with pytest.raises(Unreachable, match="no route"):
            client_of(answer).post("/x")

    def test_what_is_refused_is_not_repeated_and_keeps_the_problem_s_words(self) -> None:
        calls = []
        body = {
            "code": "invalid", "title": "No.", "detail": "Some values.", "number": "7K3M-9QXT",
            "errors": [{"place": "body.kind", "message": "Choose one."}],
        }  # fmt: skip

        def answer(request: httpx.Request) -> httpx.Response:
            calls.append(request)
            return httpx.Response(
                422, json=body, headers={"Content-Type": "application/problem+json"}
            )

        with pytest.raises(Problem) as raised:
            client_of(answer).post("/x")
        problem = raised.value
        assert (problem.code, problem.number, problem.status) == ("invalid", "7K3M-9QXT", 422)
        assert [(e.place, e.message) for e in problem.errors] == [("body.kind", "Choose one.")]
        assert len(calls) == 1

    def test_an_answer_of_something_else_is_told_apart_and_not_followed(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

        with pytest.raises(Unexpected, match="302"):
            client_of(answer).get("/x")

    def test_waiting_for_a_job_ends(self) -> None:
        states = iter(["ready", "running", "done"])

        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"state": next(states)})

        assert client_of(answer).job("u")["state"] == "done"
        with pytest.raises(TimeoutError):
            client_of(lambda r: httpx.Response(200, json={"state": "ready"})).job("u", wait=3)

    @pytest.mark.parametrize("server", ["http://city.example", "ftp://x", "city.example", ""])
    def test_a_token_does_not_go_unencrypted_or_nowhere(self, server: str) -> None:
        with pytest.raises(ClientError):
            Client(server, "t")

    @pytest.mark.parametrize(("text", "mode"), [("t", 0o644), ("", 0o600), ("a b", 0o600)])
    def test_a_token_s_file_is_its_owner_s_and_holds_one(
        self, tmp_path: Path, text: str, mode: int
    ) -> None:
        path = tmp_path / "token"
        path.write_text(text)
        path.chmod(mode)
        with pytest.raises(ClientError):
            read_token(path)

    def test_it_knows_no_django(self) -> None:
        asked = "import bitgoeul.client, sys; sys.exit('django' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_rows_come_page_by_page_and_a_change_happens_once(live_server, token_file) -> None:
    with Client(live_server.url, read_token(token_file)) as client:
        made = [client.post("/alliance/organisations", {"name_ko": f"기업 {n}", "kind": "company"})
                for n in range(5)]  # fmt: skip
        again = client.post(
            "/alliance/organisations", {"name_ko": "한 번", "kind": "agency"}, key="k"
        )
        assert again == client.post(
            "/alliance/organisations", {"name_ko": "한 번", "kind": "agency"}, key="k"
        )
        rows = list(client.each("/alliance/organisations", kind="company", limit=2))
        assert {row["uuid"] for row in rows} == {row["uuid"] for row in made}
        file = client.download("/alliance/organisations.csv", reason="월례 점검", kind="agency")
        assert "한 번" in file.decode("utf-8-sig")
        with pytest.raises(Problem) as refused:
            client.post("/alliance/organisations", {"name_ko": "", "kind": "planet"})
        assert "body.kind" in {error.place for error in refused.value.errors}


def run(capsys, live_server, token_file, path, *more):
    where = ("--server", live_server.url, "--token-file", str(token_file))
    code = main(["import", "organisations", str(path), *where, *more])
    printed = capsys.readouterr()
    return code, json.loads(printed.out) if printed.out else None, printed.err


def test_the_command_imports_at_another_installation(
    tmp_path, capsys, live_server, token_file, settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    good = put(tmp_path, csv_bytes([HEADER, GOOD]), "good.csv")
    both = put(tmp_path, csv_bytes([HEADER, GOOD, BAD]), "both.csv")
    code, said, errors = run(capsys, live_server, token_file, good, "--dry-run")
    assert (code, said["new"], said["state"], errors) == (0, 1, "staged", "")
    assert not Organisation.objects.filter(name_ko="담양목재").exists()
    code, said, errors = run(capsys, live_server, token_file, both, "--lang", "ko")
    assert (code, len(said["errors"]), said["errors"][0]["row"]) == (1, 1, 3)
    assert "1개 행에 오류가" in errors
    assert not Organisation.objects.filter(name_ko="담양목재").exists()
    code, said, _ = run(capsys, live_server, token_file, both, "--leave-out-errors")
    assert (code, said["new"], said["left_out"], said["state"]) == (0, 1, 1, "confirmed")
    assert run(capsys, live_server, token_file, good)[1]["same"] == 1
    states = list(Import.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "confirmed", "confirmed"]


def test_the_command_tells_what_is_wrong(
    tmp_path, capsys, live_server, token_file, settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    path = put(tmp_path, csv_bytes([HEADER, GOOD]) + b"a\x00\n", "nul.csv")
    code, said, _ = run(capsys, live_server, token_file, path)
    assert (code, said["errors"][0]["row"]) == (1, 3)
    where = ("--server", live_server.url, "--token-file", str(token_file), "--lang", "en")
    assert main(["import", "planets", str(path), *where]) == 2
    assert "You can: " in capsys.readouterr().err
    assert main(["import", "organisations", str(path), "--server", live_server.url]) == 2
    assert main(["import", "organisations", str(path), *where, "--as", "a@b.example"]) == 2
    (tmp_path / "old").write_text("bitgoeul_00000000_" + "x" * 43)
    (tmp_path / "old").chmod(0o600)
    code, said, errors = run(capsys, live_server, tmp_path / "old", path, "--lang", "en")
    assert (code, said) == (1, None)
    assert "This token is unknown." in errors
