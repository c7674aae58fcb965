"""docs/asvs.csv answers each requirement of level 1 and 2 once, and what it names exists.

The levels below are facts about the OWASP Application Security Verification Standard 5.0.0
(CC BY-SA 4.0, https://owasp.org/www-project-application-security-verification-standard/): one
digit for each requirement of a section, in its order.
"""

import ast
import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {
    "V1.1": "22", "V1.2": "1111122223", "V1.3": "112222222223", "V1.4": "222", "V1.5": "123",
    "V2.1": "122", "V2.2": "112", "V2.3": "12223", "V2.4": "23",
    "V3.1": "3", "V3.2": "113", "V3.3": "12223", "V3.4": "11222233", "V3.5": "11122333",
    "V3.6": "3", "V3.7": "22333",
    "V4.1": "12233", "V4.2": "23333", "V4.3": "22", "V4.4": "1222",
    "V5.1": "2", "V5.2": "112333", "V5.3": "113", "V5.4": "222",
    "V6.1": "122", "V6.2": "111111112222", "V6.3": "11223333", "V6.4": "112233",
    "V6.5": "22222333", "V6.6": "2223", "V6.7": "33", "V6.8": "2222",
    "V7.1": "222", "V7.2": "1111", "V7.3": "22", "V7.4": "11222", "V7.5": "223", "V7.6": "22",
    "V8.1": "1233", "V8.2": "1123", "V8.3": "133", "V8.4": "23",
    "V9.1": "111", "V9.2": "1222",
    "V10.1": "22", "V10.2": "223", "V10.3": "22223", "V10.4": "1111122222233333",
    "V10.5": "22222", "V10.6": "22", "V10.7": "222",
    "V11.1": "2233", "V11.2": "22233", "V11.3": "11233", "V11.4": "1222", "V11.5": "23",
    "V11.6": "23", "V11.7": "33",
    "V12.1": "12233", "V12.2": "11", "V12.3": "22223",
    "V13.1": "2333", "V13.2": "222223", "V13.3": "2233", "V13.4": "1222233",
    "V14.1": "22", "V14.2": "12223333", "V14.3": "122",
    "V15.1": "12233", "V15.2": "12233", "V15.3": "1222222", "V15.4": "3333",
    "V16.1": "2", "V16.2": "22222", "V16.3": "2222", "V16.4": "222", "V16.5": "2223",
    "V17.1": "23", "V17.2": "22223333", "V17.3": "22",
}  # fmt: skip
MET = ("yes", "partly", "no", "operator", "n.a.")


def _rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _asked() -> dict[str, str]:
    return {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
        if level in "12"
    }


@cache
def _tests_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    plain = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            plain |= {f"{node.name}::{f.name}" for f in node.body if isinstance(f, ast.FunctionDef)}
    return frozenset(plain)


def _exists(evidence: str) -> bool:
    name, _two, test = evidence.partition("::")
    path = ROOT / name
    if not test:
        return path.is_file() and name.startswith("docs/")
    return (
        path.is_file() and test.rpartition("::")[2].startswith("test_") and test in _tests_in(path)
    )


def test_the_standard_has_70_requirements_of_level_1_and_183_of_level_2() -> None:
    assert Counter(_asked().values()) == {"1": 70, "2": 183}


def test_each_requirement_is_answered_once() -> None:
    rows = _rows()
    assert {row["id"]: row["level"] for row in rows} == _asked()
    assert len(rows) == len(_asked())
    assert [row["id"] for row in rows if row["met"] not in MET] == []


def test_each_answer_has_a_test_that_exists_or_a_reason() -> None:
    faults = []
    for row in _rows():
        named = row["evidence"].split()
        faults += [f"{row['id']}: no {name}" for name in named if not _exists(name)]
        if row["met"] == "yes" and not named:
            faults.append(f"{row['id']}: nothing shows it")
        if row["met"] != "yes" and not row["note"]:
            faults.append(f"{row['id']}: no reason")
        if not row["requirement"]:
            faults.append(f"{row['id']}: no wording")
    assert faults == []


def test_the_page_counts_as_the_table_does() -> None:
    page = (ROOT / "docs" / "asvs.md").read_text("utf-8")
    counted = Counter((row["met"], row["level"]) for row in _rows())
    for met in MET:
        line = f"| {met} | {counted[met, '1']} | {counted[met, '2']} |"
        assert line in page, line


@pytest.mark.parametrize("bad", ["docs/none.md", "tests/web/test_asvs.py::test_none", "README.md"])
def test_what_does_not_exist_is_noticed(bad: str) -> None:
    assert not _exists(bad)
