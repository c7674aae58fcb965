"""The submission's side of a counted grading: it runs the cells and answers what it is asked.

Everything here is in reach of the submitted code, which may answer what it likes.  It sees the
inputs of a test when the test makes them, and never what the test expects.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from . import shell, values, wire
from .programs import Conversation

MOST_OBJECTS = 200_000
METHODS = {
    "__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__",
    "__floordiv__", "__mod__", "__pow__", "__matmul__", "__neg__", "__pos__", "__invert__",
    "__and__", "__or__", "__xor__", "__getitem__", "__setitem__", "__delitem__", "__enter__",
    "__exit__", "__iadd__",
}  # fmt: skip
IN_PLACE = (list, dict, set, bytearray)


class Answering:
    """Objects that do not cross stay here, under a number."""

    def __init__(self, talk: Conversation, facts: dict[str, Any]) -> None:
        self.talk = talk
        self.facts = facts
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.operations: dict[str, Callable[[dict[str, Any]], Any]] = {
            "get": self._get,
            "set": self._set,
            "delete": self._delete,
            "call": self._call,
            "attribute": self._attribute,
            "method": self._method,
            "iterate": lambda ask: iter(self._of(ask)),
            "next": lambda ask: next(self._of(ask)),
            "length": lambda ask: len(self._of(ask)),
            "truth": lambda ask: bool(self._of(ask)),
            "text": lambda ask: str(self._of(ask)),
            "shown": lambda ask: repr(self._of(ask)),
            "instance": self._instance,
        }

    def answer(self, ask: dict[str, Any]) -> dict[str, Any]:
        """The answer to one question."""
        try:
            with shell.clock(self.facts["call_seconds"]):
                changed: dict[str, Any] = {}
                ask["changed"] = changed
                value = self.operations[ask["op"]](ask)
            return {"value": self.encode(value), "changed": changed, "n": ask.get("n")}
        except BaseException as error:  # noqa: BLE001 -- submitted code may raise anything
            return {"raised": self.raised(error), "n": ask.get("n")}

    def raised(self, error: BaseException) -> dict[str, Any]:
        """An exception: its kinds, and its plain arguments."""
        try:
            arguments = values.encode(list(error.args), at_most=10_000)
        except (TypeError, ValueError, RecursionError):
            arguments = []
        return {
            "kinds": [kind.__name__ for kind in type(error).__mro__],
            "own": self._number(type(error)),
            "args": arguments,
            "text": shell.described(error),
        }

    def encode(self, value: Any) -> Any:
        """Plain data, or a number for what stays here."""
        return values.encode(value, at_most=self.talk.value_bytes, handle=self._handle)

    def decode(self, data: Any) -> Any:
        """What the other side sent: plain data, our own objects, or its functions."""
        return values.decode(data, handle=self._held)

    def _handle(self, value: Any) -> dict[str, Any]:
        number = self._number(value)
        made: dict[str, Any] = {values.TAG: "held", "id": number, "callable": callable(value)}
        made["type"] = type(value).__name__
        if isinstance(value, type) and issubclass(value, BaseException):
            made["kinds"] = [kind.__name__ for kind in value.__mro__]
        return made

    def _number(self, value: Any) -> int:
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.objects) >= MOST_OBJECTS:
                raise values.NotPlain("too many objects")
            number = len(self.objects)
            self.objects[number] = value
            self.numbers[id(value)] = number
        return number

    def _held(self, data: dict[str, Any]) -> Any:
        if data[values.TAG] == "held":
            return self.objects[data["id"]]
        return self._theirs(int(data["id"]))

    def _theirs(self, number: int) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.talk.send(
                {"callback": number, "args": self.encode(list(args)), "named": self.encode(named)}
            )
            while True:
                said = self.talk.receive()
                if "op" not in said:
                    break
                self.talk.send(self.answer(said))
            if "raised" in said:
                raise RuntimeError(said["raised"])
            return self.decode(said["value"])

        return call

    def _of(self, ask: dict[str, Any]) -> Any:
        return self.objects[ask["id"]]

    def _get(self, ask: dict[str, Any]) -> Any:
        found = shell.names()
        if ask["name"] not in found:
            raise NameError(f"name {ask['name']!r} is not defined")
        return found[ask["name"]]

    def _set(self, ask: dict[str, Any]) -> None:
        shell.names()[ask["name"]] = self.decode(ask["value"])

    def _delete(self, ask: dict[str, Any]) -> None:
        if ask["name"] not in shell.names():
            raise NameError(f"name {ask['name']!r} is not defined")
        del shell.names()[ask["name"]]

    def _call(self, ask: dict[str, Any]) -> Any:
        args, named = self.decode(ask["args"]), self.decode(ask["named"])
        before = [self._state(arg) for arg in args]
        value = self._of(ask)(*args, **named)
        for place, (arg, was) in enumerate(zip(args, before, strict=True)):
            if was is not None and (now := self._state(arg)) != was:
                ask["changed"][str(place)] = now
        return value

    def _state(self, arg: Any) -> Any:
        """What an argument looks like that may be changed in place."""
        if type(arg) in IN_PLACE or type(arg).__name__ == "ndarray":
            return self.encode(arg)
        return None

    def _attribute(self, ask: dict[str, Any]) -> Any:
        return getattr(self._of(ask), ask["name"])

    def _method(self, ask: dict[str, Any]) -> Any:
        if ask["name"] not in METHODS:
            raise TypeError(f"{ask['name']} is not asked for from outside")
        args = self.decode(ask["args"])
        if ask["name"] == "__getitem__":
            return operator.getitem(self._of(ask), args[0])
        return getattr(self._of(ask), ask["name"])(*args)

    def _instance(self, ask: dict[str, Any]) -> bool:
        return isinstance(self.objects[ask["object"]], self._of(ask))


def run(facts: dict[str, Any], talk: Conversation) -> None:
    """Run cells and answer questions until nobody asks any more."""
    answering = Answering(talk, facts)
    while True:
        try:
            said = talk.receive()
        except wire.Closed:
            return
        if "cells" in said:
            seconds = facts["cell_seconds"]
            ran = [
                {"cell": cell, **shell.run(source, seconds=seconds).as_dict()}
                for cell, source in said["cells"]
            ]
            talk.send({"ran": ran})
        else:
            talk.send(answering.answer(said))
