"""The stand-alone verifier: accepts every result of the engine, rejects every change to one."""

from __future__ import annotations

import ast
import copy
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.engines.matching import (
    Choice,
    Lottery,
    Position,
    Problem,
    Reserve,
    Rules,
    bundle,
    certificate,
    output_files,
    solve,
    verify,
    verify_result,
)
from bitgoeul.engines.matching.synthetic import make_market
from bitgoeul.engines.matching.verify import verify_content

VERIFIER = Path(verify.__file__)
MODES = {
    "plain": (),
    "frozen": (Reserve("local", "yes", share="0.3"),),
    "soft": (
        Reserve("local", "yes", share="0.3", rounding="up"),
        Reserve("youth", "yes", seats=1),
    ),
    "target": (Reserve("local", "yes", share="0.6", mode="target", floor="3000"),),
    "calling": (
        Reserve("local", "yes", share="0.5", mode="calling"),
        Reserve("youth", "yes", share="0.4", mode="calling"),
    ),
}


def market(mode, *, seed=7):
    problem = make_market(
        applicants=24,
        positions=4,
        seed=seed,
        choices=3,
        seats=0.7,
        tie_levels=6,
        types=0.4,
        reserves=MODES[mode],
    )
    if mode != "frozen":
        return problem
    # Some of the last choices, so that the frozen people would not be there by themselves.
    pairs = {row.applicant: row.position for row in problem.choices()}
    rules = replace(problem.rules, frozen=tuple(pairs.items())[:4])
    return replace(problem, rules=rules)


@st.composite
def problems(draw):
    """Markets with ties, classes, empty positions, quotas of one mode, frozen placements."""
    positions = [f"p{k}" for k in range(draw(st.integers(1, 4)))]
    rows = []
    for who in range(draw(st.integers(0, 12))):
        own = draw(st.lists(st.sampled_from(positions), min_size=1, unique=True))
        groups = {kind: draw(st.sampled_from(("yes", "no"))) for kind in ("local", "youth")}
        for rank, position in enumerate(own, start=1):
            score = Decimal(draw(st.integers(-3, 3))) / 2
            rows.append(Choice(f"a{who}", position, rank, score, draw(st.integers(0, 1)), groups))
    capacity = {p: draw(st.integers(0, 4)) for p in positions}
    reserves = draw(
        st.one_of(st.just(()), *(reserve_pairs(mode) for mode in ("soft", "target", "calling")))
    )
    frozen = draw(frozen_pairs(rows, capacity))
    return Problem.build(
        choices=rows,
        positions=[Position(p, c) for p, c in capacity.items()],
        rules=Rules(Lottery("s", draw(st.sampled_from("12"))), reserves, frozen),
    )


@st.composite
def reserve_pairs(draw, mode):
    kinds = draw(st.lists(st.sampled_from(("local", "youth")), min_size=1, unique=True))
    found = []
    for kind in kinds:
        options = {"share": draw(st.sampled_from(("0.1", "0.5", "0.75", "1")))}
        options["rounding"] = draw(st.sampled_from(("down", "nearest", "up")))
        if mode == "target":
            options["floor"] = draw(st.sampled_from((None, "0", "0.5")))
            options["extra_cap"] = draw(st.sampled_from((None, "0.5")))
        found.append(Reserve(kind, "yes", mode=mode, min_seats=draw(st.integers(0, 2)), **options))
    return tuple(found)


@st.composite
def frozen_pairs(draw, rows, capacity):
    left = dict(capacity)
    pairs = {}
    for row in draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else ():
        if row.applicant not in pairs and left[row.position]:
            left[row.position] -= 1
            pairs[row.applicant] = row.position
    return tuple(pairs.items())


@given(problems())
def test_every_result_of_the_engine_is_accepted(problem):
    answer = verify_result(problem, solve(problem))
    targets = any(reserve.mode == "target" for reserve in problem.rules.reserves)
    # With targets the verifier leaves the question open, unless every position is exempt.
    assert answer["applicant_optimal"] in ((None, True) if targets else (True,))
    assert (answer["stable"], answer["quotas"], answer["tight"]) == (True, True, True)
    assert answer["violation"] is None


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(problem, random):
    rows, seats = list(problem.choices()), list(problem.positions)
    random.shuffle(rows)
    random.shuffle(seats)
    again = Problem.build(choices=rows, positions=seats, rules=problem.rules)
    assert again.digests() == problem.digests()
    assert solve(again).matches() == solve(problem).matches()


