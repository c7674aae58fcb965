"""Remote progress: taken in from a file, read by those it concerns, counted in the verdict."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import Enrolment, Module, RemoteProgress
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.queries.completion import inputs_of, verdicts_now
from bitgoeul.apps.programmes.queries.personal import personal_data_of
from bitgoeul.apps.programmes.queries.remote import together
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import UndoRefused, import_file
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.services import undo_import
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_pages import client_of

pytestmark = pytest.mark.django_db
HEAD = "접수번호,전자우편,과목,진도율,출처,기준일"
ASKED = replace(RuleValues(), remote_progress_at_least=Decimal("0.8"))


@pytest.fixture
def running() -> Iterator[Stage]:
    stage = make_stage(seats={"a": 1, "b": 1}, values=ASKED)
    started(stage, {"K1": "90", "K2": "80"})
    a, _b = stage.tracks
    for order, (key, track, hours) in enumerate((("net", None, 30), ("ai", a, 10)), start=1):
        Module.objects.create(
            cohort=stage.cohort, track=track, key=key, order=order, title_ko=f"과목 {key}",
            title_en=f"Module {key}", hours=hours,
        )  # fmt: skip
    with clock.freeze(IN_CLASS):
        yield stage


def load(stage: Stage, folder: Path, *rows: str, head: str = HEAD, **more: bool):
    path = folder / "file.csv"
    path.write_bytes("\n".join((head, *rows)).encode("cp949"))
    return import_file(
        kind="remote-progress", path=path, target=stage.cohort, by=stage.instructor, at=IN_CLASS,
        **more,
    )  # fmt: skip


def one(number: str) -> Enrolment:
    return Enrolment.objects.get(application__number=number)


DAY = IN_CLASS.date().isoformat()


def test_a_file_becomes_figures_and_the_verdict_uses_them(running: Stage, tmp_path: Path) -> None:
    rows = (f"K1,,net,90%,STEP,{DAY}", f"K1,,과목 ai,50,STEP,{DAY}", f"K2,,NET,79.99,STEP,{DAY}")
    receipt = load(running, tmp_path, *rows)
    assert receipt.errors == []
    people = [one("K1"), one("K2")]
    found = inputs_of(running.cohort, people)
    # 90 % of 30 hours and 50 % of 10; the other person's track has the first module only.
    assert [found[person.pk].remote_progress for person in people] == [
        Decimal("80.00"), Decimal("79.99"),
    ]  # fmt: skip
    verdicts = verdicts_now(running.cohort, people)
    lines = [
        next(line for line in verdicts[person.pk].lines if line.rule == "remote")
        for person in people
    ]
    assert [line.met for line in lines] == [True, False]
    assert "80.00" in str(phrased(lines[:1])[0])
    assert lines[0].source == RuleValues.source_of("remote_progress_at_least") != ""
    kept = Entry.objects.filter(event="remote_progress.recorded")
    assert kept.count() == 3
    assert all(entry.after_digest and not entry.before_digest for entry in kept)
    assert personal_data_of(people[1].person)["remote_progress"][0]["percent"] == Decimal("79.99")


def test_nothing_recorded_is_not_met(running: Stage) -> None:
    person = one("K1")
    lines = verdicts_now(running.cohort, [person])[person.pk].lines
    assert [line.met for line in lines if line.rule == "remote"] == [False]
    assert inputs_of(running.cohort, [person])[person.pk].remote_progress is None


def test_together_is_cut_and_never_rounded_up_to_the_line() -> None:
    def part(hours: int, percent: str | None) -> tuple:
        figure = SimpleNamespace(percent=Decimal(percent)) if percent else None
        return SimpleNamespace(hours=hours), figure

    assert together(()) is None
    assert together([part(3, None)]) is None
    assert together([part(2, "80"), part(1, "79.99")]) == Decimal("79.99")
    assert together([part(1, "100"), part(3, None)]) == Decimal("25.00")
    assert together([part(5, "0"), part(5, None)]) == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"K9,,net,50,STEP,{DAY}", "no_enrolment"),
        (f",,net,50,STEP,{DAY}", "missing"),
        (f"K1,,none,50,STEP,{DAY}", "no_module"),
        (f"K2,,ai,50,STEP,{DAY}", "other_track"),
        (f"K1,,net,101,STEP,{DAY}", "too_large"),
        (f"K1,,net,-1,STEP,{DAY}", "too_small"),
        (f"K1,,net,half,STEP,{DAY}", "not_a_number"),
        (f"K1,,net,50,,{DAY}", "missing"),
        ("K1,,net,50,STEP,2020-01-01", "too_early"),
        ("K1,,net,50,STEP,2031-01-01", "too_late"),
    ],
)
def test_each_fault_is_named(running: Stage, tmp_path: Path, row: str, code: str) -> None:
    receipt = load(running, tmp_path, row, dry_run=True)
    assert [error.code for error in receipt.errors] == [code]
    assert not RemoteProgress.objects.exists()


def test_an_older_file_and_a_person_named_twice_are_refused(running: Stage, tmp_path: Path) -> None:
    load(running, tmp_path, f"K1,,net,50,STEP,{DAY}")
    before = (IN_CLASS.date() - dt.timedelta(days=1)).isoformat()
    receipt = load(running, tmp_path, f"K1,,net,40,STEP,{before}", dry_run=True)
    assert receipt.errors[0].code in {"older", "too_early"}
    rows = (f"K1,,net,60,STEP,{DAY}", f",{one('K1').person.email},net,70,STEP,{DAY}")
    receipt = load(running, tmp_path, *rows, dry_run=True)
    assert [error.code for error in receipt.errors] == ["twice"]


def test_undo_removes_new_figures_and_restores_old_ones(running: Stage, tmp_path: Path) -> None:
    english = "Application number,E-mail,Module,Progress,Source,As of"
    load(running, tmp_path, f"K1,,net,50,STEP,{DAY}", head=english)
    load(running, tmp_path, f"K1,,net,60,STEP,{DAY}", f"K2,,net,10,STEP,{DAY}")
    undo_import(imported=Import.objects.latest("id"), by=running.instructor, at=IN_CLASS)
    assert [row.percent for row in RemoteProgress.objects.all()] == [Decimal(50)]
    RemoteProgress.objects.all().delete()
    with pytest.raises(UndoRefused):
        undo_import(imported=Import.objects.earliest("id"), by=running.instructor, at=IN_CLASS)


def test_the_service_refuses_what_cannot_be(running: Stage) -> None:
    module = Module.objects.get(key="net")
    good = services.RemoteEntry(
        enrolment=one("K1"), module=module, percent=Decimal(5), source="LMS", as_of=IN_CLASS.date()
    )

    def write(entry: services.RemoteEntry, by=running.instructor) -> None:
        services.record_remote_progress(cohort=running.cohort, entries=[entry], by=by, at=IN_CLASS)

    for fault in (
        {"percent": Decimal(101)},
        {"source": " "},
        {"as_of": IN_CLASS.date() + dt.timedelta(days=1)},
        {"enrolment": one("K2"), "module": Module.objects.get(key="ai")},
    ):
        with pytest.raises(Refused):
            write(replace(good, **fault))
    with pytest.raises(Refused):
        write(good, by=one("K1").person)
    write(good)
    with pytest.raises(Refused) as newer:
        write(replace(good, as_of=running.cohort.starts_on))
    with pytest.raises(Refused) as stays:
        services.remove_modules(
            cohort=running.cohort, uuids=[module.uuid], by=running.officer, at=IN_CLASS
        )
    type(running.cohort).objects.update(state=CohortState.ENDED)
    with pytest.raises(Refused) as runs:
        write(good)
    assert [newer.value.code, stays.value.code, runs.value.code] == [
        "stale", "in_use", "wrong_state",
    ]  # fmt: skip


def test_pages_of_instructor_and_trainee_and_the_file(running: Stage, tmp_path: Path) -> None:
    address = reverse("programmes:remote_list", kwargs={"uuid": running.cohort.uuid})
    client: Client = client_of(running.instructor)
    assert "No remote progress" in client.get(address).content.decode()
    load(running, tmp_path, f"K1,,net,90,STEP,{DAY}", f"K1,,ai,50,STEP,{DAY}")
    shown = client.get(address).content.decode()
    assert "Module net" in shown
    assert "80.00 %" in shown
    assert "nothing recorded" in shown
    own = one("K1")
    mine = client_of(own.person)
    assert mine.get(address).status_code == 404
    page = mine.get(reverse("programmes:enrolment_detail", kwargs={"uuid": own.uuid}))
    assert "Together 80.00 %" in page.content.decode()
    file = reverse("programmes:remote_csv", kwargs={"uuid": running.cohort.uuid})
    answer = client.post(file, {"reason": "report"})
    text = b"".join(answer).decode("utf-8-sig")
    assert "K1" in text
    assert "Module ai" in text
