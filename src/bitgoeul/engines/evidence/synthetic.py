"""Reports and chains with known truth, for tests and examples."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

from bitgoeul.engines.evidence.canonical import row_digest
from bitgoeul.engines.evidence.chain import Seal, make_seal
from bitgoeul.engines.evidence.report import seal_report


def make_rows(*, count: int, seed: int) -> list[str]:
    """Sorted digests of so many invented rows."""
    salt = hashlib.sha256(f"{seed}".encode()).digest()
    return sorted(row_digest(salt, "row", str(number), {}) for number in range(count))


def make_report(*, people: int, kept: int, seed: int = 0) -> dict[str, Any]:
    """A sealed report with one share (``kept`` of ``people``) and one 2 x 2 table.

    >>> make_report(people=4, kept=3)["indicators"][0]["value"]
    0.75
    """
    rows = make_rows(count=people, seed=seed)
    random = Random(seed)  # noqa: S311 - an invented report, no secret
    chosen = sorted(random.sample(rows, kept))
    texts = {"ko": "유지율", "en": "Kept"}
    share: dict[str, Any] = {
        "key": "kept_share",
        "kind": "share",
        "title": texts,
        "definition": texts,
        "unit": "%",
        "window": "",
        "exclusions": [],
        "value": kept / people if people else None,
        "numerator": kept,
        "denominator": people,
        "evidence": {"numerator": chosen, "denominator": rows, "excluded": []},
    }
    table = {
        "key": "kept_by_site",
        "title": texts,
        "rows": ["a", "b"],
        "columns": ["kept", "left"],
        "cells": [[kept, 0], [0, people - kept]],
        "row_totals": [kept, people - kept],
        "column_totals": [kept, people - kept],
        "total": people,
    }
    head = {"report": {"title": texts}, "as_of": "2026-11-22", "journal_head": ""}
    return seal_report({**head, "indicators": [share], "tables": [table]})


def make_chain(*, sizes: list[int], seed: int = 0) -> list[tuple[Seal, list[bytes]]]:
    """A chain of seals over batches of the given sizes, with their rows."""
    chain: list[tuple[Seal, list[bytes]]] = []
    previous = None
    for number, size in enumerate(sizes):
        leaves = [f"{seed}/{number}/{row}".encode() for row in range(size)]
        previous = make_seal(previous=previous, leaves=leaves, at=f"2026-01-{number + 1:02d}")
        chain.append((previous, leaves))
    return chain