def _parts(problem, result):
    files = {**problem.input_files(), **output_files(problem, result)}
    published = json.loads(files["certificate.json"])
    lines = files["matches.csv"].decode().splitlines()
    return published, lines, (files["applicants.csv"], files["positions.csv"])


def _rejected(published, lines, inputs):
    answer = verify_content(published, "\n".join(lines).encode(), *inputs)
    return answer["violation"] is not None


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", [7, 8])
def test_any_changed_match_is_rejected(mode, seed):
    problem = market(mode, seed=seed)
    published, lines, inputs = _parts(problem, solve(problem))
    assert not _rejected(published, lines, inputs)
    pools = sorted({(pool["position"], pool["pool"]) for pool in published["pools"]})
    changes = 0
    for number, line in enumerate(lines[1:], start=1):
        applicant = line.split(",")[0]
        others = [f"{applicant},,", f"{applicant},,open"]
        others += [f"{applicant},{p},{pool}" for p, pool in pools]
        for other in others:
            if other != line:
                changed = [*lines[:number], other, *lines[number + 1 :]]
                assert _rejected(published, changed, inputs), other
                changes += 1
        assert _rejected(published, [*lines[:number], *lines[number + 1 :]], inputs)
        assert _rejected(published, [*lines, line], inputs)
    assert changes > 90


@pytest.mark.parametrize("mode", MODES)
def test_two_exchanged_matches_are_rejected(mode):
    problem = market(mode)
    published, lines, inputs = _parts(problem, solve(problem))
    rows = [line.split(",", 1) for line in lines[1:]]
    exchanged = 0
    for a in range(len(rows)):
        for b in range(a):
            if rows[a][1] != rows[b][1]:
                changed = copy.deepcopy(rows)
                changed[a][1], changed[b][1] = rows[b][1], rows[a][1]
                assert _rejected(published, [lines[0], *map(",".join, changed)], inputs)
                exchanged += 1
    assert exchanged > 50


def _changed_values(value):
    """Other values of the same shape, for every leaf of a published pool."""
    if isinstance(value, dict):
        for key, inner in value.items():
            for other in _changed_values(inner):
                yield {**value, key: other}
        yield None
    elif value is None:
        yield {"priority": 0, "score": "0", "lottery": "0" * 64}
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    else:
        yield value + "0"
        yield ""


@pytest.mark.parametrize("mode", MODES)
def test_any_changed_cutoff_or_other_fact_of_a_pool_is_rejected(mode):
    problem = market(mode)
    published, lines, inputs = _parts(problem, solve(problem))
    for number, pool in enumerate(published["pools"]):
        for field, value in pool.items():
            for other in _changed_values(value):
                changed = copy.deepcopy(published)
                changed["pools"][number][field] = other
                assert _rejected(changed, lines, inputs), (field, other)
        shorter = copy.deepcopy(published)
        del shorter["pools"][number]
        assert _rejected(shorter, lines, inputs)


@pytest.mark.parametrize("mode", MODES)
def test_changed_inputs_and_rules_are_rejected(mode):
    problem = market(mode)
    published, lines, (applicants, positions) = _parts(problem, solve(problem))
    text = applicants.decode()
    # The lowest-ranked line of somebody: no effect on the matching, so only the digest shows it.
    less = ("\n".join(text.splitlines()[:-1]) + "\n").encode()
    more = positions + b"extra,1,,\n"
    assert _rejected(published, lines, (less, positions))
    assert _rejected(published, lines, (applicants, more))
    seed = copy.deepcopy(published)
    seed["rules"]["lottery"]["seed"] += "x"
    assert _rejected(seed, lines, (applicants, positions))


def test_what_is_violated_is_named_with_its_line():
    rows = [Choice("kim", "lab", 1, 90), Choice("lee", "lab", 1, 95), Choice("kim", "it", 2, 1)]
    problem = Problem.build(choices=rows, positions=[Position("lab", 1), Position("it", 1)])
    published, _, inputs = _parts(problem, solve(problem))
    matches = b"applicant,position,pool\nkim,lab,open\nlee,,\n"
    answer = verify_content(published, matches, *inputs)
    assert (answer["stable"], answer["quotas"]) == (False, True)
    line = inputs[0].decode().splitlines().index("lee,lab,1,95,0") + 1
    assert answer["violation"] == {
        "code": "blocking_pair",
        "position": "lab",
        "pool": "open",
        "applicant": "lee",
        "file": "applicants",
        "line": line,
    }


