"""What a scorer wrote, and what it comes to on the leaderboards."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from statistics import fmean
from typing import Any

from .documents import read_yaml
from .model import Column, Computation, Leaderboard
from .problems import BundleError

NAMES = ("scores.json", "scores.txt")
MOST_BYTES = 1 << 20
MOST_SCORES = 1000
WAYS: dict[Computation, Callable[[list[float]], float]] = {
    Computation.SUM: math.fsum,
    Computation.AVERAGE: fmean,
    Computation.LEAST: min,
    Computation.MOST: max,
}


def ordered(columns: Iterable[Column]) -> tuple[Column, ...]:
    """In the order in which they are compared."""
    return tuple(sorted(columns, key=lambda column: column.index))


def read_scores(files: Mapping[str, bytes]) -> dict[str, float | None]:
    """The numbers in `scores.json`, else in `scores.txt`; None for what is no finite number.

    Raises
    ------
    BundleError
        When there is neither, or it cannot be read.
    """
    name = next((name for name in NAMES if name in files), None)
    if name is None:
        raise BundleError("no_scores", value=", ".join(sorted(files)[:5]))
    if len(files[name]) > MOST_BYTES:
        raise BundleError("bad_scores", member=name, value=len(files[name]))
    given = _json(files[name], name) if name.endswith(".json") else _lines(files[name], name)
    if len(given) > MOST_SCORES:
        raise BundleError("bad_scores", member=name, value=len(given))
    return {key[:100]: _number(value) for key, value in given.items()}


def _json(content: bytes, name: str) -> dict[str, Any]:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError("bad_scores", member=name, value=error) from error
    if not isinstance(given, dict):
        raise BundleError("bad_scores", member=name, value=type(given).__name__)
    return given


def _lines(content: bytes, name: str) -> dict[str, Any]:
    """Codalab's `key: value` lines, which are YAML most of the time."""
    try:
        return {
            key: entry.value for key, entry in read_yaml(content, member=name).mapping().items()
        }
    except BundleError:
        text = content.decode("utf-8", "replace")
    pairs = [line.partition(":") for line in text.splitlines() if ":" in line]
    if not pairs:
        raise BundleError("bad_scores", member=name, value=text[:80])
    return {key.strip(): value.strip() for key, _, value in pairs}


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def on_boards(
    boards: Iterable[Leaderboard], scores: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Every column's value: as the scorer wrote it, or computed from other columns."""
    shown: dict[str, float | None] = {}
    for board in boards:
        given: dict[int, float | None] = {
            column.index: scores.get(column.key) for column in board.columns
        }
        for column in board.columns:
            value = given[column.index]
            if column.computation is not None:
                value = _computed(column, given)
            shown.setdefault(column.key, value)
    return shown


def _computed(column: Column, given: Mapping[int, float | None]) -> float | None:
    """One that misses a part has no value: a missing score must never look like a good one."""
    wanted = column.computed_from or tuple(index for index in given if index != column.index)
    values = [given[index] for index in wanted]
    if not values or any(value is None for value in values):
        return None
    assert column.computation is not None
    return float(WAYS[column.computation]([value for value in values if value is not None]))


def rank_key(board: Leaderboard, scores: Mapping[str, float | None]) -> tuple[float, ...]:
    """Sorts entries, the best first: by the first column, then the next; nothing comes last."""
    return tuple(
        math.inf if value is None else -value if column.descending else value
        for column in board.columns
        for value in [scores.get(column.key)]
    )
