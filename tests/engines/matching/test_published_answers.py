"""Answers that others published, read from the shared data folder at test time."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bitgoeul.engines.matching import (
    Choice,
    Position,
    Problem,
    Reserve,
    Rules,
    solve,
    verify_result,
)
from bitgoeul.engines.matching.choosing import calling_order
from bitgoeul.engines.matching.synthetic import make_lists

DATA = Path(__file__).parents[4] / "shared" / "data" / "matching"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"no published answers at {DATA}")


def _cases(name):
    path = DATA / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@pytest.mark.parametrize(
    "case", _cases("hospital_residents.json"), ids=lambda case: case["source"][:30]
)
def test_hospital_residents(case):
    problem = make_lists(
        residents=case["residents"], hospitals=case["hospitals"], capacities=case["capacities"]
    )
    result = solve(problem)
    found = [int(result.matches()[str(k)] or 0) for k in range(1, len(case["residents"]) + 1)]
    assert found == case["resident_optimal"]
    assert verify_result(problem, result)["violation"] is None


@pytest.mark.parametrize(
    "case", _cases("calling_order.json"), ids=lambda case: case["source"][-20:]
)
def test_calling_orders_of_parcoursup(case):
    quotas = list(case["quota_percent"].items())
    kinds = [name for name, _ in quotas]
    people = case["ranking"]

    def types(person):
        return case["types"][person[0]]

    masks = [sum((kind in types(p)) << bit for bit, kind in enumerate(kinds)) for p in people]
    shares = [Decimal(percent) / 100 for _, percent in quotas]
    assert [people[k] for k in calling_order(masks, shares)] == case["calling_order"]
    # The same through the whole engine: with n seats the first n of the order are admitted.
    for seats in range(len(people) + 1):
        rows = [
            Choice(p, "x", 1, -k, 0, {kind: str(kind in types(p)) for kind in kinds})
            for k, p in enumerate(people)
        ]
        reserves = tuple(
            Reserve(kind, "True", share=share, mode="calling")
            for kind, share in zip(kinds, shares, strict=True)
        )
        problem = Problem.build(
            choices=rows, positions=[Position("x", seats)], rules=Rules(reserves=reserves)
        )
        result = solve(problem)
        admitted = {one.applicant for one in result.placements if one.position}
        assert admitted == set(case["calling_order"][:seats])
        assert verify_result(problem, result)["violation"] is None


@pytest.mark.parametrize("case", _cases("regional_caps.json")[:1], ids=["kamada-kojima"])
def test_plain_matching_under_target_capacities_is_the_jrmp_mechanism(case):
    """Kamada & Kojima's baseline: ordinary deferred acceptance with capacities cut to targets."""
    rows = [
        Choice(str(doctor), str(hospital), 1, -doctor)
        for doctor, wanted in enumerate(case["doctors"])
        for hospital in wanted
    ]
    seats = [Position(str(k), target) for k, target in enumerate(case["target"])]
    result = solve(Problem.build(choices=rows, positions=seats))
    assert sum(one.position is not None for one in result.placements) == case["jrmp_matched"]
