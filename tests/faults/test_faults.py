"""The product's own processes are killed while it works: nothing lost, doubled, half or endless.

The few kills here say that the run itself works; the figures are in docs/reliability.md.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys

import pytest
from django.db import connection

from bitgoeul.core.db.sqlite.driver import Database
from tests.faults import audit
from tests.faults.installation import ROOT
from tests.faults.writers import Memory

LONG = os.environ.get("BITGOEUL_LONG") == "1"
KILLS = 500 if LONG else 3


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgres"] if LONG else ["sqlite"])
def test_kills_of_every_part(database, request, tmp_path):
    if LONG:
        more = ["--kills", str(KILLS), "--entries", "200"]
    else:
        # One start, few people, the cheapest kills, and the tables that this run has anyway.
        more = ["--kills", "3", "--parts", "job,worker,job", "--longest", "0.5", "--few"]
        more += ["--keep", str(tmp_path), "--entries", "4", "--programs", "3"]
        _copy_tables(request, tmp_path / "data" / "bitgoeul.sqlite3")
    command = [sys.executable, "-m", "tests.faults", "--database", database, *more]
    command += ["--port", str(_free_port()), "--seed", "20261125"]
    given = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False
    )
    assert ran.stdout, ran.stderr
    figures = json.loads(ran.stdout)
    assert (figures["wrong"], figures["left behind"]) == ({}, 0), figures
    assert figures["kills"] == KILLS
    assert figures["entries scored"] > 0
    assert figures["organisations"] > 0, "nobody was at work: the run tested nothing"
    assert LONG or sum(figures["submissions"].values()) >= 3, "no program was handed in"
    assert figures["rounds published"] > 0 or not LONG, "no round was matched"


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="fifty kills and two hundred programs: BITGOEUL_LONG=1")
def test_kills_while_programs_run():
    command = [sys.executable, "-m", "tests.faults", "--programs", "200", "--kills", "50"]
    command += ["--port", str(_free_port()), "--seed", "20261128", "--longest", "2.5"]
    given = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False
    )
    assert ran.stdout, ran.stderr
    figures = json.loads(ran.stdout)
    assert (figures["wrong"], figures["left behind"], figures["kills"]) == ({}, 0, 50), figures
    assert sum(figures["submissions"].values()) >= 200


def _copy_tables(request, path):
    """The empty tables of this test run, where it has SQLite: migrating costs five seconds."""
    path.parent.mkdir(mode=0o700)
    if connection.vendor != "sqlite":
        return
    request.getfixturevalue("django_db_setup")
    with (
        contextlib.closing(Database.connect(connection.settings_dict["NAME"])) as source,
        contextlib.closing(Database.connect(str(path))) as target,
    ):
        source.backup(target)


@pytest.mark.django_db
def test_the_auditor_sees_what_is_missing():
    memory = Memory(
        organisations=["기관 없음"],
        submissions={"0b9f7d8c-3d1e-4c57-9a55-0f7d4f1f2a11": 1.0},
        blocks={7: [("0b9f7d8c-3d1e-4c57-9a55-0f7d4f1f2a11", "M7-1")]},
        rounds=["0b9f7d8c-3d1e-4c57-9a55-0f7d4f1f2a11"],
        reports=["0b9f7d8c-3d1e-4c57-9a55-0f7d4f1f2a11"],
    )
    assert audit.audit(memory)["wrong"] == {
        "organisations lost": 1,
        "submissions lost": 1,
        "imports lost": 1,
        "blocks torn": 1,
        "rounds lost": 1,
        "reports lost": 1,
    }
