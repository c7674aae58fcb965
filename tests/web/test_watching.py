"""Health, readiness, metrics, the log without people, and the number that finds a failure."""

import datetime as dt
import json
import logging
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from bitgoeul.apps.alliance.models import User
from bitgoeul.core import jobs
from bitgoeul.core.jobs.models import Job, Slot
from bitgoeul.core.jobs.tasks import tidy_queue
from bitgoeul.core.watch import logs, metrics, numbers, states
from bitgoeul.web import failures

AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
CANARIES = ("가온누리", "kanari@person.example", "010-9876-5432", "900101-1234567")


@pytest.fixture
def log(tmp_path: Path, settings: Any) -> Any:
    """The log of one test, in a folder of its own."""
    handler = logs.DailyFile(str(tmp_path / "log"))
    handler.setFormatter(logs.JsonLine())
    settings.LOG_DIR = tmp_path / "log"
    names = ("", "bitgoeul.requests")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield tmp_path / "log"
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def written(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.glob("*.jsonl"))


@pytest.fixture
def administrator(db: None) -> Client:
    user = User.objects.create_superuser("root@example.org", "pass-word-1234", full_name="관리")
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_ready_when_database_migrations_and_disk_are() -> None:
    answer = Client().get("/health/ready/")
    assert answer.status_code == 200
    assert answer.json()["checks"]["migrations"] == "ok"
    assert set(answer.json()["checks"]) == set(states.TITLES)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("patched", "value", "key"),
    [
        ("bitgoeul.core.watch.states.LEAST_FREE_BYTES", 1 << 60, "disk"),
        (
            "bitgoeul.core.watch.states.MigrationExecutor.migration_plan",
            lambda *_: [1],
            "migrations",
        ),
    ],
)
def test_not_ready_without_what_it_needs(patched: str, value: Any, key: str) -> None:
    with mock.patch(patched, value):
        answer = Client().get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"][key] == "failed"


@pytest.mark.django_db
def test_not_ready_without_its_database() -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("secret host")):
        answer = Client().get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_a_worker_that_is_late_is_told_and_stops_no_request() -> None:
    Slot.objects.all().delete()
    by_key = {check.key: check for check in states.checks()}
    assert by_key["worker"].state == states.LATE
    Slot.objects.create(key="x", slot=timezone.now())
    assert {c.key: c for c in states.checks()}["worker"].state == states.OK
    assert states.is_ready(list(by_key.values()))


@pytest.mark.django_db
def test_unsealed_entries_are_late_after_five_minutes(administrator: Client) -> None:
    from bitgoeul.core import clock, journal

    user = User.objects.get()
    journal.record(event="user.changed", by=user, at=clock.now() - dt.timedelta(minutes=6), on=user)
    assert {c.key: c for c in states.checks()}["sealing"].state == states.LATE


def test_metrics_are_for_the_token_this_machine_and_administrators(
    administrator: Client, settings: Any
) -> None:
    settings.BITGOEUL_METRICS_TOKEN = "t" * 40
    away = {"REMOTE_ADDR": "203.0.113.9"}
    public = Client()
    assert public.get("/health/metrics/", **away).status_code == 404
    assert public.get("/health/metrics/", REMOTE_ADDR="127.0.0.1").status_code == 200
    proxied = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert public.get("/health/metrics/", **proxied).status_code == 404
    bearer = {"Authorization": "Bearer " + "t" * 40}
    assert public.get("/health/metrics/", headers=bearer, **away).status_code == 200
    wrong = {"Authorization": "Bearer " + "u" * 40}
    assert public.get("/health/metrics/", headers=wrong, **away).status_code == 404
    settings.BITGOEUL_METRICS_TOKEN = ""
    empty = {"Authorization": "Bearer "}
    assert public.get("/health/metrics/", headers=empty, **away).status_code == 404
    assert administrator.get("/health/metrics/", **away).status_code == 200


