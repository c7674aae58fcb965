"""`bitgoeul contest submit` and `watch`, against a server that runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.__main__ import main
from bitgoeul.client import Client, ClientError, Problem
from bitgoeul.core import clock, jobs
from tests.apps.contests.bench import Bench, answers, make_bench
from tests.core.api.calling import token_of
from tests.world import AT


@pytest.fixture
def bench(transactional_db: None) -> Bench:
    with clock.freeze(AT):
        return make_bench()


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.BITGOEUL_FIXED_TODAY = AT.date()


def _token(bench: Bench, folder: Path) -> Path:
    bench.team(0)
    path = folder / "token.txt"
    rights = ("contests:read", "contests:write")
    path.write_text(token_of(bench.person(0), *rights)[1] + "\n")
    path.chmod(0o600)
    return path


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(content)
    return path


def test_hand_in_watch_and_read_the_board(
    bench: Bench, live_server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = _token(bench, tmp_path)
    file = _file(tmp_path, answers(5, 4))
    where = ["--server", live_server.url, "--token-file", str(token)]
    assert (
        main(["contest", "submit", "health", str(file), "--no-wait", "--note", "기본", *where]) == 0
    )
    made = json.loads(capsys.readouterr().out)
    assert (made["state"], made["before"]) == ("queued", 0)
    jobs.run_pending()
    assert main(["contest", "watch", made["uuid"], *where]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "scored"
    assert found["public"] == pytest.approx(5 / 6)
    assert found["private"] is None
    with Client(live_server.url) as client:
        (board,) = client.contests.board(str(bench.phase.uuid))
    assert [line["name"] for line in board["lines"]] == ["팀 0"]
    assert board["lines"][0]["private"] is None


def test_what_is_not_as_asked_is_said_and_nothing_is_handed_in(
    bench: Bench, live_server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = _token(bench, tmp_path)
    where = ["--server", live_server.url, "--token-file", str(token)]
    file = _file(tmp_path, b"id,target\n1,1\n")
    assert main(["contest", "submit", "health", str(file), *where]) == 1
    assert "missing" in capsys.readouterr().err
    assert main(["contest", "submit", "nothing", str(file), *where]) == 2
    with Client(live_server.url, token.read_text().strip()) as client:
        with pytest.raises(ClientError):
            client.contests.find("nothing")
        with pytest.raises(Problem):
            client.contests.submit(str(bench.task.uuid), file)
