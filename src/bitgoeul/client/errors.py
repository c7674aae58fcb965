"""What can go wrong with a call, each in its own kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class ClientError(Exception):
    """Any of the below."""


class Unreachable(ClientError):
    """No answer came, also after the last try; whether the call had its effect is not known."""


class Unexpected(ClientError):
    """Something answered that is not this interface."""

    def __init__(self, status: int, number: str = "") -> None:
        super().__init__(f"HTTP {status} {number}".strip())
        self.status = status
        self.number = number


@dataclass(frozen=True)
class FieldError:
    """One value that was not accepted, and where it stands."""

    place: str
    message: str


class Problem(ClientError):
    """The installation said no, and why; `number` is what a person quotes."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", ""))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", "")) or self.title
        self.number = str(document.get("number", ""))
        self.errors = tuple(
            FieldError(str(error.get("place", "")), str(error.get("message", "")))
            for error in document.get("errors", ())
        )
        super().__init__(self.detail)
