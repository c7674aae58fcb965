"""Runnable examples of the core's tasks: the queue's, the journal's, the importer's."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bitgoeul.core import clock, jobs, journal
from bitgoeul.core.imports import services as import_services
from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.kinds import get_kind
from bitgoeul.core.imports.models import Import
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks
from tests.world import AT, build_world

ROW = "기관명,구분,사업자등록번호,지역\n샛별제철,기업,,광주\n".encode()


def _old_job() -> dict[str, Any]:
    with clock.freeze(clock.now() - dt.timedelta(days=100)):
        jobs.enqueue(sample_tasks.tell_time)
        jobs.run_pending()
    assert Job.objects.filter(state="done").exists()
    return {}


def _something_to_seal() -> dict[str, Any]:
    world = build_world()
    journal.record(event="programme.changed", by=None, at=AT, on=world.programme)
    return {}


def _upload() -> tuple[Import, Any]:
    boss = build_world().people["administrator"]
    kind = get_kind("organisations")
    imported = import_services.upload_file(
        kind=kind, target=None, name="list.csv", content=[ROW], by=boss, at=AT
    )
    return imported, boss


def _long_file() -> dict[str, Any]:
    imported, boss = _upload()
    return {
        "import_uuid": str(imported.uuid),
        "by_uuid": str(boss.uuid),
        # Reading again starts afresh on purpose: new staged rows, and a step in the journal.
        "ignore": {"imports.StagedRow": ["*"], "journal.Entry": ["*"]},
    }


def _staged_file() -> dict[str, Any]:
    imported, boss = _upload()
    import_services.stage_import(imported=imported, by=boss, at=AT)
    imported.refresh_from_db()
    assert (imported.state, imported.new) == (ImportState.STAGED, 1), list(
        imported.staged_rows.values()
    )
    return {
        "import_uuid": str(imported.uuid),
        "by_uuid": str(boss.uuid),
        "leave_out_errors": False,
    }


def _forgotten_import() -> dict[str, Any]:
    imported, _boss = _upload()
    assert imported.state == ImportState.STAGING
    Import.objects.update(uploaded_at=AT - dt.timedelta(days=1000))
    return {}


def _old_import() -> dict[str, Any]:
    _upload()
    return {}


EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "bitgoeul.core.jobs.tasks.tidy_queue": _old_job,
    "bitgoeul.core.journal.tasks.seal_journal": _something_to_seal,
    "bitgoeul.core.journal.tasks.verify_journal": _something_to_seal,
    "bitgoeul.core.imports.tasks.stage_file": _long_file,
    "bitgoeul.core.imports.tasks.confirm_rows": _staged_file,
    "bitgoeul.core.imports.tasks.settle_imports": _forgotten_import,
    "bitgoeul.core.imports.tasks.erase_old_imports": _old_import,
}
