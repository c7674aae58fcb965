"""Labs of the other kinds: a function with hidden inputs, and answers in words."""

import datetime as dt
import json
from typing import Any

from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.services import Content
from tests.world import AT, World

OPENED = AT - dt.timedelta(days=1)

CHECKS: dict[str, Any] = {
    "function": "moving_average",
    "checks": [
        {"key": "small", "title_ko": "짧은 목록", "title_en": "A short list", "points": 2,
         "visible": True, "args": [[1, 2, 3, 4], 2], "expected": [1.5, 2.5, 3.5]},
        {"key": "one", "title_ko": "창 하나", "title_en": "A window of one", "points": 3,
         "args": [[5, 7], 1], "expected": [5, 7], "tolerance": 1e-6},
        {"key": "empty", "title_ko": "빈 목록", "title_en": "An empty list", "points": 5,
         "args": [[], 3], "expected": []},
    ],
}  # fmt: skip
GOOD = b"""
def moving_average(values, window):
    print("called", values)
    return [sum(values[i:i + window]) / window for i in range(len(values) - window + 1)]
"""
CARELESS = b"""
def moving_average(values, window):
    if not values:
        raise ValueError("no values: " + repr((values, window)))
    return [sum(values[i:i + window]) / window for i in range(len(values) - window + 1)]
"""
QUESTIONS: dict[str, Any] = {
    "questions": [
        {"key": "why", "text_ko": "왜 나누나요?", "text_en": "Why split?", "points": 4,
         "rubric_ko": "일반화를 말하면 4점", "rubric_en": "4 for generalisation"},
        {"key": "how", "text_ko": "어떻게 나누나요?", "points": 6},
    ]
}  # fmt: skip


def as_file(value: Any, name: str = "checks.json") -> Content:
    return Content(name, json.dumps(value, ensure_ascii=False).encode())


def facts(world: World, **more: Any) -> dict[str, Any]:
    return {
        "key": "moving-average",
        "title_ko": "이동 평균",
        "title_en": "Moving average",
        "task_ko": "이동 평균을 구하세요.",
        "owner": world.university,
        "pass_score": 6.0,
        "daily_limit": 3,
        "opens_at": OPENED,
        "closes_at": AT + dt.timedelta(days=10),
    } | more


def opened(lab: Lab, world: World) -> Lab:
    lab = services.open_lab(lab=lab, by=None, at=OPENED)
    people = [world.people["trainee"], world.people["graduate"]]
    services.admit_people(lab=lab, people=people, admitted_by=world.cohort, by=None, at=OPENED)
    return lab


def function_lab(world: World, checks: Any = CHECKS, **more: Any) -> Lab:
    made = services.create_function_lab(
        checks=as_file(checks), by=None, at=OPENED, **facts(world, **more)
    )
    return opened(made, world)


def answer_lab(world: World, **more: Any) -> Lab:
    made = services.create_answer_lab(
        questions=as_file(QUESTIONS), by=None, at=OPENED, **facts(world, key="words", **more)
    )
    return opened(made, world)


def hand_in_code(
    lab: Lab, world: World, code: bytes, who: str = "trainee", at: dt.datetime = AT
) -> Submission:
    person = world.people[who]
    return services.receive_submission(
        lab=lab, person=person, name="answer.py", content=code, by=person, at=at
    )
