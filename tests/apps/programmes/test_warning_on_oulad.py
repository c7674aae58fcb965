"""The rule "work is due and nothing was handed in" on real courses, where they are at hand.

Open University Learning Analytics Dataset (Kuzilek and others, CC BY 4.0), the part that could be
obtained. By day 30 of a course the rule finds people of whom about 82 % fail, against 26 % of the
others; models tried beside it (logistic regression, boosted trees) reached 56 to 59 % in the tenth
they held most at risk.
"""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import pytest

from bitgoeul.apps.programmes.queries.limits import nothing_handed_in

OULAD = Path(__file__).parents[4] / "shared/data/programmes/oulad"
BY_DAY = 30


def rows(name: str) -> list[dict[str, str]]:
    with gzip.open(OULAD / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not OULAD.exists(), reason="the shared data are not beside this checkout")
def test_the_rule_finds_who_fails() -> None:
    course_of = {}
    due: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in rows("assessments"):
        course = (each["code_module"], each["code_presentation"])
        course_of[each["id_assessment"]] = course
        if each["date"] and float(each["date"]) <= BY_DAY:
            due[course].add(each["id_assessment"])
    handed: dict[tuple[tuple[str, str], str], set[str]] = defaultdict(set)
    for each in rows("studentAssessment"):
        if float(each["date_submitted"]) <= BY_DAY and each["id_assessment"] in course_of:
            course = course_of[each["id_assessment"]]
            handed[course, each["id_student"]].add(each["id_assessment"])
    failed: dict[bool, list[bool]] = {True: [], False: []}
    for each in rows("studentInfo"):
        course = (each["code_module"], each["code_presentation"])
        if not due[course] or each["final_result"] == "Withdrawn":
            continue
        missing = len(due[course] - handed[course, each["id_student"]])
        found = nothing_handed_in(len(due[course]), missing)
        failed[found].append(each["final_result"] == "Fail")
    share = {found: sum(each) / len(each) for found, each in failed.items()}
    assert len(failed[True]) > 500
    assert share[True] == pytest.approx(0.82, abs=0.02)
    assert share[False] == pytest.approx(0.26, abs=0.02)
