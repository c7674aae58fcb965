"""Running submitted code on this machine, behind the strongest walls that stand here."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import threading
from pathlib import Path
from typing import Protocol

from . import tiers
from .probing import prove
from .request import Outcome, State, Task, Tier
from .warm import RequestTooLarge, Run, Unavailable, WarmParent, Warmth


class Runner(Protocol):
    """Where submitted code runs: this machine, or one day another."""

    def begin(self, task: Task) -> Run:
        """Start a task and stay in conversation with it; `Unavailable` when nothing runs."""

    def run(self, task: Task) -> Outcome:
        """Run a task that needs no conversation, to its end."""


class LocalRunner:
    """Runs tasks behind the first tier that works, through a warmed parent.

    Parameters
    ----------
    tiers : tuple of Tier
        Which to try, the strongest first.
    folder : Path, optional
        Share one warmed parent with every process of this account that names this folder
        (a worker's jobs, say).  It outlives them and ends by itself when nobody needs it.
        Without a folder the parent is this runner's own and ends with `close`.
    warmth : Warmth, optional
        What the parent is started with.
    """

    def __init__(
        self,
        *,
        tiers: tuple[Tier, ...] = tuple(Tier),
        folder: Path | None = None,
        warmth: Warmth | None = None,
    ) -> None:
        self._tiers = tiers
        self._folder = folder
        self._warmth = warmth or Warmth()
        self._parent: WarmParent | None = None
        self._retired: list[WarmParent] = []
        self._lock = threading.Lock()
        self.complaints: dict[Tier, str] = {}

    @property
    def tier(self) -> Tier | None:
        """The walls that stand here, None where none do; the first look takes a moment."""
        try:
            return self._ready().tier
        except Unavailable:
            return None

    def begin(self, task: Task) -> Run:
        """Start a task and stay in conversation with it.

        Raises
        ------
        Unavailable
            When no tier works here; as `RequestTooLarge` when the task is larger than may be.
        """
        parent = self._ready()
        try:
            return parent.begin(task)
        except RequestTooLarge:
            raise
        except Unavailable:
            # Killed, renewed, or gone to sleep between our look and our request.
            self._retire(parent)
            return self._ready().begin(task)

    def run(self, task: Task) -> Outcome:
        """Run a task that needs no conversation, to its end."""
        try:
            return self.begin(task).end()
        except Unavailable as error:
            return refusal(error)

    def close(self) -> None:
        """End the parent, if it is this runner's own, with all that runs below it."""
        with self._lock:
            gone, self._retired = self._retired, []
            if self._parent is not None and self._folder is None:
                gone.append(self._parent)
            self._parent = None
            for parent in gone:
                parent.close()

    def _ready(self) -> WarmParent:
        with self._lock:
            for parent in [one for one in self._retired if not one.busy]:
                self._retired.remove(parent)
                parent.close()
            if self._parent is None:
                self._parent = self._find() if self._folder else self._start(None)
            return self._parent

    def _retire(self, parent: WarmParent) -> None:
        """It takes no more runs; those of other threads that are under way may end."""
        with self._lock:
            if self._parent is parent:  # else somebody else has seen it before
                self._parent = None
                if self._folder is None:
                    self._retired.append(parent)

    def _find(self) -> WarmParent:
        """The shared parent, started under a lock when it is not there."""
        assert self._folder is not None
        folder = self._folder / _fingerprint(self._tiers, self._warmth)
        if found := WarmParent.attach(folder):
            return found
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        door = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            return WarmParent.attach(folder) or self._start(folder)
        finally:
            os.close(door)

    def _start(self, folder: Path | None) -> WarmParent:
        for tier in self._tiers:
            if tier in self.complaints:
                continue
            try:
                parent = WarmParent.start(tier, warmth=self._warmth, folder=folder)
            except Unavailable as error:
                self.complaints[tier] = str(error)
                continue
            try:
                prove(parent)
                return parent
            except Unavailable as error:
                parent.close()
                self.complaints[tier] = str(error)
        raise Unavailable("; ".join(f"{tier}: {why}" for tier, why in self.complaints.items()))


def refusal(error: Unavailable) -> Outcome:
    """The outcome where nothing may run: never without walls."""
    return Outcome(state=State.REFUSED, reason=error.reason, detail=str(error)[:500])


def _fingerprint(wanted: tuple[Tier, ...], warmth: Warmth) -> str:
    """Names the folder: a parent that an older version started is not spoken to."""
    digest = hashlib.sha256(repr((sys.version, sys.prefix, wanted, warmth)).encode())
    for path in sorted((tiers.HERE / "inside").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
