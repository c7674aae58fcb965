"""What a check found: fine, or the first thing that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """Outcome of a verification.

    Parameters
    ----------
    ok : bool
        True when every check passed.
    code : str
        ``"ok"`` or the code of the first failed check.
    where : str
        The place of the failure, as a path into the checked object (``indicators[2].value``).
    details : mapping
        Facts for a message, e.g. ``{"expected": 3, "found": 4}``.

    Examples
    --------
    >>> bool(Verdict(ok=False, code="digest"))
    False
    """

    ok: bool
    code: str = "ok"
    where: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.ok != (self.code == "ok"):
            raise ValueError(f"a verdict of ok={self.ok} cannot carry the code {self.code!r}")

    def __bool__(self) -> bool:
        return self.ok


PASSED = Verdict(ok=True)


def failed(code: str, where: str = "", **details: object) -> Verdict:
    """The verdict for the first failed check."""
    return Verdict(ok=False, code=code, where=where, details=details)