@pytest.mark.django_db
def test_metrics_count_requests_jobs_and_the_database_and_name_nobody() -> None:
    User.objects.create_user(CANARIES[1], full_name=CANARIES[0])
    jobs.enqueue(tidy_queue, at=AT)
    Client().get("/accounts/login/?next=/x&q=" + CANARIES[0])
    text = Client().get("/health/metrics/").content.decode()
    assert re.search(r'bitgoeul_requests_total\{.*route="account_login".*\} \d', text)
    assert 'bitgoeul_request_seconds_bucket{le="0.15",route="account_login"}' in text
    assert re.search(r'bitgoeul_jobs\{state="ready",task="[\w.]+tidy_queue"\} 1.0', text)
    assert re.search(r"bitgoeul_database_bytes [1-9]", text)
    assert 'bitgoeul_check{check="database"} 1.0' in text
    assert not any(canary in text for canary in CANARIES)


def test_several_processes_are_added_up(tmp_path: Path) -> None:
    """Each counts into its own file; whoever asks gets the sum."""
    import os
    import subprocess

    code = (
        "from prometheus_client import Counter;"
        "Counter('bitgoeul_requests','x',('route','method','status')).labels('a','GET','2xx').inc(%d)"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for number in (2, 3):
        subprocess.run([sys.executable, "-c", code % number], env=env, check=True)
    with mock.patch.dict(os.environ, env), mock.patch.object(metrics._Tables, "collect", list):
        text = metrics.exposition().decode()
    assert 'bitgoeul_requests_total{method="GET",route="a",status="2xx"} 5.0' in text


@pytest.mark.django_db
def test_what_people_type_never_reaches_the_log(log: Path) -> None:
    """Through forms, a failing view, a failing query and a careless library."""
    client = Client(raise_request_exception=False)
    form = {
        "email": CANARIES[1],
        "password1": CANARIES[2],
        "password2": CANARIES[2],
        "full_name": CANARIES[0],
        "login": CANARIES[1],
        "password": CANARIES[3],
    }
    client.post("/accounts/signup/", form)
    client.post("/accounts/login/", form)
    client.get("/labs/", {"q": CANARIES[0]})
    client.get(f"/nothing/{CANARIES[1]}/")

    def broken(*_args: Any, **_kwargs: Any) -> None:
        typed = dict(zip("abcd", CANARIES, strict=True))
        raise ValueError(f"cannot read {typed}")

    with mock.patch("bitgoeul.web.front_page.published_reports", broken):
        number = client.get("/")["X-Request-Number"]
    logging.getLogger("some.library").error("refused %s: %s", CANARIES[0], CANARIES[1])
    put_together = f"Key (email)=({CANARIES[1]}) of {CANARIES[0]}"
    logging.getLogger("some.library").error(put_together)
    logging.getLogger("bitgoeul.x").error("sent to %s and %s", CANARIES[1], CANARIES[2])
    logging.getLogger("bitgoeul.x").error("number %s", CANARIES[3])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere WHERE name = %s", [CANARIES[0]])
    except Exception:
        logging.getLogger("bitgoeul.x").exception("a query failed")
    text = written(log)
    assert number in text
    assert "builtins.ValueError" in text
    assert "test_watching.py" in text, "where it happened is told"
    for canary in (*CANARIES, "9876", "kanari"):
        assert canary not in text, canary
        assert json.dumps(canary)[1:-1] not in text
    plain = logs.PlainLine().format(
        logging.LogRecord("x", logging.ERROR, "f", 1, f"Key ({CANARIES[1]})", (), None)
    )
    assert "kanari" not in plain


@pytest.mark.django_db
def test_a_quoted_number_is_found_by_page_and_command(
    log: Path, administrator: Client, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    from bitgoeul.__main__ import main

    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    with mock.patch("bitgoeul.web.front_page.open_cohorts", side_effect=RuntimeError("x")):
        answer = client.get("/")
    assert answer.status_code == 500
    number = answer["X-Request-Number"]
    assert number in answer.content.decode()
    page = administrator.get(reverse("overview"), {"number": number.replace("-", "").lower()})
    assert "builtins.RuntimeError" in page.content.decode()
    unknown = administrator.get(reverse("overview"), {"number": "ZZZZ-ZZZZ"})
    assert "nothing under this number" in unknown.content.decode()
    with mock.patch("bitgoeul.web.config.default_data_dir", return_value=log.parent):
        assert main(["log", number]) == 0
        assert "RuntimeError" in capsys.readouterr().out
        assert main(["log", "ZZZZ-ZZZZ", "--lang", "ko"]) == 1
        assert "ZZZZ-ZZZZ" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_job_carries_the_number_of_the_request_that_asked() -> None:
    with numbers.numbered("ABCD-2345"):
        asked = jobs.enqueue(tidy_queue, at=AT)
    assert asked.request_number == "ABCD-2345"
    assert jobs.enqueue(tidy_queue, at=AT).request_number == ""
    seen: list[str] = []

    def call(*_args: Any) -> None:
        seen.append(numbers.current())

    with mock.patch("bitgoeul.core.jobs.running.call", call):
        jobs.run_pending(at=AT)
    assert seen == ["ABCD-2345", ""]
    assert Job.objects.get(pk=asked.pk).state == "done"


@pytest.mark.parametrize("status", sorted(failures.ALONE))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_failure_has_its_page_without_a_database(status: int, language: str) -> None:
    """No `django_db`: a query would fail this test, and the page stands all the same."""
    from django.utils import translation

    request = RequestFactory().get("/")
    request.number = "ABCD-2345"  # type: ignore[attr-defined]  # as the middleware sets it
    with translation.override(language):
        answer = failures._alone(status, {"number": "ABCD-2345"})
    text = answer.content.decode()
    assert answer.status_code == status
    assert "ABCD-2345" in text
    assert f'lang="{language}"' in text
    assert ("요청 번호" in text) == (language == "ko")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/nothing-here/", "/reports/", "/accounts/login/"])
def test_pages_while_the_database_is_away(address: str, log: Path) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "ko"})
    away = OperationalError("server closed the connection: host=10.0.0.5 user=secret")
    from django.db.backends.utils import CursorWrapper

    with mock.patch.object(CursorWrapper, "execute", side_effect=away):
        answer = client.get(address)
    assert answer.status_code in {404, 503, 200}
    if answer.status_code != 200:
        assert answer["X-Request-Number"] in answer.content.decode()
    if address == "/":
        assert answer.status_code == 503
        assert answer["Retry-After"] == "60"
        assert "데이터베이스가 응답하지 않습니다" in answer.content.decode()
    assert "Content-Security-Policy" in answer
    assert "10.0.0.5" not in written(log) + answer.content.decode()


