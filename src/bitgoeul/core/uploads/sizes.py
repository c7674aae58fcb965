"""How much one request may carry, said beside the view that takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

MEBIBYTE = 1 << 20
USUAL_BYTES = 21 * MEBIBYTE
"""For every view that says nothing: a form, or a program's call with one table."""
FRAME_BYTES = MEBIBYTE
"""What a form may add around its files."""

View = TypeVar("View", bound=Callable[..., Any])


def body_up_to(most_bytes: int) -> Callable[[View], View]:
    """Mark a view whose requests may carry files of so many bytes together."""

    def mark(view: View) -> View:
        view.most_body = most_bytes + FRAME_BYTES  # type: ignore[attr-defined]  # read by most_of
        return view

    return mark


def most_of(view: Callable[..., Any]) -> int:
    """How many bytes a request to this view may carry."""
    return int(getattr(view, "most_body", USUAL_BYTES))
