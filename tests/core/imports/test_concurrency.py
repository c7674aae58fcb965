"""Several people press the button at once; every one of them has a connection of their own."""

import threading

import pytest
from django.db import connection

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core.imports import services
from bitgoeul.core.imports.models import Import, WrittenRow
from tests.core.imports.samples import AT, GOOD, HEADER, csv_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed_rows")]


def test_two_people_confirm_at_the_same_moment(kind):
    content = csv_bytes([HEADER, GOOD, ["나주식품", *GOOD[1:]]])
    imported = services.upload_file(
        kind=kind, target=None, name="명단.csv", content=[content], by=None, at=AT
    )
    services.stage_import(imported=imported, by=None, at=AT)
    barrier = threading.Barrier(4)
    results = []

    def press():
        barrier.wait()
        try:
            seen = Import.objects.get(pk=imported.pk)
            results.append(services.confirm_import(imported=seen, by=None, at=AT).written)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(result == results[0] for result in results)
    assert Organisation.objects.count() == 2
    assert WrittenRow.objects.count() == 2
