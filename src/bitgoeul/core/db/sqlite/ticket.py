"""The write ticket: writers of one file queue fairly in the kernel instead of polling SQLite.

SQLite's busy handler sleeps and retries, so under many writers the unlucky wait for seconds.
A `flock` on a side file is handed over at once; measured, it cuts the slowest percent 3-20 fold.
"""

import fcntl
import os
import queue
import threading


class TicketTimeoutError(Exception):
    """Another writer kept the ticket for longer than the busy timeout."""


class WriteTicket:
    """One connection's place in the queue of writers; not shared between threads or forks."""

    def __init__(self, *, path: str, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this connection is the writer."""
        return self._descriptor is not None

    def take(self) -> None:
        """Wait for the ticket, at most for the busy timeout."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _wait_in_line(descriptor, self._timeout):
                raise TicketTimeoutError(f"waited {self._timeout:g} s to write") from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def give_back(self) -> None:
        """Let the next writer go."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            # Unlock before closing: a forked child may still hold a copy of the descriptor,
            # and closing ours alone would leave the lock with the child.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

    def forget(self) -> None:
        """In a forked child: drop the copy without unlocking what belongs to the parent."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __del__(self) -> None:
        # A thread that ended in mid-transaction must not keep every other writer out.
        self.give_back()


class _Order:
    """One wait: whoever takes `decided` first says whether the lock came in time."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.decided = threading.Lock()
        self.arrived = threading.Lock()
        self.arrived.acquire()


class _Stander(threading.Thread):
    """Stands in the kernel's line for others: `flock` blocks without a timeout of its own."""

    def __init__(self) -> None:
        super().__init__(name="write-ticket", daemon=True)
        self.orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()

    def run(self) -> None:
        """Fetch one lock after the other; those that nobody waits for any more are let go."""
        while True:
            order = self.orders.get()
            fcntl.flock(order.descriptor, fcntl.LOCK_EX)
            if order.decided.acquire(blocking=False):
                order.arrived.release()
            else:
                os.close(order.descriptor)
                _idle.append(self)


_idle: list[_Stander] = []


def _wait_in_line(descriptor: int, timeout: float) -> bool:
    # Polling instead costs two to three times the throughput and the slowest percent (see the
    # measurements in docs/decisions/0011-sqlite.md): those who poll overtake each other.
    try:
        stander = _idle.pop()
    except IndexError:
        stander = _Stander()
        stander.start()
    order = _Order(descriptor)
    stander.orders.put(order)
    came = order.arrived.acquire(timeout=timeout)
    if not came and order.decided.acquire(blocking=False):
        return False  # the stander closes the descriptor when its turn comes
    if not came:
        order.arrived.acquire()
    _idle.append(stander)
    return True


# Threads do not survive a fork: a child starts with an empty bench.
os.register_at_fork(after_in_child=_idle.clear)
