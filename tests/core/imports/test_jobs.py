"""Long files are read and written by jobs, with progress, exactly once, and found back after."""

import datetime as dt
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import erasure, services, storage, tasks
from bitgoeul.core.imports.models import Import, StagedRow, WrittenRow
from bitgoeul.core.imports.services import reading, writing
from bitgoeul.core.jobs.models import Job
from tests.core.imports.samples import AT, GOOD, HEADER, csv_bytes

pytestmark = pytest.mark.django_db

BAD = ["담양목재", "없음", "2021-04-15", "", "", ""]


@pytest.fixture(autouse=True)
def _everything_is_long(monkeypatch):
    monkeypatch.setattr(reading, "INLINE_BYTES", 0)
    monkeypatch.setattr(writing, "INLINE_ROWS", 0)


@pytest.fixture
def signed_in(client):
    client.force_login(User.objects.create_user("officer@example.kr", full_name="김담당"))
    return client


def send(client, kind, *rows):
    address = reverse("imports:upload", kwargs={"kind": kind.key})
    file = SimpleUploadedFile("명단.csv", csv_bytes([HEADER, *rows]))
    client.post(address, {"file": file})
    return Import.objects.first()


def at(name, imported):
    return reverse(f"imports:{name}", kwargs={"uuid": imported.uuid})


def text(response):
    return response.content.decode()


def test_a_long_file_from_upload_to_receipt(signed_in, kind):
    imported = send(signed_in, kind, GOOD, ["나주식품", *GOOD[1:]])
    assert imported.state == "staging"
    assert "파일을 읽고 있습니다" in text(signed_in.get(at("detail", imported)))
    assert jobs.run_pending() >= 1
    assert "2개 행 반영하기" in text(signed_in.get(at("detail", imported)))
    signed_in.post(at("confirm", imported))
    assert "행을 반영하고 있습니다" in text(signed_in.get(at("detail", imported)))
    assert Organisation.objects.count() == 0
    signed_in.post(at("confirm", imported))  # pressed twice
    jobs.run_pending()
    assert Organisation.objects.count() == 2
    assert "2개 행을 반영했습니다." in text(signed_in.get(at("detail", imported)))
    assert WrittenRow.objects.count() == 2


def test_a_refusal_while_writing_returns_to_the_preview(signed_in, kind):
    imported = send(signed_in, kind, GOOD)
    jobs.run_pending()
    signed_in.post(at("confirm", imported))
    Organisation.objects.create(name_ko="빛고을전자", kind="company", region="24")
    jobs.run_pending()
    imported.refresh_from_db()
    assert (imported.state, imported.refusal["code"]) == ("staged", "stale")
    assert "1개 행의 처리가 달라집니다" in text(signed_in.get(at("detail", imported)))


def test_a_file_that_cannot_be_read(signed_in, kind):
    imported = send(signed_in, kind)
    jobs.run_pending()
    assert "파일을 읽을 수 없습니다" in text(signed_in.get(at("detail", imported)))


def test_a_room_that_fails_leaves_the_way_back_open(signed_in, register_kind):
    def fail(*, target, rows, by, at, context):
        Organisation.objects.create(name_ko="반쪽", kind="company")
        raise RuntimeError("the room failed")

    kind = register_kind(apply=fail)
    imported = send(signed_in, kind, GOOD)
    jobs.run_pending()
    signed_in.post(at("confirm", imported))
    jobs.run_pending()
    assert Organisation.objects.count() == 0
    imported.refresh_from_db()
    assert imported.state == "confirming"
    assert Job.objects.get(uuid=imported.job_uuid).state in {"failed", "dead"}
    assert "파일 다시 검사하기" in text(signed_in.get(at("detail", imported)))
    signed_in.post(at("restage", imported))
    jobs.run_pending()
    imported.refresh_from_db()
    assert imported.state == "staged"


def test_what_a_room_refuses_is_said_in_the_preview(signed_in, register_kind, monkeypatch):
    def refuse(*, target, rows, by, at, context):
        Organisation.objects.create(name_ko="반쪽", kind="company")
        raise Refused("닫힌 기관입니다.")

    kind = register_kind(apply=refuse)
    imported = send(signed_in, kind, GOOD)
    jobs.run_pending()
    signed_in.post(at("confirm", imported))
    jobs.run_pending()
    assert Organisation.objects.count() == 0
    assert Job.objects.get(uuid=Import.objects.get().job_uuid).state == "done"
    assert "닫힌 기관입니다." in text(signed_in.get(at("detail", imported)))
    monkeypatch.setattr(writing, "INLINE_ROWS", 100)
    answer = signed_in.post(at("confirm", imported), follow=True)
    assert answer.status_code == 200
    assert "닫힌 기관입니다." in text(answer)


