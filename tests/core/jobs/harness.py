"""A queue of its own with real worker processes: what forks and dies cannot run inside pytest.

The database is a file of SQLite, or a fresh database on the PostgreSQL that the suite runs on.
"""

import json
import os
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
PRELUDE = """
import json, os, sys, time
from bitgoeul.core.jobs.processes import die_with_parent
die_with_parent(int(os.environ["HARNESS_PARENT"]))  # a test that is killed leaves nobody behind
import django
django.setup()
from django.db import connection
from django.core.management import call_command
from bitgoeul.core import jobs
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.worker import Worker
from tests.core.jobs import sample_tasks as s
def tell(value):
    print("told: " + json.dumps(value, default=str), flush=True)
"""
CONSOLE = """
import traceback
for line in sys.stdin:
    answer = {"told": None}
    def tell(value):
        answer["told"] = value
    try:
        exec(json.loads(line), globals() | {"tell": tell})
    except Exception:
        answer = {"error": traceback.format_exc()}
    connection.close()
    print("told: " + json.dumps(answer, default=str), flush=True)
"""
MARK = "told: "


class Installation:
    """A database, and programs that run against it."""

    def __init__(self, folder: Path, *, lease: float = 30.0) -> None:
        self.folder = folder
        self._console: subprocess.Popen[str] | None = None
        self.name = f"queue_{uuid4().hex[:12]}"
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.core.jobs.harness_settings",
            "HARNESS_DIR": str(folder),
            "HARNESS_LEASE": str(lease),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "HARNESS_PARENT": str(os.getpid()),
        }
        if connection.vendor == "postgresql":
            known = connection.settings_dict
            with _maintenance() as session:
                session.execute(f'CREATE DATABASE "{self.name}"')
            address = [str(known[key]) for key in ("HOST", "PORT", "USER", "PASSWORD")]
            self.environ["HARNESS_POSTGRES"] = "\n".join([*address, self.name])
        self.run('call_command("migrate", verbosity=0); s.make_effect_table()')

    def run(self, code: str) -> Any:
        """Run code in the console, a process that stays, and return what it told."""
        if self._console is None:
            self._console = subprocess.Popen(
                [sys.executable, "-c", PRELUDE + CONSOLE],
                env=self.environ,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._console.stdin
        assert self._console.stdout
        self._console.stdin.write(json.dumps(textwrap.dedent(code)) + "\n")
        self._console.stdin.flush()
        answer = json.loads(self._console.stdout.readline().removeprefix(MARK))
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["told"]

    def run_apart(self, code: str) -> Any:
        """Run code in a process of its own and return what it told."""
        done = subprocess.run(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(code)],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stdout.split("\n") if line.startswith(MARK)]
        return json.loads(told[-1].removeprefix(MARK)) if told else None

    def start(self, code: str) -> subprocess.Popen[bytes]:
        """Start code in a process of its own; the caller ends it."""
        log = (self.folder / "workers.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(code)],
            env=self.environ,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )

    def remove(self) -> None:
        """End the console and drop the database, if it is one on a server."""
        if self._console is not None:
            self._console.kill()
            self._console.communicate()
        if "HARNESS_POSTGRES" in self.environ:
            with _maintenance() as session, suppress(Exception):
                session.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def _maintenance() -> Any:
    import psycopg

    known = connection.settings_dict
    return psycopg.connect(
        dbname="postgres",
        host=known["HOST"],
        port=known["PORT"] or None,
        user=known["USER"],
        password=known["PASSWORD"] or None,
        autocommit=True,
    )
