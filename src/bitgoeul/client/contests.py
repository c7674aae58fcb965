"""The steps of a contest: find it, hand in for one's team, watch until there is a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ClientError

if TYPE_CHECKING:
    from .calls import Client

WAITING = "queued"


@dataclass(frozen=True)
class ContestEntry:
    """An entry as the installation knows it; a score that may not be seen is None.

    ``before`` is how many jobs are taken first while it waits; ``alive_until`` is how long the
    running job's last sign of life holds.
    """

    uuid: str
    state: str
    verdict: str
    public: float | None
    private: float | None
    reason: str
    faults: tuple[str, ...]
    before: int | None
    alive_until: str | None

    @property
    def settled(self) -> bool:
        """It has its verdict."""
        return self.state != WAITING

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ContestEntry:
        """Read it from an answer."""
        names = ("uuid", "state", "verdict", "public", "private", "reason", "before", "alive_until")
        return cls(**{name: row[name] for name in names}, faults=tuple(row["faults"]))


class Contests:
    """The contests of an installation."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def find(self, key: str) -> dict[str, Any]:
        """Return the contest of a key or an identifier.

        Raises
        ------
        ClientError
            When there is none that one may read.
        """
        for row in self._client.each("/contests/contests", q=key[:80]):
            if row["key"] == key:
                return row
        for row in self._client.each("/contests/contests"):
            if row["uuid"] == key:
                return row
        raise ClientError(f"there is no contest {key!r}")

    def task(self, contest: str, number: int | None = None) -> dict[str, Any]:
        """Return the task that takes entries now, or the one of a number in its phase.

        Raises
        ------
        ClientError
            When none does, or several do and no number was given.
        """
        rows = list(self._client.each(f"/contests/contests/{contest}/tasks"))
        if number is not None:
            rows = [row for row in rows if row["number"] == number]
        found = []
        for row in rows:
            try:
                task = self._client.get(f"/contests/tasks/{row['uuid']}")
            except ClientError:  # its phase has not begun
                continue
            found += [task] if task["takes_entries"] else []
        if len(found) != 1:
            how = "no task takes" if not found else "several tasks take"
            raise ClientError(f"{how} entries now: say which by its number")
        return dict(found[0])

    def submit(
        self, task: str, file: Path, *, note: str = "", external_data: str = ""
    ) -> ContestEntry:
        """Hand a file in for one's team; repeated tries make one entry."""
        said = {"note": note, "external_data": external_data}
        fields = {name: text for name, text in said.items() if text}
        path = f"/contests/tasks/{task}/entries"
        made = self._client.upload(path, {"file": file}, fields)
        return self.entry(made["uuid"])

    def entry(self, uuid: str) -> ContestEntry:
        """Read how an entry stands."""
        return ContestEntry.of(self._client.get(f"/contests/entries/{uuid}"))

    def watch(self, uuid: str, *, every: float = 2.0, wait: float = 3600.0) -> ContestEntry:
        """Wait until an entry has its verdict.

        Raises
        ------
        TimeoutError
            When it has none after `wait` seconds of pauses.
        """
        path = f"/contests/entries/{uuid}"
        row = self._client.until(path, lambda row: row["state"] != WAITING, every=every, wait=wait)
        return ContestEntry.of(row)

    def board(self, phase: str, *, final: bool = False) -> list[dict[str, Any]]:
        """Read the boards of a phase, as one may see them."""
        path = f"/contests/phases/{phase}/board"
        return list(self._client.each(f"{path}/final" if final else path))
