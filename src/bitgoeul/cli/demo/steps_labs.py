"""Twelve labs: six programs that are really run for everybody, notebooks, words, open labs."""

import datetime as dt
import json
import random
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials import services as credentials
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.cli import _
from bitgoeul.cli.demo import synthetic
from bitgoeul.cli.demo.filling import Part, Write
from bitgoeul.cli.demo.people import UNIVERSITY
from bitgoeul.cli.demo.steps_alliance import organisation
from bitgoeul.cli.demo.year import Year, on

OPENED, CLOSES = dt.date(2024, 4, 8), dt.date(2026, 12, 31)
MADE = "made"
PASS_SHARE = 0.6
QUALITY = (0.62, 0.2, 0.11, 0.07)
"""How many of a class hand in the right program, a careless, a wrong and a broken one."""
HANDED_IN = 0.96


@cache
def described() -> tuple[dict[str, Any], ...]:
    """The labs as the file describes them."""
    text = Path(__file__).with_name("labs.toml").read_text("utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["lab"]
    return tuple(_with_null(row) for row in rows)


def graded_labs() -> list[dict[str, Any]]:
    """The labs that everybody's program is run in."""
    return [row for row in described() if "solutions" in row]


def units(year: Year) -> Sequence[str]:
    """First all labs, then one unit for each lab that everybody did."""
    return (MADE, *(row["key"] for row in graded_labs()))


def prepare(year: Year, name: str) -> Write:
    """Do the slow half of a unit: running programs; what it returns writes."""
    if name == MADE:
        return lambda: make_labs(year)
    row = next(row for row in graded_labs() if row["key"] == name)
    lab = Lab.objects.get(key=name)
    handed = _handed_in(year, row)
    graded = services.grade_texts(lab=lab, texts=[one.content for one in handed])
    at = on(_due(row), 20)

    def write() -> int:
        return services.receive_graded(
            lab=lab, handed=handed, graded=graded, name=f"{row['function']}.py", by=None, at=at
        )

    return write


def make_labs(year: Year) -> list[Lab]:
    """Skills, a certificate for each lab that is graded for everybody, and the twelve labs."""
    at = on(OPENED, 8)
    credentials.load_starter_skills(by=None, at=at)
    people = _people(year)
    return [_make(year, row, people, at=at) for row in described()]


def _make(year: Year, row: dict[str, Any], people: Sequence[User], *, at: dt.datetime) -> Lab:
    facts: dict[str, Any] = {
        "key": row["key"],
        "title_ko": row["title_ko"],
        "title_en": row["title_en"],
        "task_ko": row["task_ko"],
        "task_en": row["task_en"],
        "source": row.get("source", ""),
        "owner": organisation(UNIVERSITY),
        "daily_limit": 10,
        "open_to_all": row.get("open", False),
        "opens_at": on(OPENED, 9),
        "closes_at": on(CLOSES, 18),
    }
    made = _MAKERS[row["kind"]](row, facts, at=at)
    skills = list(Skill.objects.filter(key__in=row["skills"]))
    achievement = _achievement(row, skills, at=at) if "solutions" in row else None
    made = services.change_lab(lab=made, skills=skills, achievement=achievement, by=None, at=at)
    made = services.open_lab(lab=made, by=None, at=at)
    if not row.get("open"):
        services.admit_people(lab=made, people=people, admitted_by=year.cohort, by=None, at=at)
    return made


def _function(row: dict[str, Any], facts: dict[str, Any], *, at: dt.datetime) -> Lab:
    checks = {"function": row["function"], "checks": row["checks"]}
    points = sum(check["points"] for check in row["checks"])
    starter = row.get("starter") or f"def {row['function']}():\n    raise NotImplementedError\n"
    return services.create_function_lab(
        checks=_file("checks.json", checks),
        starter=services.Content("start.py", starter.lstrip().encode()),
        pass_score=points * PASS_SHARE,
        seconds=10,
        memory_mb=1024,
        by=None,
        at=at,
        **facts,
    )


def _answers(row: dict[str, Any], facts: dict[str, Any], *, at: dt.datetime) -> Lab:
    points = sum(question["points"] for question in row["questions"])
    questions = _file("questions.json", {"questions": row["questions"]})
    return services.create_answer_lab(
        questions=questions, pass_score=points * PASS_SHARE, by=None, at=at, **facts
    )


def _notebook(row: dict[str, Any], facts: dict[str, Any], *, at: dt.datetime) -> Lab:
    points = sum(cell["points"] for cell in row["cells"])
    return services.create_notebook_lab(
        notebook=_file(f"{row['key']}.ipynb", source_notebook(row)),
        pass_score=points * PASS_SHARE,
        seconds=60,
        memory_mb=2048,
        by=None,
        at=at,
        **facts,
    )


_MAKERS = {"function": _function, "answers": _answers, "notebook": _notebook}


def source_notebook(row: dict[str, Any]) -> dict[str, Any]:
    """A source notebook in nbgrader's manner, from what the file says of its cells."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "markdown",
            "id": "task",
            "metadata": {},
            "source": f"# {row['title_ko']}\n\n{row['task_ko']}\n\n---\n\n{row['task_en']}",
        }
    ]
    for cell in row["cells"]:
        cells.append(_code(cell["id"], cell["solution"], solution=True))
        cells.append(_code(f"test-{cell['id']}", cell["test"], points=cell["points"]))
    return {"cells": cells, "metadata": _PYTHON, "nbformat": 4, "nbformat_minor": 5}


_PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _code(name: str, text: str, *, solution: bool = False, points: int = 0) -> dict[str, Any]:
    marks: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": name,
        "grade": not solution,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    if not solution:
        marks["points"] = points
    return {
        "cell_type": "code",
        "id": name,
        "execution_count": None,
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "source": text.strip(),
    }


def _achievement(row: dict[str, Any], skills: Sequence[Skill], *, at: dt.datetime) -> Achievement:
    return credentials.create_achievement(
        key=f"{row['key']}-skill",
        kind="lab",
        issuer=organisation(UNIVERSITY),
        title_ko=f"실습 통과: {row['title_ko']}",
        title_en=f"Passed the lab: {row['title_en']}",
        description_ko="숨은 입력으로 채점하는 실습을 통과해 역량을 증명했다.",
        description_en="Proved the skills in a lab that is graded by hidden inputs.",
        criteria_ko="숨은 검사에서 총점의 60 % 이상",
        criteria_en="60 % or more of the points of the hidden checks",
        skills=skills,
        by=None,
        at=at,
    )


def _handed_in(year: Year, row: dict[str, Any]) -> list[services.HandedIn]:
    """Who handed in what, and when: as good as the seed of the year draws it."""
    drawn = random.Random(f"{year.seed}|{row['key']}")  # noqa: S311 -- an invented class, no secret
    texts = [text.lstrip().encode() for text in row["solutions"]]
    found = []
    for person in _people(year):
        if drawn.random() > HANDED_IN:
            continue
        (text,) = drawn.choices(texts, weights=QUALITY)
        day = _due(row) - dt.timedelta(days=drawn.randrange(1, 12))
        moment = on(day, drawn.randrange(9, 22), drawn.randrange(60))
        found.append(services.HandedIn(person=person, content=text, at=moment))
    return found


def _people(year: Year) -> list[User]:
    rows = Enrolment.objects.filter(cohort=year.cohort).select_related("person")
    return [row.person for row in rows.order_by("person_id")]


def _due(row: dict[str, Any]) -> dt.date:
    number = [one["key"] for one in graded_labs()].index(row["key"])
    return synthetic.FIRST_DAY + dt.timedelta(days=28 * (number + 1))


def _file(name: str, value: object) -> services.Content:
    return services.Content(name, json.dumps(value, ensure_ascii=False, indent=1).encode())


def _with_null(value: Any) -> Any:
    """TOML knows no null: a sign of its own stands for it."""
    if isinstance(value, dict):
        return {key: _with_null(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_null(one) for one in value]
    return None if value == "∅" else value


PARTS = (Part(key="labs", title=_("Labs and skills"), units=units, prepare=prepare),)
