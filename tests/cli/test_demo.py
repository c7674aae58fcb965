"""`bitgoeul demo`: a small year by the command; the model behind it against what was published."""

import collections
import json
import os
import sqlite3
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from bitgoeul.cli.demo import outcomes, synthetic
from bitgoeul.cli.demo.year import SEED
from bitgoeul.web.config import DEMO_READY

ROOT = Path(__file__).resolve().parents[2]
RESIDENT_NUMBER = "000101-3000000"


def demo(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, on a data folder of its own."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, ROOT / "tests/cli/small_year.py", "--no-serve", *options],
        env=clean | {"BITGOEUL_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def read(folder: Path, question: str) -> list[tuple]:
    with sqlite3.connect(f"file:{folder}/bitgoeul.sqlite3?mode=ro", uri=True) as database:
        return database.execute(question).fetchall()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A data folder with a small year, and what the command said."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = demo(folder, "--lang", "ko")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


class TestTheCommand:
    pytestmark = pytest.mark.slow

    def test_files_of_an_office(self, made):
        files = made[0] / "demo" / "files"
        names = {path.name for path in files.iterdir() if path.is_file()}
        assert {
            "01-organisations.xlsx",
            "02-members.csv",
            "03-commitments.xlsx",
            "10-applicants.xlsx",
            "11-stage-scores.csv",
            "20-attendance-2024-04.csv",
            "30-vacancies.xlsx",
            "31-rankings.csv",
            "32-ratings.csv",
            "40-placements.xlsx",
            "50-vacancies-second-round.xlsx",
        } <= names
        assert "채용담당자".encode("cp949") in (files / "02-members.csv").read_bytes()
        assert any((files / "predictions").iterdir())

    def test_progress_and_sign_ins_in_korean(self, made):
        _folder, out, err = made
        steps = [line for line in err.splitlines() if line.startswith("[")]
        assert steps[0].startswith("[ 1/19]")
        assert steps[18].startswith("[19/19]")
        assert steps[19].startswith("[ 1/"), "without a worker the rest is filled at once"
        assert "대학 담당자" in out
        assert "bora@university.example" in out

    def test_the_sign_ins_are_for_this_account_alone(self, made):
        path = made[0] / "demo" / "sign-ins.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(made[0].stat().st_mode) == 0o700
        people = json.loads(path.read_text())
        assert len({password for _who, _email, password in people}) == 1
        assert len(people) == 12, "nobody of the list is missing in a small year"
        assert (made[0] / "demo" / "ready.json").exists()
        assert not (made[0] / "demo" / "unfinished").exists()

    def test_the_dirty_rows_were_named_and_left_out(self, made):
        [(bad, rows)] = read(
            made[0], "SELECT left_out, rows FROM imports_import WHERE kind = 'applicants'"
        )
        assert (bad, rows) == (11, 71)
        found = read(
            made[0],
            "SELECT r.errors FROM imports_stagedrow r JOIN imports_import i ON i.id = r.of_id "
            "WHERE i.kind = 'applicants' AND r.state IN ('error', 'duplicate')",
        )
        assert len(found) == 11

    def test_no_resident_number_was_kept(self, made):
        whole = (made[0] / "bitgoeul.sqlite3").read_bytes()
        assert RESIDENT_NUMBER.encode() not in whole
        assert RESIDENT_NUMBER.replace("-", "").encode() not in whole

    def test_the_report_is_published_and_verifies(self, made, tmp_path):
        [(document,)] = read(made[0], "SELECT document FROM reports_snapshot")
        path = tmp_path / "report.json"
        path.write_text(document)
        command = [sys.executable, "-m", "bitgoeul", "verify", "report", str(path)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        assert json.loads(answer.stdout)["ok"] is True
        indicators = {each["key"]: each for each in json.loads(document)["indicators"]}
        assert indicators["programmes.applicants"]["value"] == 60
        assert indicators["programmes.seats"]["value"] == 30
        assert all(str(each["definition"]["ko"]).isascii() is False for each in indicators.values())

    def test_the_journal_stands(self, made):
        command = [sys.executable, "-m", "bitgoeul", "verify", "journal"]
        clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        clean.pop("DATABASE_URL", None)
        answer = subprocess.run(
            command,
            env=clean | {"BITGOEUL_DATA_DIR": str(made[0])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr

    def test_a_second_start_builds_nothing(self, made):
        before = (made[0] / "demo" / "ready.json").stat().st_mtime_ns
        done = demo(made[0], "--lang", "en")
        assert done.returncode == 0
        assert "[ 1/19]" not in done.stderr
        assert "officer of the university" in done.stdout
        assert (made[0] / "demo" / "ready.json").stat().st_mtime_ns == before


class TestWhatItRefusesAndClears:
    def test_a_real_installation_is_not_touched(self, tmp_path):
        with sqlite3.connect(tmp_path / "bitgoeul.sqlite3") as database:
            database.execute("CREATE TABLE precious (row)")
        before = (tmp_path / "bitgoeul.sqlite3").read_bytes()
        for options in ((), ("--reset",)):
            done = demo(tmp_path, *options, "--lang", "ko")
            assert done.returncode == 1
            assert str(tmp_path) in done.stderr
            assert "BITGOEUL_DATA_DIR" in done.stderr
        assert (tmp_path / "bitgoeul.sqlite3").read_bytes() == before
        assert not (tmp_path / "demo").exists()

    def test_a_database_of_others_is_not_touched(self, tmp_path):
        done = demo(tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
        assert done.returncode == 1
        assert "DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("cause", ["unfinished", "reset"])
    def test_what_is_cleared(self, tmp_path, cause):
        """A demo left half made, or thrown away by wish; the secret key stays."""
        from bitgoeul.cli.demo import command

        (tmp_path / "demo" / "files").mkdir(parents=True)
        (tmp_path / "media").mkdir()
        for name in ("bitgoeul.sqlite3", "bitgoeul.sqlite3-wal", "secret-key", "media/file"):
            (tmp_path / name).touch()
        mark = command.UNFINISHED if cause == "unfinished" else DEMO_READY
        (tmp_path / "demo" / mark).touch()
        command._prepare_folder(tmp_path, reset=cause == "reset", lang="en")
        assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]

    def test_a_finished_demo_is_kept(self, tmp_path):
        from bitgoeul.cli.demo import command

        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / DEMO_READY).touch()
        (tmp_path / "bitgoeul.sqlite3").touch()
        command._prepare_folder(tmp_path, reset=False, lang="en")
        assert (tmp_path / "bitgoeul.sqlite3").exists()


AREAS = {
    "광주": ({"24"}, 460),
    "호남": ({"24", "35", "36"}, 597),
    "수도권": ({"11", "23", "31"}, 111),
    "영남": ({"21", "22", "26", "37", "38"}, 53),
    "충청": ({"25", "29", "33", "34"}, 16),
    "제주": ({"39"}, 2),
}
"""Applicants by area, as the press reported the fourth cohort in 2023 (docs/demo.md)."""


class TestTheModel:
    def test_marginals_are_the_published_ones(self):
        people = synthetic.applicants(seed=SEED)
        assert len(people) == 779
        for area, (regions, published) in AREAS.items():
            assert sum(p.residence in regions for p in people) == published, area
        assert collections.Counter(p.sex for p in people) == {"male": 522, "female": 257}
        assert collections.Counter(p.major for p in people) == {
            "computing": 133,
            "engineering": 160,
            "science": 76,
            "humanities": 202,
            "other": 208,
        }
        assert collections.Counter(p.work_status for p in people) == {"seeking": 736, "startup": 43}
        ages = [synthetic.FIRST_DAY.year - p.birth_on.year for p in people]
        assert sum(age == 18 for age in ages) == 12
        assert sum(19 <= age <= 25 for age in ages) == 280
        assert sum(26 <= age <= 30 for age in ages) == 320
        assert sum(31 <= age <= 39 for age in ages) == 167

    def test_seats_and_hours_are_the_published_ones(self):
        assert len(synthetic.TRACKS) * synthetic.FULL.seats_a_track == 330
        assert len({field for *_names, field in synthetic.TRACKS}) == 3
        assert sum(map(synthetic.hours_on, synthetic.training_days())) == 1300
        assert synthetic.FULL.companies == 25

    def test_the_same_seed_draws_the_same_people(self):
        assert synthetic.applicants(seed=7) == synthetic.applicants(seed=7)
        assert synthetic.applicants(seed=7) != synthetic.applicants(seed=8)

    def test_invented_people_show_as_invented(self):
        people = synthetic.applicants(seed=SEED)
        assert all(p.email.endswith(".example") for p in people)
        assert all(p.phone.startswith("010-0000-") for p in people)
        assert len({p.email for p in people}) == 779
        for firm in synthetic.companies(seed=SEED):
            assert firm.name_ko.startswith("(가상)")
            assert firm.business_number.startswith("000-")

    def test_a_smaller_year_has_the_same_people_in_it(self):
        assert synthetic.companies(seed=SEED, count=3) == synthetic.companies(seed=SEED)[:3]

    def test_later_stages_take_whoever_came_through(self):
        people = synthetic.applicants(seed=SEED)[:40]
        offered = outcomes.vacancies(synthetic.companies(seed=SEED), seed=SEED)
        wishes = outcomes.wishes(people, offered, seed=SEED)
        fewer = outcomes.wishes(people[5:], offered, seed=SEED)
        assert fewer == {number: wishes[number] for number in fewer}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_seed_gives_the_same_selection(tmp_path):
    """Twice from files to seats, with other ids and uuids: the market is one, to the byte."""
    from django.db import transaction

    from bitgoeul.apps.programmes.models import Application, SelectionRound
    from bitgoeul.apps.programmes.queries.market import problem_of
    from bitgoeul.cli.demo import steps_alliance, steps_programme
    from bitgoeul.cli.demo.year import Year
    from tests.cli.small_year import SMALL

    def selected(folder: Path) -> tuple[dict[str, str], list[tuple]]:
        year = Year(folder=folder, size=SMALL)
        for _message, step in (*steps_alliance.STEPS, *steps_programme.STEPS[:4]):
            step(year)
        made = SelectionRound.objects.get(cohort=year.cohort)
        given = made.selections.order_by("application__number")
        seats = given.values_list("application__number", "track__key", "pool")
        # The market as partners get it; the frozen document around it also names our uuids.
        market = problem_of(made.inputs).input_files()
        cut = Application.objects.filter(cohort=year.cohort, cut_in__isnull=False).count()
        assert len(seats) + cut == SMALL.applicants
        return {name: sha256(content).hexdigest() for name, content in market.items()}, list(seats)

    before = transaction.savepoint()
    first = selected(tmp_path / "one")
    transaction.savepoint_rollback(before)
    assert selected(tmp_path / "two") == first
