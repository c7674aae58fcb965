"""What every answer must carry, looked at wherever tests walk over pages."""

import re
from collections.abc import Iterator
from typing import Any

CARRIED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Not framed, not guessed at, no address told to other sites, no other site's window."""

SHOWN = re.compile(
    r"text/(html|plain|javascript)(; version=[\d.]+)?; charset=\"?utf-8\"?|application/json"
)
"""What a browser may show; everything else is a file and must be saved."""


def faults_of(answer: Any, *, signed_in: bool) -> Iterator[str]:
    """Say what an answer lacks."""
    for header, value in CARRIED.items():
        if answer.get(header) != value:
            yield f"{header} is {answer.get(header)!r}"
    policy = answer.get("Content-Security-Policy", "")
    if "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        yield f"the policy is {policy!r}"
    if signed_in and "no-store" not in answer.get("Cache-Control", ""):
        yield f"may be kept by a cache: {answer.get('Cache-Control')!r}"
    if answer.status_code in {301, 302}:
        return
    kind, manner = answer.get("Content-Type", ""), answer.get("Content-Disposition", "")
    if not SHOWN.fullmatch(kind) and not manner.startswith("attachment"):
        yield f"{kind} would be shown, not saved: {manner!r}"
