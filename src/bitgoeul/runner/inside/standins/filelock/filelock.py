"""A lock on a file, for bundles that expect the package of this name; only where it is not."""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any


class Timeout(TimeoutError):
    """The lock was not free in time."""


class FileLock:
    """Held once or several times by one object, as the package has it."""

    def __init__(self, lock_file: Any, timeout: float = -1, **_unknown: Any) -> None:
        self.lock_file = os.fspath(lock_file)
        self.timeout = timeout
        self._door: int | None = None
        self._depth = 0

    @property
    def is_locked(self) -> bool:
        """Whether this object holds it."""
        return self._door is not None

    def acquire(
        self, timeout: float | None = None, poll_interval: float = 0.05, **_unknown: Any
    ) -> FileLock:
        """Wait for it; for ever with a negative time."""
        self._depth += 1
        if self._door is not None:
            return self
        patience = self.timeout if timeout is None else timeout
        until = time.monotonic() + patience
        door = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        while True:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if patience >= 0 and time.monotonic() > until:
                    os.close(door)
                    self._depth -= 1
                    raise Timeout(self.lock_file) from None
                time.sleep(poll_interval)
            else:
                self._door = door
                return self

    def release(self, force: bool = False) -> None:
        """Give it back."""
        self._depth = 0 if force else max(0, self._depth - 1)
        if self._door is not None and not self._depth:
            os.close(self._door)
            self._door = None

    def __enter__(self) -> FileLock:
        return self.acquire()

    def __exit__(self, *_how: object) -> None:
        self.release()


UnixFileLock = FileLock
SoftFileLock = FileLock
