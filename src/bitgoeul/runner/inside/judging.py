"""What one run of a test is worth, in nbgrader's and in otter's manner."""

from __future__ import annotations

import ast
from typing import Any

from .shell import Ran


def points(case: dict[str, Any], ran: Ran, *, stderr_fails: bool) -> tuple[float, str]:
    """Points and, when some are missing, why.

    With ``stderr_fails`` anything on standard error is a failure, as nbgrader has it.
    """
    most = float(case["points"])
    if ran.error:
        return 0.0, ran.error
    if case.get("expected") is not None:
        if shows(ran, case["expected"]):
            return most, ""
        return 0.0, f"{ran.out}{ran.shown or ''}"[:300]
    if stderr_fails and ran.err:
        return 0.0, ran.err[:300]
    if case.get("partial") and ran.shown is not None:
        return _partial(ran.shown, most)
    return most, ""


def _partial(shown: str, most: float) -> tuple[float, str]:
    """A number as the last value is the points; anything else is all of them."""
    try:
        given = float(shown)
    except ValueError:
        return most, ""
    return (min(most, max(0.0, given)), "") if given == given else (0.0, shown)  # noqa: PLR0124 -- nan


def shows(ran: Ran, expected: str) -> bool:
    """Whether a test printed and showed what its author saw.

    The author's numpy may have been older: ``np.True_`` and ``True`` are the same to us.
    """
    found = f"{ran.out}{ran.shown or ''}".rstrip("\n")
    if found == expected:
        return True
    if ran.out or ran.shown is None:
        return False
    try:
        wanted = ast.literal_eval(expected)
        value = ran.value.item() if hasattr(ran.value, "item") else ran.value
        return type(value) is type(wanted) and bool(value == wanted)
    except Exception:  # noqa: BLE001 -- a submitted class may raise anything
        return False
