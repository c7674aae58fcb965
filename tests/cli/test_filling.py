"""The demo's rest: unit after unit by the worker, each once, and what the pages say meanwhile."""

import json

import pytest
from django.utils import translation

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.cli.demo import filling, tasks, year
from bitgoeul.core import jobs
from bitgoeul.core.jobs.models import Job
from bitgoeul.web import demo_note

pytestmark = pytest.mark.django_db


def _write(name: str) -> filling.Write:
    return lambda: Organisation.objects.create(name_ko=name, kind="company", region="24")


@pytest.fixture
def rest(monkeypatch, settings, tmp_path):
    """A rest of three units in two parts, for a year that needs no making."""
    broken: set[str] = set()

    def prepare(_year: object, unit: str) -> filling.Write:
        def write() -> None:
            _write(f"샛별{unit}")()
            if unit in broken:
                broken.remove(unit)
                raise RuntimeError("killed in the middle")

        return write

    made = tuple(
        filling.Part(key=key, title=title, units=lambda _year, n=names: n, prepare=prepare)
        for key, title, names in (
            ("one", "Importing what the parties promise", ("a", "b")),
            ("empty", "Nothing here", ()),
            ("two", "Deciding completions by rule", ("c",)),
        )
    )
    monkeypatch.setattr(filling, "parts", lambda: made)
    monkeypatch.setattr(year, "resume", lambda _demo: None)
    monkeypatch.setattr(type(settings.BITGOEUL), "demo_dir", tmp_path)
    return broken


def _names() -> list[str]:
    return list(Organisation.objects.order_by("pk").values_list("name_ko", flat=True))


def test_every_unit_once_and_in_order(rest):
    tasks.fill_rest()
    jobs.run_pending()
    assert _names() == ["샛별a", "샛별b", "샛별c"]
    assert demo_note.read() is None
    assert [job.state for job in Job.objects.all()] == ["done"] * 3


def test_a_unit_that_breaks_leaves_nothing_and_is_tried_again(rest):
    rest.add("b")
    tasks.fill_rest()
    jobs.run_pending(limit=2)
    assert _names() == ["샛별a"], "the half unit is gone"
    assert demo_note.read() == demo_note.Filling(
        title="Importing what the parties promise", done=1, total=3
    )
    jobs.run_pending()
    assert _names() == ["샛별a", "샛별b", "샛별c"]


def test_others_go_first(rest):
    tasks.fill_rest()
    assert Job.objects.get().priority < 0


def test_here_and_now(rest):
    told: list[str] = []
    filling.fill(None, told=lambda unit: told.append(f"{unit.number + 1}/{unit.total}"))
    assert _names() == ["샛별a", "샛별b", "샛별c"]
    assert told == ["1/3", "2/3", "3/3"]


def test_an_unknown_unit_is_named(rest):
    with pytest.raises(LookupError, match="three/z"):
        filling.find(None, part="three", name="z")


@pytest.mark.parametrize("kept", ["", "{", json.dumps({"title": 3})])
def test_a_note_that_cannot_be_read_is_no_note(rest, tmp_path, kept):
    (tmp_path / demo_note.NAME).write_text(kept)
    assert demo_note.read() is None


def test_the_pages_say_how_far_it_is(rest, client, settings):
    settings.BITGOEUL_FIXED_TODAY = "2026-03-16"
    tasks.fill_rest()
    jobs.run_pending(limit=2)
    with translation.override("ko"):
        page = client.get("/", headers={"Accept-Language": "ko"}).content.decode()
    assert "작업자가 나머지를 채우고 있습니다" in page
    assert "3개 중 1개" in page
    jobs.run_pending()
    assert "작업자가 나머지를" not in client.get("/").content.decode()
