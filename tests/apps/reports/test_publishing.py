"""Publishing freezes numbers and rows; differences show; small cells are withheld."""

import copy
import dataclasses
import json
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.apps.reports.enums import Part, ReportState
from bitgoeul.apps.reports.models import Report, SnapshotRow
from bitgoeul.apps.reports.queries import differences_of
from bitgoeul.apps.reports.queries.opening import rows_to_recompute
from bitgoeul.apps.reports.services import create_report, publish_report, update_report
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from bitgoeul.engines import evidence
from tests.apps.reports.conftest import LATER
from tests.apps.reports.made_up import INDICATORS
from tests.world import AT, DAY, World, person

COLLECTORS = (
    "bitgoeul.apps.reports.queries.document.collect",
    "bitgoeul.apps.reports.queries.opening.collect",
    "bitgoeul.apps.reports.queries.dashboard.collect",
)


@pytest.fixture(autouse=True)
def _known_indicators(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COLLECTORS:
        monkeypatch.setattr(name, lambda: INDICATORS)


def threshold(monkeypatch: pytest.MonkeyPatch, value: int) -> None:
    changed = dataclasses.replace(settings.BITGOEUL, small_cell_threshold=value)
    monkeypatch.setattr(settings, "BITGOEUL", changed)


def entry(document: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in document["indicators"] if each["key"] == key)


def test_published_numbers_are_those_counted_by_hand(
    report: Report, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold(monkeypatch, 1)
    snapshot = publish_report(report=report, by=world.people["officer_university"], at=LATER)
    rate = entry(snapshot.document, "programmes.completion_rate")
    # Of trainee, graduate and stranger, the last two completed.
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (2, 3, 2 / 3)
    assert len(rate["evidence"]["denominator"]) == 3
    assert evidence.verify_report(snapshot.document).ok
    assert entry(snapshot.document, "careers.not_yet")["value"] is None


def test_publishing_freezes_state_digest_and_journal_head(report: Report, world: World) -> None:
    by = world.people["officer_university"]
    snapshot = publish_report(report=report, by=by, at=LATER)
    officers = {row.person for row in Notice.objects.filter(message="reports.published")}
    assert officers == {world.people[f"officer_{of}"] for of in ("city", "university", "company")}
    report.refresh_from_db()
    assert report.state == ReportState.PUBLISHED
    assert snapshot.digest == snapshot.document["digest"]
    assert snapshot.journal_head
    assert journal.verify().ok
    written = Entry.objects.get(event="report.published")
    assert written.details["digest"] == snapshot.digest
    with pytest.raises(Refused):
        publish_report(report=report, by=by, at=LATER)
    with pytest.raises(Refused):
        update_report(report=report, title_ko="다른", title_en="", as_of=DAY, by=by, at=LATER)


def test_small_counts_are_withheld_with_their_rows(report: Report, world: World) -> None:
    snapshot = publish_report(report=report, by=world.people["officer_city"], at=LATER)
    rate = entry(snapshot.document, "programmes.completion_rate")
    assert rate["suppressed"]
    assert rate["value"] is None
    assert rate["numerator"] is None
    assert rate["evidence"] == {}
    assert snapshot.document["tables"] == []
    # The rows stay known to the partners, though not to the public.
    assert SnapshotRow.objects.filter(part=Part.NUMERATOR).count() == 4


def test_published_document_names_nobody(
    report: Report, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold(monkeypatch, 1)
    snapshot = publish_report(report=report, by=world.people["officer_city"], at=LATER)
    text = json.dumps(snapshot.document, ensure_ascii=False)
    for each in world.people.values():
        assert each.full_name not in text
        assert each.email not in text
        assert str(each.uuid) not in text
    for row in Enrolment.objects.all():
        assert str(row.uuid) not in text


def test_a_later_change_shows_as_a_difference(report: Report, world: World) -> None:
    snapshot = publish_report(report=report, by=world.people["officer_city"], at=LATER)
    assert differences_of(snapshot) == []
    changed = world.enrolments["stranger"]
    changed.state = EnrolmentState.NOT_COMPLETED
    changed.save()
    found = {(d.indicator_key, d.part, d.what) for d in differences_of(snapshot)}
    assert found == {
        ("programmes.completed", Part.NUMERATOR, "gone"),
        ("programmes.completion_rate", Part.NUMERATOR, "gone"),
        ("programmes.completion_rate", Part.DENOMINATOR, "changed"),
        ("careers.not_yet", Part.DENOMINATOR, "changed"),
    }


def test_a_new_row_shows_as_a_difference(report: Report, world: World) -> None:
    snapshot = publish_report(report=report, by=world.people["officer_city"], at=LATER)
    late = person("늦은 사람", "late@people.example")
    added = Enrolment.objects.create(
        cohort=world.cohort,
        track=world.tracks[1],
        person=late,
        state=EnrolmentState.COMPLETED,
        enrolled_on=DAY,
    )
    new = [d for d in differences_of(snapshot) if d.what == "new"]
    assert {d.uuid for d in new} == {added.uuid}


def test_a_partner_can_recompute_every_row_digest(
    report: Report, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold(monkeypatch, 1)
    snapshot = publish_report(report=report, by=world.people["officer_city"], at=LATER)
    published = entry(snapshot.document, "programmes.completion_rate")["evidence"]
    mine: dict[str, list[str]] = {}
    for row in rows_to_recompute(report, "programmes.completion_rate"):
        made = evidence.row_digest(bytes.fromhex(row.salt), row.kind, row.uuid, row.state)
        mine.setdefault(row.part, []).append(made)
    assert sorted(mine["numerator"]) == published["numerator"]
    assert sorted(mine["denominator"]) == published["denominator"]


@pytest.mark.parametrize("role", ["officer_company", "recruiter", "graduate", "administrator"])
def test_others_may_not_write_or_publish(report: Report, world: World, role: str) -> None:
    by = world.people[role]
    with pytest.raises(Refused):
        publish_report(report=report, by=by, at=LATER)
    with pytest.raises(Refused):
        create_report(
            agreement=world.agreement,
            cohort=None,
            title_ko="x",
            title_en="",
            as_of=DAY,
            by=by,
            at=AT,
        )
    assert Report.objects.count() == 1


def test_a_day_ahead_is_refused(report: Report, world: World) -> None:
    by = world.people["officer_city"]
    ahead = timezone.localdate(LATER).replace(year=2099)
    update_report(report=report, title_ko="앞날", title_en="", as_of=ahead, by=by, at=LATER)
    with pytest.raises(Refused):
        publish_report(report=report, by=by, at=LATER)


def test_any_change_of_a_published_document_is_found(
    report: Report, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold(monkeypatch, 1)
    document = publish_report(report=report, by=world.people["officer_city"], at=LATER).document
    forged = copy.deepcopy(document)
    entry(forged, "programmes.completed")["value"] = 3
    assert evidence.verify_report(forged).code == "digest"
    resealed = evidence.seal_report(forged)
    assert not evidence.verify_report(resealed).ok
