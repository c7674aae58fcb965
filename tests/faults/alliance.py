"""The small alliance that is written to: people, a lab with a known truth, a market, a clock."""

import datetime as dt
import json
import os
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.services import Content
from bitgoeul.core import clock
from tests.apps.careers.market import build_market
from tests.world import AT, DAY, World

PEOPLE = 8
ATTEMPTS = 30_000
LINES = 60


@dataclass
class Alliance:
    """What the writers know of it."""

    world: World
    officer: User
    graduates: list[User]
    numbers: list[str]
    vacancies: list[Vacancy]
    lab: Lab
    answers: list[tuple[bytes, float]]
    code_lab: Lab | None = None
    """A lab with a function, whose programs run in a sandbox; not in the quick run."""
    notebook_lab: Lab | None = None
    """A lab with a notebook; in the long run of programs only."""


def found() -> Alliance:
    """Make it in an empty database, and fix its clock."""
    clock.fix_today(DAY)
    market = build_market(seats={"V-1": 2, "V-2": 2, "V-3": 1}, people=PEOPLE)
    graduates = list(market.graduates.values())
    lab = _lab(market.world)
    labs.admit_people(lab=lab, people=graduates, admitted_by=market.world.cohort, by=None, at=AT)
    # They were made without their job and without a file: not what is counted here.
    Submission.objects.all().delete()
    few, programs = os.environ.get("FAULTS_FEW"), os.environ.get("FAULTS_PROGRAMS")
    return Alliance(
        world=market.world,
        officer=market.world.people["officer_university"],
        graduates=graduates,
        numbers=[f"G-{name}" for name in market.graduates],
        vacancies=list(market.vacancies.values()),
        lab=lab,
        answers=[(_answers(wrong), 1 - wrong / LINES) for wrong in (0, 3, LINES)],
        code_lab=_code_lab(market.world, graduates) if programs or not few else None,
        notebook_lab=_notebook_lab(market.world, graduates) if programs and not few else None,
    )


def _lab(world: World) -> Lab:
    """A lab whose true answers are known here, so that every score is known, too."""
    files = {
        "train": Content("train.csv", b"a,target\n1,0\n"),
        "test": Content("test.csv", b"id,a\n1,0.5\n"),
        "sample": Content("sample.csv", _answers(LINES)),
        "truth": Content("truth.csv", _answers(0)),
    }
    lab = labs.create_lab(
        key="parity",
        title_ko="홀짝",
        title_en="Parity",
        task_ko="맞히세요.",
        owner=world.university,
        metric="accuracy",
        id_column="id",
        target_column="target",
        pass_score=0.9,
        daily_limit=ATTEMPTS,
        opens_at=AT - dt.timedelta(days=1),
        closes_at=AT + dt.timedelta(days=10),
        by=None,
        at=AT,
        **files,
    )
    return labs.open_lab(lab=lab, by=None, at=AT)


PROGRAMS = (
    (b"def double(n):\n    return 2 * n\n", 5.0),
    (b"def double(n):\n    return 2 * abs(n)\n", 3.0),
    (b"def double(n):\n    return n\n", 0.0),
)
"""Programs and the points that each of them earns."""
REFUSED = -1.0
"""What a file is worth that is refused."""
HARSH_PROGRAMS = (
    *PROGRAMS,
    (b"def double(n):\n    raise ValueError(n)\n", 0.0),
    (b"def double(n):\n    while n == 2: pass\n    return 2 * n\n", 2.0),
    (b"import os\ndef double(n):\n    os.kill(os.getpid(), 9)\n", 0.0),
    (b"print('x' * 3_000_000)\ndef double(n):\n    return 2 * n\n", 5.0),
)
"""And those that raise, loop, kill themselves and flood."""
ANSWERS = (("return 2 * n", 4.0), ("return n * n", 0.0), ("raise ValueError(n)", 0.0))
"""Bodies of the notebook's function and their points."""
_SOLVED = "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION\n"
_TESTED = (
    "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS"
)


def notebook_of(solution: str) -> bytes:
    """A notebook in nbgrader's manner: one solution and one test."""

    def cell(name: str, source: str, **marks: object) -> dict[str, object]:
        whole = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
        return {
            "cell_type": "code",
            "metadata": {"nbgrader": {**whole, **marks, "grade_id": name}},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }

    cells = [cell("double", solution, solution=True), cell("test", _TESTED, grade=True, points=4)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _notebook_lab(world: World, people: list[User]) -> Lab:
    """A lab with a notebook, whose marks are known here."""
    lab = labs.create_notebook_lab(
        notebook=Content("double.ipynb", notebook_of(_SOLVED)),
        key="double-notebook",
        title_ko="두 배 노트북",
        task_ko="두 배를 돌려주세요.",
        owner=world.university,
        pass_score=3.0,
        daily_limit=ATTEMPTS,
        opens_at=AT - dt.timedelta(days=1),
        closes_at=AT + dt.timedelta(days=10),
        by=None,
        at=AT,
    )
    lab = labs.open_lab(lab=lab, by=None, at=AT)
    labs.admit_people(lab=lab, people=people, admitted_by=world.cohort, by=None, at=AT)
    return lab


def _code_lab(world: World, people: list[User]) -> Lab:
    """A lab with hidden inputs, whose marks are known here."""
    checks = {
        "function": "double",
        "checks": [
            {"key": "two", "title_ko": "둘", "points": 3, "args": [2], "expected": 4},
            {"key": "minus", "title_ko": "음수", "points": 2, "args": [-3], "expected": -6},
        ],
    }
    lab = labs.create_function_lab(
        checks=Content("checks.json", json.dumps(checks, ensure_ascii=False).encode()),
        key="double",
        title_ko="두 배",
        task_ko="두 배를 돌려주세요.",
        owner=world.university,
        pass_score=3.0,
        daily_limit=ATTEMPTS,
        opens_at=AT - dt.timedelta(days=1),
        closes_at=AT + dt.timedelta(days=10),
        by=None,
        at=AT,
    )
    lab = labs.open_lab(lab=lab, by=None, at=AT)
    labs.admit_people(lab=lab, people=people, admitted_by=world.cohort, by=None, at=AT)
    return lab


def _answers(wrong: int) -> bytes:
    """A file of answers of which the first ones are wrong."""
    lines = [f"{number},{(number + (number <= wrong)) % 2}" for number in range(1, LINES + 1)]
    return ("id,target\n" + "\n".join(lines) + "\n").encode()


def sign_in(person: User) -> str:
    """A session as signing in makes it; returns its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)
