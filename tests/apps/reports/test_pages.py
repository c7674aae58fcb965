"""Pages: happy, refused, files, query counts."""

import io
import json

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bitgoeul.apps.reports.models import Report, Snapshot
from bitgoeul.apps.reports.services import create_report, publish_report
from bitgoeul.core.journal.models import Reading
from tests.apps.reports.conftest import LATER
from tests.apps.reports.made_up import INDICATORS
from tests.apps.reports.test_publishing import COLLECTORS, threshold
from tests.world import AT, DAY, World

KEY = "programmes.completion_rate"


@pytest.fixture(autouse=True)
def _known_indicators(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COLLECTORS:
        monkeypatch.setattr(name, lambda: INDICATORS)
    threshold(monkeypatch, 1)


@pytest.fixture
def snapshot(report: Report, world: World) -> Snapshot:
    return publish_report(report=report, by=world.people["officer_university"], at=LATER)


def page(name: str, report: Report, **more: str) -> str:
    return reverse(f"reports:{name}", kwargs={"uuid": report.uuid, **more})


def signed_in(world: World, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_public_reads_a_published_report_in_both_languages(
    client: Client, report: Report, snapshot: Snapshot
) -> None:
    korean = client.get(page("report_detail", report), headers={"accept-language": "ko"})
    assert "성과 보고서" in korean.content.decode()
    english = client.get(page("report_detail", report), headers={"accept-language": "en"})
    assert "Outcome report" in english.content.decode()
    assert snapshot.digest in english.content.decode()


def test_public_does_not_see_a_draft(client: Client, report: Report) -> None:
    assert client.get(page("report_detail", report)).status_code == 404


def test_officer_opens_a_number_down_to_people_and_it_is_noted(
    world: World, report: Report, snapshot: Snapshot
) -> None:
    client = signed_in(world, "officer_city")
    response = client.get(page("number_rows", report, key=KEY) + "?part=numerator")
    body = response.content.decode()
    assert world.people["graduate"].full_name in body
    assert world.people["trainee"].full_name not in body
    reading = Reading.objects.get()
    assert reading.actor_uuid == world.people["officer_city"].uuid
    assert reading.subjects == 2


@pytest.mark.parametrize("role", ["recruiter", "graduate", "officer_company", "administrator"])
def test_rows_are_refused_to_others(
    world: World, report: Report, snapshot: Snapshot, role: str
) -> None:
    client = signed_in(world, role)
    assert client.get(page("number_detail", report, key=KEY)).status_code == 200
    assert client.get(page("number_rows", report, key=KEY)).status_code == 404
    assert client.get(page("number_row_file", report, key=KEY)).status_code == 404
    assert client.get(page("difference_list", report)).status_code == 404
    assert not Reading.objects.exists()


def test_unknown_number_is_absent(client: Client, report: Report, snapshot: Snapshot) -> None:
    assert client.get(page("number_detail", report, key="no.such")).status_code == 404


def test_json_file_passes_the_public_check(
    client: Client, report: Report, snapshot: Snapshot
) -> None:
    content = client.get(page("report_json", report)).content
    assert json.loads(content)["digest"] == snapshot.digest
    upload = SimpleUploadedFile("report.json", content)
    response = client.post(reverse("reports:check_report"), {"file": upload})
    assert response.context["verdict"].snapshot == snapshot


def test_a_forged_file_is_named(client: Client, report: Report, snapshot: Snapshot) -> None:
    document = json.loads(client.get(page("report_json", report)).content)
    document["indicators"][0]["value"] = 99
    upload = SimpleUploadedFile("report.json", json.dumps(document).encode())
    response = client.post(reverse("reports:check_report"), {"file": upload})
    verdict = response.context["verdict"]
    assert not verdict.ok
    assert verdict.code == "digest"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"[]", b'{"format": 1}'])
def test_any_other_file_is_no_report(client: Client, world: World, content: bytes) -> None:
    upload = SimpleUploadedFile("report.json", content or b" ")
    response = client.post(reverse("reports:check_report"), {"file": upload})
    assert response.status_code in {200, 422}
    verdict = response.context["verdict"]
    assert verdict is None or not verdict.ok


def test_pdf_says_the_numbers_and_is_reproducible(
    client: Client, report: Report, snapshot: Snapshot
) -> None:
    first = client.get(page("report_pdf", report)).content
    assert first == client.get(page("report_pdf", report)).content
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(first)).pages)
    assert "66.7%" in text
    assert snapshot.digest[:16] in text.replace("\n", "")


def test_xlsx_holds_every_number(client: Client, report: Report, snapshot: Snapshot) -> None:
    content = client.get(page("report_xlsx", report)).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(1).to_python()
    assert [row[0] for row in rows[1:]] == list(INDICATORS)


def test_officer_writes_and_publishes_through_the_pages(world: World) -> None:
    client = signed_in(world, "officer_university")
    answer = client.post(
        reverse("reports:report_create"),
        {
            "agreement": world.agreement.pk,
            "cohort": world.cohort.pk,
            "title_ko": "새 보고서",
            "as_of": DAY.isoformat(),
        },
    )
    made = Report.objects.get(title_ko="새 보고서")
    assert answer.headers["Location"] == page("report_detail", made)
    assert client.post(page("report_publish", made)).status_code == 302
    assert Snapshot.objects.get().report == made


def test_a_form_with_faults_says_so(world: World) -> None:
    client = signed_in(world, "officer_university")
    answer = client.post(reverse("reports:report_create"), {"title_ko": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"agreement", "title_ko", "as_of"}


def test_list_needs_the_same_queries_for_one_and_three_reports(
    world: World, report: Report, django_assert_num_queries: object
) -> None:
    client = signed_in(world, "officer_university")
    client.get(reverse("reports:report_list"))

    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("reports:report_list"))
        return len(captured)

    one = queries()
    for number in range(2):
        create_report(
            agreement=world.agreement,
            cohort=world.cohort,
            title_ko=f"보고서 {number}",
            title_en="",
            as_of=DAY,
            by=world.people["officer_city"],
            at=AT,
        )
    assert queries() == one <= 12


def test_dashboard_shows_promised_against_computed(world: World) -> None:
    client = signed_in(world, "officer_company")
    response = client.get(reverse("reports:dashboard", kwargs={"uuid": world.agreement.uuid}))
    promise = response.context["promises"][0]
    # Two people completed, two were promised.
    assert (promise.target, promise.shown, promise.reached) == ("2", "2", "100%")


def test_every_kind_of_evidence_row_has_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real indicators count no kind of row that the reports room cannot open."""
    from bitgoeul.apps.reports.queries.opening import PAGES
    from bitgoeul.core.indicators import Scope, collect

    scope = Scope(agreement=world.agreement.uuid)
    kinds = {
        row.kind
        for indicator in collect().values()
        for value in [indicator.compute(scope, DAY)]
        for row in (*value.numerator, *value.denominator, *value.excluded)
    }
    assert kinds
    assert kinds <= PAGES.keys()


def test_opened_rows_of_a_published_number_show_what_changed(
    world: World, report: Report, snapshot: Snapshot
) -> None:
    changed = world.enrolments["graduate"]
    changed.ended_on = DAY.replace(day=1)
    changed.save()
    client = signed_in(world, "officer_city")
    response = client.get(page("number_rows", report, key=KEY) + "?part=numerator")
    found = {row.uuid: (row.changed, row.state["state"]) for row in response.context["rows"]}
    assert found == {
        world.enrolments["graduate"].uuid: (True, "completed"),
        world.enrolments["stranger"].uuid: (False, "completed"),
    }
