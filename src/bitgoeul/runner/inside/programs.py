"""The programs that a run can be: each is a function of its facts and of a conversation."""

from __future__ import annotations

import importlib
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from . import values, wire

PROGRAMS = {
    "code": ("code", "run"),
    "calls": ("code", "answer_calls"),
    "practice": ("practice", "run"),
    "answering": ("answering", "run"),
    "checking": ("checking", "run"),
    "command": ("commands", "run"),
}


class Conversation:
    """Talk with the product's side: one message, one answer."""

    def __init__(self, door: int, limits: dict[str, Any]) -> None:
        self._socket = socket.socket(fileno=door)
        self.value_bytes = int(limits["value_bytes"])

    def fileno(self) -> int:
        """For waiting, and for a child that must not talk."""
        return self._socket.fileno()

    def send(self, message: Any) -> None:
        """Say something."""
        wire.send(self._socket, message)

    def receive(self) -> Any:
        """Hear something; `wire.Closed` when nobody talks any more."""
        return wire.receive(self._socket, at_most=attending_limit())


def attending_limit() -> int:
    """How much the product may say at once."""
    return 64 << 20


def load_all() -> None:
    """Import every program while files can still be read."""
    for module, _function in PROGRAMS.values():
        importlib.import_module(f".{module}", __package__)


def run(name: str, facts: dict[str, Any], *, talk: int, limits: dict[str, Any]) -> None:
    """Be one program, to its end."""
    module, function = PROGRAMS[name]
    program: Callable[[dict[str, Any], Conversation], None] = getattr(
        importlib.import_module(f".{module}", __package__), function
    )
    reseed()
    program(facts, Conversation(talk, limits))


def reseed() -> None:
    """Each run draws its own random numbers, not its siblings'."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def tell_traceback() -> None:
    """The traceback of submitted code, without our own frames above it."""
    kind, error, trace = sys.exc_info()
    while trace is not None and trace.tb_frame.f_globals.get("__package__") == __package__:
        trace = trace.tb_next
    for line in traceback.format_exception(kind, error, trace):
        sys.stderr.write(line)


def encoded(value: Any, *, at_most: int) -> Any:
    """A value as JSON; `values.NotPlain` says why not."""
    return values.encode(value, at_most=at_most)
