"""Matching people to seats with quotas, by a procedure that anyone can verify.

`Problem.build` or `read_problem` checks a market, `solve` matches it, `certificate` and
`bundle` make it checkable by the stand-alone `verify.py`, `explain` says why.
"""

from bitgoeul.engines.matching.assigning import Assignment, assign
from bitgoeul.engines.matching.certificate import (
    VERIFIER,
    bundle,
    certificate,
    output_files,
    properties,
    summary,
    verify_result,
)
from bitgoeul.engines.matching.explaining import explain
from bitgoeul.engines.matching.problem import Choice, Position, Problem
from bitgoeul.engines.matching.reading import read_problem
from bitgoeul.engines.matching.rules import (
    Lottery,
    MatchingError,
    Reserve,
    Rules,
    lottery_number,
    read_rules,
    rules_from_dict,
)
from bitgoeul.engines.matching.solving import Key, Placement, PoolResult, Result, solve

ENGINE_VERSION = "1"

__all__ = [
    "ENGINE_VERSION",
    "VERIFIER",
    "Assignment",
    "Choice",
    "Key",
    "Lottery",
    "MatchingError",
    "Placement",
    "PoolResult",
    "Position",
    "Problem",
    "Reserve",
    "Result",
    "Rules",
    "assign",
    "bundle",
    "certificate",
    "explain",
    "lottery_number",
    "output_files",
    "properties",
    "read_problem",
    "read_rules",
    "rules_from_dict",
    "solve",
    "summary",
    "verify_result",
]
