"""What a round hands out so that anyone can check it: certificate, summary, bundle."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from bitgoeul.engines.matching.problem import Problem, csv_bytes
from bitgoeul.engines.matching.rules import Rules
from bitgoeul.engines.matching.solving import Result
from bitgoeul.engines.matching.verify import verify_content

CERTIFICATE_FORMAT = "bitgoeul-match/1"
VERIFIER = Path(__file__).with_name("verify.py")


def certificate(problem: Problem, result: Result) -> dict[str, Any]:
    """Everything the verifier compares a matching with.

    Returns
    -------
    dict
        ``format``, ``mechanism``, ``rules`` (with the lottery seed), ``processing_order``,
        ``inputs`` (counts and SHA-256 of the canonical applications, positions, rules),
        ``properties`` of the rules, and ``pools``: per seat pool its seats, the cutoff, and
        ``next``, the best applicant still waiting, from which applicant-optimality follows.
    """
    return {
        "format": CERTIFICATE_FORMAT,
        "mechanism": "applicant-proposing deferred acceptance",
        "rules": problem.rules.as_dict(),
        "processing_order": _processing_order(problem.rules),
        "inputs": {
            "applicants": len(problem.applicants),
            "positions": len(problem.positions),
            "choices": len(problem.choice),
            "sha256": problem.digests(),
        },
        "properties": properties(problem.rules),
        "pools": [pool.as_dict() for pool in result.pools],
    }


def properties(rules: Rules) -> dict[str, bool]:
    """What the literature guarantees for these rules.

    >>> from bitgoeul.engines.matching.rules import Reserve
    >>> properties(Rules(reserves=(Reserve("local", "yes", seats=1, mode="target"),)))
    {'substitutable': True, 'size_monotone': False, 'strategy_proof': False}
    """
    targets = any(reserve.mode == "target" for reserve in rules.reserves)
    return {
        "substitutable": True,
        "size_monotone": not targets,
        "strategy_proof": not targets,
    }


def _processing_order(rules: Rules) -> dict[str, Any]:
    return {
        "reserves": [reserve.label for reserve in rules.reserves],
        "soft_members": "own reserves in this order, then open, then what other reserves leave",
        "soft_others": "open, then what the reserves leave in this order",
        "target": "regular seats first; then each target by itself, counted in regular seats only",
        "calling": "at every step the best person of all types below their share; "
        "where none has them all, the later share gives way",
    }


def summary(problem: Problem, result: Result) -> dict[str, Any]:
    """Counts for people: how many were matched, at which choice, by which pool."""
    placed = [one for one in result.placements if one.position is not None]
    choices = Counter(one.choice for one in placed if one.choice is not None)
    return {
        "applicants": len(problem.applicants),
        "positions": len(problem.positions),
        "choices": len(problem.choice),
        "seats": sum(row.capacity for row in problem.positions),
        "matched": len(placed),
        "unmatched": len(problem.applicants) - len(placed),
        "frozen": len(problem.rules.frozen),
        "by_choice": {str(choice): choices[choice] for choice in sorted(choices)},
        "by_pool": dict(sorted(Counter(str(one.pool) for one in placed).items())),
        "free_seats": sum(
            pool.seats - pool.filled - pool.frozen
            for pool in result.pools
            if pool.state == "free" and not _is_extra(result, pool.position, pool.pool)
        ),
        "lottery_decided": lottery_decided(result),
        "inputs_sha256": problem.digests(),
    }


def _is_extra(result: Result, position: str, pool: str) -> bool:
    return any(
        result.market.problem.positions[unit.position].position == position
        and any(target.label == pool for target in unit.targets)
        for unit in result.market.units
        if unit.targets
    )


def lottery_decided(result: Result) -> int:
    """In how many pools the last one in and the next in line differ by the lottery alone."""
    market = result.market
    worst: dict[int, int] = {}
    best: dict[int, int] = {}
    for who, taken in enumerate(result.taken):
        for slot in market.slots_of(who):
            number = market.unit[slot]
            if slot == taken:
                if number not in worst or market.key[slot] < market.key[worst[number]]:
                    worst[number] = slot
                break
            if number not in best or market.key[slot] > market.key[best[number]]:
                best[number] = slot
    plain = {n for n in worst.keys() & best.keys() if not market.units[n].targets}
    return sum(same_but_lottery(result, worst[number], best[number]) for number in plain)


def same_but_lottery(result: Result, one: int, other: int) -> bool:
    """Whether two slots of one pool are tied before the lottery."""
    market = result.market
    people = max(1, len(market.problem.applicants))
    if market.place[market.entry[one]]:
        return False
    return market.key[one] // people == market.key[other] // people


def output_files(problem: Problem, result: Result) -> dict[str, bytes]:
    """``matches.csv``, ``certificate.json`` and ``summary.json`` as bytes."""
    lines = [("applicant", "position", "pool")]
    lines += [(one.applicant, one.position or "", one.pool or "") for one in result.placements]
    return {
        "matches.csv": csv_bytes(lines),
        "certificate.json": json_bytes(certificate(problem, result)),
        "summary.json": json_bytes(summary(problem, result)),
    }


def verify_result(problem: Problem, result: Result) -> dict[str, Any]:
    """Run the stand-alone verifier on a result before it is published.

    Returns
    -------
    dict
        ``stable``, ``applicant_optimal``, ``quotas``, ``tight``, ``violation``; the round
        holds when ``violation`` is None.
    """
    inputs, outputs = problem.input_files(), output_files(problem, result)
    return verify_content(
        json.loads(outputs["certificate.json"]),
        outputs["matches.csv"],
        inputs["applicants.csv"],
        inputs["positions.csv"],
    )


def json_bytes(value: Any) -> bytes:
    """JSON for files that people also open: indented, UTF-8, final line break."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def bundle(problem: Problem, result: Result) -> bytes:
    """A zip with inputs, rules, outputs and ``verify.py``; the same bytes every time.

    Unpacked, ``python3 verify.py`` checks the round with nothing but the standard library.
    """
    files = {
        **problem.input_files(),
        **output_files(problem, result),
        "verify.py": VERIFIER.read_bytes(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)),
                files[name],
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()
