"""Upload, stage, confirm, undo: all or nothing, once, and never on stale ground."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation

from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.core import imports, uploads
from bitgoeul.core.imports import FileRefused, ImportRefused, UndoRefused, services, storage
from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.models import Import, StagedRow
from bitgoeul.core.imports.queries import origins_of
from bitgoeul.core.journal.models import Entry
from tests.core.imports.samples import AT, GOOD, HEADER, csv_bytes, put, xlsx_bytes

pytestmark = pytest.mark.django_db

SECOND = ["나주식품", "061-234-5678", "2019. 3. 2.", "12억 8,400만 원", "전남", "×"]
BAD = ["담양목재", "전화 없음", "2021-02-30", "1,234", "광주", "○"]
NUMBER = "900101-1234567"


def uploaded(kind, content, by=None, name="명단.csv"):
    return services.upload_file(kind=kind, target=None, name=name, content=[content], by=by, at=AT)


def staged(kind, *rows, by=None):
    imported = uploaded(kind, csv_bytes([HEADER, *rows]), by=by)
    return services.stage_import(imported=imported, by=by, at=AT)


def confirm(imported, **options):
    return services.confirm_import(imported=imported, by=None, at=AT, **options)


def test_preview_writes_nothing_and_counts_everything(kind):
    Organisation.objects.create(name_ko="빛고을전자", kind="company", region="24")
    Organisation.objects.create(name_ko="나주식품", kind="company", region="24")
    imported = staged(kind, GOOD, SECOND, BAD, ["장성제분", *SECOND[1:]], ["장성제분", *SECOND[1:]])
    counts = (imported.rows, imported.new, imported.changed, imported.same)
    assert counts == (5, 1, 1, 1)
    assert (imported.errors, imported.duplicates) == (1, 1)
    assert Organisation.objects.count() == 2
    assert imported.state == ImportState.STAGED


def test_confirm_writes_the_staged_rows_and_the_journal(kind):
    imported = staged(kind, GOOD, SECOND)
    receipt = confirm(imported)
    assert receipt.state == "confirmed"
    names = Organisation.objects.filter(uuid__in=receipt.written).values_list("name_ko", "region")
    assert sorted(names) == [("나주식품", "36"), ("빛고을전자", "24")]
    events = list(Entry.objects.filter(object_uuid=imported.uuid).values_list("event", flat=True))
    assert events == ["import.uploaded", "import.staged", "import.confirmed"]
    details = Entry.objects.filter(event="import.confirmed").get().details
    assert details["new"] == 2
    assert "빛고을전자" not in str(details)


def test_errors_block_confirmation_unless_left_out(kind):
    imported = staged(kind, GOOD, BAD)
    with pytest.raises(services.RowsRefused) as caught:
        confirm(imported)
    assert [e.row for e in caught.value.receipt.errors] == [3, 3]
    assert Organisation.objects.count() == 0
    receipt = confirm(imported, leave_out_errors=True)
    assert (receipt.left_out, len(receipt.written)) == (1, 1)
    assert [e.row for e in receipt.errors] == [3, 3]


def test_confirming_twice_writes_once(kind):
    imported = staged(kind, GOOD)
    first = confirm(imported)
    second = confirm(Import.objects.get(pk=imported.pk))
    assert first.written == second.written
    assert Organisation.objects.count() == 1
    assert Entry.objects.filter(event="import.confirmed").count() == 1


def test_two_imports_of_one_file_do_not_write_it_twice(kind):
    one, two = staged(kind, GOOD), staged(kind, GOOD)
    confirm(one)
    with pytest.raises(ImportRefused) as caught:
        confirm(two)
    assert (caught.value.code, caught.value.params) == ("stale", {"rows": 1})
    services.stage_import(imported=two, by=None, at=AT)
    assert (two.new, two.same) == (0, 1)
    assert confirm(two).written == []


def test_a_failure_while_writing_leaves_nothing(register_kind):
    def fail(*, target, rows, by, at, context):
        Organisation.objects.create(name_ko=rows[0]["name"], kind="company")
        raise RuntimeError("the room failed")

    imported = staged(register_kind(apply=fail), GOOD)
    with pytest.raises(RuntimeError), transaction.atomic():
        confirm(imported)
    imported.refresh_from_db()
    assert imported.state == ImportState.STAGED
    assert Organisation.objects.count() == 0


def test_a_room_that_loses_rows_is_found_out(register_kind):
    kind = register_kind(apply=lambda *, target, rows, by, at, context: [])
    with pytest.raises(RuntimeError, match="1 rows, but 0 were written"), transaction.atomic():
        confirm(staged(kind, GOOD))


def test_undo_takes_back_new_and_changed_rows(kind):
    old = Organisation.objects.create(name_ko="나주식품", kind="company", region="24")
    imported = staged(kind, GOOD, SECOND)
    confirm(imported)
    old.refresh_from_db()
    assert old.region == "36"
    services.undo_import(imported=imported, by=None, at=AT)
    old.refresh_from_db()
    assert old.region == "24"
    assert list(Organisation.objects.all()) == [old]
    assert services.undo_import(imported=imported, by=None, at=AT).state == ImportState.UNDONE
    assert Entry.objects.filter(event="import.undone").count() == 1


def test_undo_is_refused_when_something_builds_on_the_rows(kind):
    receipt = confirm(imported := staged(kind, GOOD))
    Membership.objects.create(
        person=User.objects.create_user("a@example.kr", full_name="가"),
        organisation=Organisation.objects.get(uuid=receipt.written[0]),
        role="officer",
        started_on=AT.date(),
    )
    with pytest.raises(UndoRefused) as caught:
        services.undo_import(imported=imported, by=None, at=AT)
    assert caught.value.code == "undo_blocked"
    assert "(1)" in str(caught.value.params["what"])
    assert Organisation.objects.count() == 1


def test_undo_is_refused_when_rows_are_gone(kind):
    confirm(imported := staged(kind, GOOD))
    Organisation.objects.all().delete()
    with pytest.raises(UndoRefused) as caught:
        services.undo_import(imported=imported, by=None, at=AT)
    assert caught.value.code == "undo_missing"


def test_undo_needs_a_way_back_and_something_written(register_kind):
    imported = staged(register_kind(undo=None), GOOD)
    with pytest.raises(UndoRefused) as caught:
        services.undo_import(imported=imported, by=None, at=AT)
    assert caught.value.code == "not_confirmed"
    confirm(imported)
    with pytest.raises(UndoRefused) as caught:
        services.undo_import(imported=imported, by=None, at=AT)
    assert caught.value.code == "cannot_undo"


def test_discarding_leaves_nothing_typed(kind):
    imported = staged(kind, GOOD, BAD)
    services.cancel_import(imported=imported, by=None, at=AT)
    assert not StagedRow.objects.exists()
    assert not storage.path_of(imported.uuid).exists()
    with pytest.raises(ImportRefused) as caught:
        confirm(imported)
    assert caught.value.code == "not_ready"


def test_a_person_who_may_not_import_writes_nothing(register_kind):
    kind = register_kind(can=lambda user, target: user.email == "may@example.kr")
    may = User.objects.create_user("may@example.kr", full_name="가")
    other = User.objects.create_user("other@example.kr", full_name="나")
    with pytest.raises(PermissionDenied):
        uploaded(kind, csv_bytes([HEADER, GOOD]), by=other)
    imported = staged(kind, GOOD, by=may)
    for step in (services.confirm_import, services.cancel_import, services.stage_import):
        with pytest.raises(PermissionDenied):
            step(imported=imported, by=other, at=AT)
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize("where", [0, 3])
def test_a_resident_number_is_refused_and_kept_nowhere(kind, where, caplog):
    row = list(GOOD)
    row[where] = NUMBER
    imported = staged(kind, row, SECOND)
    assert imported.errors == 1
    assert not storage.path_of(imported.uuid).exists()
    error = imported.staged_rows.get(state="error").errors[0]
    assert error["code"] == "resident_number"
    kept = str([*StagedRow.objects.values_list(), *Import.objects.values_list()])
    kept += str(list(Entry.objects.values_list())) + caplog.text
    for language in ("ko", "en"):
        with translation.override(language):
            kept += str(services.receipt_of(imported))
    assert "1234567" not in kept
    assert "900101" not in kept


def test_a_resident_number_in_an_unknown_column_refuses_its_row(kind):
    content = csv_bytes([[*HEADER, "메모"], [*GOOD, f"본인 {NUMBER}"]])
    imported = services.stage_import(imported=uploaded(kind, content), by=None, at=AT)
    assert imported.errors == 1
    assert "1234567" not in str(list(StagedRow.objects.values_list()))


def test_a_file_with_a_resident_column_is_refused_and_not_kept(kind):
    content = csv_bytes([[*HEADER, "주민등록번호"], [*GOOD, NUMBER]])
    imported = services.stage_import(imported=uploaded(kind, content), by=None, at=AT)
    assert imported.state == ImportState.REFUSED
    assert imported.refusal["code"] == "resident_column"
    assert not storage.path_of(imported.uuid).exists()


def test_the_name_of_the_file_is_made_harmless(kind):
    name = "..\\../etc/\u202e명단\x00<script>.csv"
    imported = uploaded(kind, b"x", name=name)
    assert imported.file_name == "_명단_script_.csv"
    path = storage.path_of(imported.uuid)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent == storage.folder()
    assert len(uploads.safe_name("가" * 300 + ".xlsx")) <= 100
    assert uploads.safe_name("...") == "file"


def test_a_file_that_is_too_long_is_not_kept(kind, monkeypatch):
    from bitgoeul.core.imports.limits import Limits

    monkeypatch.setattr(storage, "LIMITS", Limits(file_bytes=1 << 20))
    with pytest.raises(FileRefused) as caught:
        services.upload_file(
            kind=kind,
            target=None,
            name="x.csv",
            content=iter([b"x" * (1 << 20)] * 3),
            by=None,
            at=AT,
        )
    assert caught.value.params == {"size": 2, "max": 1}
    assert not list(storage.folder().iterdir())
    assert not Import.objects.exists()


def test_import_file_goes_through_the_same_steps(kind, tmp_path):
    path = put(tmp_path, xlsx_bytes([["명단"], HEADER, GOOD, SECOND]), "명단.xlsx")
    receipt = imports.import_file(kind=kind.key, path=path, target=None, by=None, at=AT)
    assert receipt.as_json() | {"import": ""} == {
        "rows": 2, "new": 2, "changed": 0, "same": 0, "errors": [],
        "absent": 0, "left_out": 0, "state": "confirmed", "import": "",
    }  # fmt: skip
    again = imports.import_file(kind=kind.key, path=path, target=None, by=None, at=AT)
    assert (again.new, again.same, again.written) == (0, 2, [])


def test_import_file_with_errors_writes_nothing(kind, tmp_path):
    path = put(tmp_path, csv_bytes([HEADER, GOOD, BAD]))
    with pytest.raises(services.RowsRefused):
        imports.import_file(kind=kind.key, path=path, target=None, by=None, at=AT)
    assert Organisation.objects.count() == 0
    assert not StagedRow.objects.exists()
    assert not list(storage.folder().iterdir())


def test_dry_run_says_the_same_and_writes_nothing(kind, tmp_path):
    path = put(tmp_path, csv_bytes([HEADER, GOOD, BAD]))
    receipt = imports.import_file(
        kind=kind.key, path=path, target=None, by=None, at=AT, dry_run=True
    )
    assert (receipt.rows, receipt.new, len(receipt.errors)) == (2, 1, 2)
    assert Organisation.objects.count() == 0


def test_import_file_that_cannot_be_read(kind, tmp_path):
    path = put(tmp_path, b"%PDF-1.7")
    with pytest.raises(FileRefused) as caught:
        imports.import_file(kind=kind.key, path=path, target=None, by=None, at=AT)
    assert caught.value.code == "unknown_type"


def test_where_an_object_came_from(kind):
    receipt = confirm(imported := staged(kind, GOOD, SECOND))
    (origin,) = origins_of(receipt.written[1])
    assert (origin.imported, origin.line, origin.created) == (imported, 3, True)
    services.undo_import(imported=imported, by=None, at=AT)
    assert origins_of(receipt.written[1]) == []


def test_what_exists_and_is_not_in_the_file_is_shown_and_kept(register_kind):
    Organisation.objects.create(name_ko="옛기관", kind="company")

    def absent(context, rows):
        names = {row["name"] for row in rows}
        return [o.name_ko for o in Organisation.objects.all() if o.name_ko not in names]

    imported = staged(register_kind(absent=absent), GOOD)
    assert imported.absent == 1
    assert imported.staged_rows.get(state="absent").raw == ["옛기관"]
    confirm(imported)
    assert Organisation.objects.filter(name_ko="옛기관").exists()


def test_errors_that_a_room_finds(register_kind):
    def check(row, context):
        if row["name"] == "나주식품":
            yield imports.CellError("closed", "“%(found)s” is closed.", column="name", found="나주")

    imported = staged(register_kind(check=check), GOOD, SECOND)
    (error,) = services.receipt_of(imported).errors
    assert (error.row, error.column, error.value) == (3, "기관명", "나주식품")
    assert error.message == "“나주” is closed."


def test_values_survive_staging(kind):
    """What `apply` gets is what the converters returned, not its JSON."""
    import datetime as dt

    seen = {}

    def apply(*, target, rows, by, at, context):
        seen.update(rows[0])
        return [Organisation.objects.create(name_ko=rows[0]["name"], kind="company").uuid]

    object.__setattr__(kind, "apply", apply)
    confirm(staged(kind, GOOD))
    assert seen == {
        "name": "빛고을전자", "phone": "062-123-4567", "founded": dt.date(2021, 4, 15),
        "budget": 1_234_000, "region": "24", "signed": True,
    }  # fmt: skip


def test_speed(kind, tmp_path):
    """At least 2,000 rows per second of processor time, staging included."""
    import time

    rows = [[f"기관{n}", *GOOD[1:]] for n in range(4000)]
    path: Path = put(tmp_path, csv_bytes([HEADER, *rows]))
    started = time.process_time()
    receipt = imports.import_file(
        kind=kind.key, path=path, target=None, by=None, at=AT, dry_run=True
    )
    assert receipt.new == 4000
    assert 4000 / (time.process_time() - started) > 2000