@pytest.mark.parametrize(
    ("matches", "code", "part"),
    [
        ("kim,lab,open\nlee,lab,open", "over_capacity", "quotas"),
        ("kim,,\nlee,lab,open", "blocking_pair", "stable"),
        ("kim,it,open\nlee,it,open", "not_listed", "quotas"),
        ("kim,it,closet\nlee,lab,open", "unknown_pool", "quotas"),
        ("kim,,open\nlee,lab,open", "pool_without_position", "quotas"),
    ],
)
def test_what_fails_is_told_apart(matches, code, part):
    rows = [Choice("kim", "lab", 1, 90), Choice("lee", "lab", 1, 95), Choice("kim", "it", 2, 1)]
    problem = Problem.build(choices=rows, positions=[Position("lab", 1), Position("it", 1)])
    published, _, inputs = _parts(problem, solve(problem))
    content = f"applicant,position,pool\n{matches}\n".encode()
    answer = verify_content(published, content, *inputs)
    assert (answer["violation"]["code"], answer[part]) == (code, False)


def test_a_frozen_person_who_was_moved_is_named():
    problem = market("frozen")
    published, lines, inputs = _parts(problem, solve(problem))
    who = problem.rules.frozen[0][0]
    moved = [f"{who},," if line.startswith(f"{who},") else line for line in lines]
    answer = verify_content(published, "\n".join(moved).encode(), *inputs)
    assert (answer["violation"]["code"], answer["quotas"]) == ("frozen_moved", False)


def test_a_stable_matching_that_is_not_the_best_for_applicants_is_told_apart():
    """Two people, two seats, opposite wishes: both matchings are stable, one is the best."""
    rows = [
        Choice("a", "x", 1, 1),
        Choice("a", "y", 2, 2),
        Choice("b", "y", 1, 1),
        Choice("b", "x", 2, 2),
    ]
    problem = Problem.build(choices=rows, positions=[Position("x", 1), Position("y", 1)])
    published, _, inputs = _parts(problem, solve(problem))
    worse = b"applicant,position,pool\na,y,open\nb,x,open\n"
    answer = verify_content(published, worse, *inputs)
    assert (answer["stable"], answer["applicant_optimal"]) == (True, False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("certificate.json", b"not json"),
        ("certificate.json", b"{}"),
        ("certificate.json", b"[]"),
        ("matches.csv", b""),
        ("matches.csv", b"applicant,position,pool\nnobody,x,open\n"),
        ("applicants.csv", b"applicant,position\n"),
        ("positions.csv", b"position,capacity\nx,many\n"),
        ("positions.csv", b"\xff\xfe\x00"),
    ],
)
def test_unusable_files_fail_the_check_without_a_traceback(tmp_path, name, content):
    _unpack(market("soft"), tmp_path)
    (tmp_path / name).write_bytes(content)
    done = _run(tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["violation"]["code"]
    assert done.stderr == ""


def _unpack(problem, folder):
    with zipfile.ZipFile(io.BytesIO(bundle(problem, solve(problem)))) as archive:
        archive.extractall(folder)


def _run(folder, *arguments):
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_bundle_is_checked_by_python_alone(tmp_path):
    """`-I -S`: no installed package and no project is in reach."""
    problem = market("soft")
    _unpack(problem, tmp_path)
    alone = _run(tmp_path)
    assert (alone.returncode, json.loads(alone.stdout)["stable"]) == (0, True)
    given = _run(tmp_path, tmp_path, tmp_path / "applicants.csv", tmp_path / "positions.csv")
    assert given.stdout == alone.stdout
    assert set(json.loads(alone.stdout)) == {
        "stable",
        "applicant_optimal",
        "quotas",
        "tight",
        "violation",
    }
    assert _run(tmp_path, "one").returncode == 2


def test_the_bundle_is_the_same_every_time_and_holds_the_rules(tmp_path):
    from bitgoeul.engines.matching import read_problem, read_rules

    problem = market("target")
    assert bundle(problem, solve(problem)) == bundle(problem, solve(problem))
    _unpack(problem, tmp_path)
    again = read_problem(
        applicants=tmp_path / "applicants.csv",
        positions=tmp_path / "positions.csv",
        rules=read_rules(tmp_path / "rules.toml"),
    )
    assert certificate(again, solve(again)) == certificate(problem, solve(problem))


def test_the_verifier_imports_the_standard_library_only():
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).split(".")[0])
    assert names <= set(sys.stdlib_module_names)
