"""The steps of an import: send, look, confirm or discard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calls import Client

Receipt = dict[str, Any]
"""Counts and errors, in the shape that `bitgoeul import` prints."""


class ImportState(StrEnum):
    """Where an import stands."""

    STAGING = "staging"
    REFUSED = "refused"
    STAGED = "staged"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    UNDONE = "undone"
    CANCELLED = "cancelled"


BUSY = frozenset({ImportState.STAGING, ImportState.CONFIRMING})


@dataclass(frozen=True)
class StagedImport:
    """An import as the installation knows it; `line` is where its file could not be read."""

    uuid: str
    state: ImportState
    bad: int
    message: str
    line: int | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> StagedImport:
        """Read it from an answer."""
        refusal = row.get("refusal") or {}
        return cls(
            uuid=row["uuid"],
            state=ImportState(row["state"]),
            bad=int(row["errors"]) + int(row["duplicates"]),
            message=str(row.get("message", "")),
            line=refusal.get("params", {}).get("line"),
        )


class Imports:
    """The importer of an installation."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def kinds(self) -> list[dict[str, Any]]:
        """What this token's owner may import."""
        return list(self._client.each("/imports/kinds"))

    def upload(self, kind: str, file: Path, *, target: str = "") -> StagedImport:
        """Send a file and wait until it has been read."""
        path = f"/imports/kinds/{kind}/files"
        sent = self._client.upload(path, {"file": file}, {"target": target})
        return self.settled(sent["uuid"])

    def settled(self, uuid: str) -> StagedImport:
        """Wait until nothing is being read or written."""
        path = f"/imports/files/{uuid}"
        row = self._client.until(path, lambda row: ImportState(row["state"]) not in BUSY)
        return StagedImport.of(row)

    def receipt(self, uuid: str) -> Receipt:
        """Read counts and every error in words."""
        found: Receipt = self._client.get(f"/imports/files/{uuid}/receipt")
        return found

    def confirm(self, uuid: str, *, leave_out_errors: bool = False) -> StagedImport:
        """Have the rows written, all or none, and wait until they are."""
        body = {"leave_out_errors": leave_out_errors}
        self._client.post(f"/imports/files/{uuid}/confirmation", body)
        return self.settled(uuid)

    def discard(self, uuid: str) -> None:
        """Throw an unconfirmed import away."""
        self._client.post(f"/imports/files/{uuid}", method="DELETE")
