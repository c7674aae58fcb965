"""What is wrong with a bundle or a submission, and where."""

from __future__ import annotations

from typing import Any


class BundleError(ValueError):
    """A bundle that cannot be used.

    ``code`` is in the words of `bitgoeul.runner.bundles.reasons`; ``member`` is the file inside
    the zip, ``key`` the place in it (``phases[1].start``), ``value`` what stood there and
    ``line`` the line, where there is one.
    """

    def __init__(
        self, code: str, *, member: str = "", key: str = "", value: object = "", line: int = 0
    ) -> None:
        super().__init__(code, member, key, value)
        self.code = code
        self.member = member
        self.key = key
        self.value = str(value)[:200]
        self.line = line

    def as_dict(self) -> dict[str, Any]:
        """As it stands in JSON, and as the fields of its text."""
        return {
            "code": self.code,
            "member": self.member,
            "key": self.key,
            "value": self.value,
            "line": self.line,
        }

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.member, self.key) if part)
        return " ".join(part for part in (place, self.code, self.value) if part)


class SubmissionError(BundleError):
    """A submission that cannot be run or scored: its verdict is ``format``."""