def test_an_import_whose_reading_died_can_be_read_again(signed_in, kind):
    imported = send(signed_in, kind, GOOD)
    assert services.settle_imports(at=AT) == 0, "its job is still waiting"
    Job.objects.filter(uuid=imported.job_uuid).update(
        state="dead", reason="정전이었습니다.", finished_at=AT
    )
    assert services.settle_imports(at=AT) == 1
    page = text(signed_in.get(at("detail", imported)))
    assert "파일을 읽는 작업이 중단되었습니다. 정전이었습니다." in page
    assert "아직 읽지 못했습니다" in page
    signed_in.post(at("restage", imported))
    jobs.run_pending()
    imported.refresh_from_db()
    assert (imported.state, imported.refusal) == ("staged", None)


def test_an_import_whose_writing_died_goes_back_to_the_preview(signed_in, kind):
    imported = send(signed_in, kind, GOOD)
    jobs.run_pending()
    signed_in.post(at("confirm", imported))
    imported.refresh_from_db()
    Job.objects.filter(uuid=imported.job_uuid).update(
        state="dead", reason="정전이었습니다.", finished_at=AT
    )
    assert services.settle_imports(at=AT) == 1
    assert services.settle_imports(at=AT) == 0
    assert "저장하지 않았습니다. 정전이었습니다." in text(signed_in.get(at("detail", imported)))
    signed_in.post(at("confirm", imported))
    jobs.run_pending()
    assert Organisation.objects.count() == 1


def test_a_file_that_no_page_came_to_read_is_settled(kind):
    imported = services.upload_file(
        kind=kind, target=None, name="a.csv", content=[csv_bytes([HEADER, GOOD])], by=None, at=AT
    )
    assert services.settle_imports(at=AT + dt.timedelta(seconds=30)) == 0
    assert services.settle_imports(at=AT + dt.timedelta(minutes=2)) == 1
    imported.refresh_from_db()
    assert (imported.state, imported.refusal["code"]) == ("refused", "interrupted")
    assert services.stage_import(imported=imported, by=None, at=AT).state == "staged"


def test_the_job_runs_twice_and_writes_once(kind):
    imported = services.upload_file(
        kind=kind, target=None, name="a.csv", content=[csv_bytes([HEADER, GOOD])], by=None, at=AT
    )
    services.stage_import(imported=imported, by=None, at=AT)
    for _ in range(2):
        tasks.confirm_rows(str(imported.uuid), None, leave_out_errors=False).apply()
    assert Organisation.objects.count() == 1


def test_reading_says_how_far_it_is(kind):
    class Steps:
        def __init__(self):
            self.seen = []

        def step(self, done, total=0, note=""):
            self.seen.append((done, total))

    rows = [[f"기관{n}", *GOOD[1:]] for n in range(1200)]
    imported = services.upload_file(
        kind=kind, target=None, name="a.csv", content=[csv_bytes([HEADER, *rows])], by=None, at=AT
    )
    steps = Steps()
    services.examine_file(imported=imported, by=None, progress=steps)
    assert steps.seen[0] == (0, 1200)
    assert len(steps.seen) >= 3


def test_what_was_typed_is_erased_after_some_days(kind, settings):
    settings.BITGOEUL_IMPORT_KEEP_DAYS = 14
    confirmed, forgotten, fresh = (
        services.upload_file(
            kind=kind,
            target=None,
            name="a.csv",
            content=[csv_bytes([HEADER, [f"기관{n}", *GOOD[1:]], BAD])],
            by=None,
            at=AT + dt.timedelta(days=10 if n == 2 else 0),
        )
        for n in range(3)
    )
    for imported in (confirmed, forgotten, fresh):
        services.stage_import(imported=imported, by=None, at=AT)
    services.confirm_import(imported=confirmed, by=None, at=AT, leave_out_errors=True)
    assert erasure.erase_imports(at=AT + dt.timedelta(days=13)) == 0
    later = AT + dt.timedelta(days=15)
    assert erasure.erase_imports(at=later) == 2
    assert erasure.erase_imports(at=later) == 0
    forgotten.refresh_from_db()
    assert forgotten.state == "cancelled"
    left = StagedRow.objects.exclude(of=fresh)
    assert set(left.values_list("state", flat=True)) == {"error"}
    assert "담양목재" not in str(list(left.values_list()))
    assert "없음" not in str(list(left.values_list()))
    assert [row.errors[0]["code"] for row in left] == ["not_a_phone"] * 2
    assert not storage.path_of(confirmed.uuid).exists()
    assert storage.path_of(fresh.uuid).exists()
    assert len(services.receipt_of(confirmed).written) == 1


def test_files_without_an_import_are_removed(media):
    orphan = media / "0b9f7d8c-3d1e-4c57-9a55-0f7d4f1f2a11"
    orphan.write_text("x")
    os.utime(orphan, (AT.timestamp(), AT.timestamp()))
    (media / "README").write_text("x")
    erasure.erase_imports(at=AT + dt.timedelta(hours=1))
    assert orphan.exists()
    erasure.erase_imports(at=AT + dt.timedelta(days=2))
    assert not orphan.exists()
    assert (media / "README").exists()


def test_erasing_is_scheduled():
    from bitgoeul.core.jobs import schedules

    assert "imports.erase" in str(vars(schedules))
