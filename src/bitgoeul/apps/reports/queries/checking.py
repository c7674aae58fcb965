"""Is a file a report that was published here?"""

from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.reports.models import Snapshot
from bitgoeul.engines import evidence


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """Whether a file agrees with itself, and which published report it is (if any)."""

    ok: bool
    code: str
    where: str
    snapshot: Snapshot | None


def check(document: Any) -> CheckedFile:
    """Check a document by itself and against what was published here."""
    verdict = evidence.verify_report(document)
    digest = document.get("digest") if isinstance(document, dict) else None
    known = None
    if verdict.ok and isinstance(digest, str):
        known = Snapshot.objects.select_related("report").filter(digest=digest).first()
    return CheckedFile(ok=verdict.ok, code=verdict.code, where=verdict.where or "", snapshot=known)
