"""Practice: submission and tests in one interpreter, as nbgrader and otter do it.

What a submission does to its interpreter it does to the tests, too; the points are good for
learning and for nothing else.
"""

from __future__ import annotations

from typing import Any

from . import judging, shell
from .programs import Conversation


def run(facts: dict[str, Any], talk: Conversation) -> None:
    """Do every step, and tell of each when it is done."""
    for step in facts["steps"]:
        if "cell" in step:
            ran = shell.run(step["source"], seconds=facts["cell_seconds"])
            talk.send({"cell": step["cell"], **ran.as_dict()})
        else:
            talk.send({"check": step["check"], "cases": _cases(step["cases"], facts)})


def _cases(cases: list[dict[str, Any]], facts: dict[str, Any]) -> list[dict[str, Any]]:
    said = []
    for case in cases:
        ran = shell.run(case["source"], seconds=facts["check_seconds"])
        earned, why = judging.points(case, ran, stderr_fails=True)
        said.append({"points": earned, "why": why, "text": ran.text[:2000]})
    return said
