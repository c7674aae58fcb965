"""Two machines in networks of their own, one PostgreSQL: see machines.py."""

import json
import os
import subprocess
import sys

import pytest

from tests.faults import machines
from tests.faults.installation import ROOT

LONG = os.environ.get("BITGOEUL_LONG") == "1"


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="starts two machines for two minutes: BITGOEUL_LONG=1")
def test_jobs_of_two_machines_are_done_once():
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    given |= {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.machines"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == machines.NO_NAMESPACES:
        pytest.skip(ran.stderr.strip().splitlines()[-1])
    assert ran.stdout, ran.stderr
    figures = json.loads(ran.stdout)
    assert figures["wrong"] == {}, figures
    assert figures["jobs"] == figures["submissions"] == 3 * machines.SUBMISSIONS
    assert figures["workers after the cable was put back"] == 2