def test_the_log_forgets_after_thirty_days(tmp_path: Path) -> None:
    old, young = tmp_path / "2020-01-01.jsonl", tmp_path / f"{dt.datetime.now(dt.UTC).date()}.jsonl"
    old.write_text("{}")
    handler = logs.DailyFile(str(tmp_path))
    handler.setFormatter(logs.JsonLine())
    handler.emit(logging.LogRecord("bitgoeul", logging.INFO, "f", 1, "a", (), None))
    assert not old.exists()
    assert young.stat().st_mode & 0o077 == 0


def _full_server() -> OperationalError:
    error, cause = OperationalError("could not extend file"), Exception("no room")
    cause.sqlstate = "53100"  # type: ignore[attr-defined]  # as psycopg's errors have it
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        OSError(30, "Read-only file system"),
        OperationalError("database or disk is full"),
        OperationalError("attempt to write a readonly database"),
        _full_server(),
    ],
)
@pytest.mark.parametrize(("lang", "words"), [("ko", "저장할 수 없습니다"), ("en", "has not been")])
def test_a_full_disk_has_its_own_page(error: Exception, lang: str, words: str) -> None:
    request = RequestFactory().post("/alliance/organisations/new/")
    request.number = "ABCD-1234"  # type: ignore[attr-defined]  # as the middleware sets it
    with translation.override(lang):
        try:
            raise error
        except type(error):
            page = failures.server_error(request)
    assert page.status_code == 507
    assert words in page.content.decode()
    assert "ABCD-1234" in page.content.decode()
    assert page["Retry-After"] == "600"
    call = RequestFactory().post("/api/v1/organisations")
    try:
        raise error
    except type(error):
        assert failures.server_error(call).status_code == 503
