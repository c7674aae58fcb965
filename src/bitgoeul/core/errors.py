"""How a service says no: with a reason that a person can read."""

from typing import Any


class Refused(Exception):
    """A service did not do what was asked; `message` (translated) says why, nothing was written."""

    def __init__(self, message: Any, *, code: str = "refused") -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
