"""The number of the request that is being answered, or that asked for the job under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_number", default="")


def current() -> str:
    """The number, or an empty text outside of any request."""
    return _current.get()


@contextmanager
def numbered(number: str) -> Iterator[None]:
    """Everything within happens under this number."""
    token = _current.set(number)
    try:
        yield
    finally:
        _current.reset(token)
