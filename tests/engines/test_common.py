"""The same checks for every engine: determinism, inputs left alone, tiny inputs, no Django."""

from __future__ import annotations

import copy
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

import bitgoeul.engines
from bitgoeul.engines import evidence, matching, scoring
from bitgoeul.engines.analysis import disclosure, warning
from bitgoeul.engines.analysis.disclosure.synthetic import make_table
from bitgoeul.engines.analysis.warning.synthetic import make_records
from bitgoeul.engines.evidence.synthetic import make_report
from bitgoeul.engines.matching.synthetic import make_market
from bitgoeul.engines.scoring.synthetic import make_files


@dataclass(frozen=True)
class Engine:
    """How to give an engine inputs of a size and how to show all of its output."""

    inputs: Callable[[int], Any]
    run: Callable[[Any], Any]
    shown: Callable[[Any], Any] = repr


def _match(problem):
    result = matching.solve(problem)
    return matching.output_files(problem, result), matching.bundle(problem, result)


def _score(files):
    return scoring.score(*files, metric="accuracy", id="id", target="y", usage="Usage")


def _show_market(problem):
    arrays = (problem.first, problem.choice, problem.rank, problem.priority, problem.level)
    return [array.tolist() for array in arrays], problem.levels, problem.applicants, problem.groups


ENGINES = {
    "matching": Engine(
        lambda size: make_market(
            applicants=size,
            positions=max(1, size // 3),
            seed=1,
            tie_levels=2,
            reserves=(matching.Reserve("local", "yes", share="0.5"),),
        ),
        _match,
        _show_market,
    ),
    "scoring": Engine(lambda size: make_files(rows=size, wrong=size // 2), _score),
    "evidence": Engine(
        lambda size: make_report(people=size, kept=size // 2), evidence.verify_report
    ),
    "disclosure": Engine(
        lambda size: make_table(rows=size, columns=2, seed=1), disclosure.suppress
    ),
    "warning": Engine(
        lambda size: make_records(cohorts=3, people=size, seed=1),
        lambda records: (warning.compare(records), warning.compare(records).warned_by_model.sum()),
        lambda records: (
            repr([part.tolist() for part in vars(records).values() if hasattr(part, "tolist")])
            if isinstance(records, warning.Records)
            else repr(records)
        ),
    ),
}
every_engine = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


@every_engine
@pytest.mark.parametrize("size", [0, 1, 9])
def test_the_same_input_gives_the_same_output_at_every_size(engine, size):
    first = engine.run(engine.inputs(size))
    again = engine.run(engine.inputs(size))
    assert repr(first) == repr(again)


@every_engine
def test_the_input_is_left_as_it_was(engine):
    given = engine.inputs(9)
    before = copy.deepcopy(engine.shown(given))
    engine.run(given)
    assert engine.shown(given) == before


@every_engine
def test_synthetic_inputs_depend_on_their_seed_only(engine):
    import random

    random.seed(1)
    first = engine.shown(engine.inputs(9))
    random.seed(2)
    assert engine.shown(engine.inputs(9)) == first


def test_an_empty_round_is_a_round():
    problem = matching.Problem.build(choices=[], positions=[])
    result = matching.solve(problem)
    assert (result.matches(), result.pools) == ({}, ())
    assert matching.verify_result(problem, result)["violation"] is None


def test_the_arrays_of_a_market_cannot_be_written_to():
    problem = make_market(applicants=3, positions=2, seed=1)
    with pytest.raises(ValueError, match="read-only"):
        problem.choice[0] = 1


def _modules():
    path, prefix = bitgoeul.engines.__path__, "bitgoeul.engines."
    return [module.name for module in pkgutil.walk_packages(path, prefix)]


def test_no_engine_imports_django_or_a_database():
    names = _modules()
    assert len(names) > 20
    code = (
        f"import sys\nfor name in {names!r}: __import__(name)\n"
        "bad = {m.split('.')[0] for m in sys.modules} & {'django', 'sqlite3', 'psycopg'}\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", _modules())
def test_the_examples_in_the_documentation_hold(name):
    import doctest

    module = import_module(name)
    assert doctest.testmod(module).failed == 0


def test_every_public_name_of_an_engine_is_documented():
    for engine in (matching, scoring, evidence, disclosure):
        for name in engine.__all__:
            thing = getattr(engine, name)
            if callable(thing):
                assert thing.__doc__, f"{engine.__name__}.{name}"
