"""The trusted side of a counted grading: it runs the tests, and asks the submission for values.

A name that a test does not know itself is the submission's.  What it gets for it is plain data,
or a `Held` that stands for an object on the other side.  Comparisons are made here and only with
plain data; an object of the submission's own is equal to nothing but itself, whatever it says.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from collections.abc import Callable, Iterator
from typing import Any

from . import judging, shell, values, wire
from .programs import Conversation

MOST_QUESTIONS = 50_000
MOST_COMPARED = 100_000
SHARED_BUILTINS = {"input", "print", "open"}
"""Names that tests replace for the submission to call."""


class Uncountable(BaseException):
    """The test asks for something that cannot be believed from outside."""


class Gone(BaseException):
    """The submission's side is gone, or does not answer in time."""


class Link:
    """The questions to the other side."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.held: dict[int, Held] = {}
        self.exceptions: dict[int, type[BaseException]] = {}
        self.callbacks: dict[int, Callable[..., Any]] = {}
        self.questions = 0
        self.number = 0
        self.spoiled = ""

    def ask(self, op: str, **more: Any) -> Any:
        """One question and its answer; raises what the submission raised."""
        return self._ask(op, more)[0]

    def call(self, number: int, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call an object there; what it changed in place is changed here, too."""
        more = {"id": number, "args": self.encode(list(args)), "named": self.encode(named)}
        value, changed = self._ask("call", more)
        for place, state in changed.items():
            _change(args[int(place)], self.decode(state))
        return value

    def _ask(self, op: str, more: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        self.questions += 1
        if self.questions > MOST_QUESTIONS:
            self.spoil("too many questions")
            raise Gone
        self.number += 1
        self.talk.send({"op": op, "n": self.number, **more})
        said = self.talk.receive()
        while "callback" in said or said.get("n", self.number) != self.number:
            # The answer to a question that a clock cut short may still be on its way.
            if "callback" in said:
                self.talk.send(self._call_back(said))
            said = self.talk.receive()
        if "gone" in said:
            self.spoil(str(said["gone"]))
            raise Gone
        if "raised" in said:
            raise self.exception(said["raised"])
        return self.decode(said.get("value")), said.get("changed") or {}

    def spoil(self, why: str) -> None:
        """Whatever the test makes of it, this check earns nothing."""
        self.spoiled = self.spoiled or why

    def _call_back(self, said: dict[str, Any]) -> dict[str, Any]:
        try:
            function = self.callbacks[int(said["callback"])]
            value = function(*self.decode(said["args"]), **self.decode(said["named"]))
            return {"returned": True, "value": self.encode(value)}
        except Exception as error:  # noqa: BLE001 -- a test's own function may raise anything
            return {"returned": True, "raised": shell.described(error)}

    def encode(self, value: Any) -> Any:
        """Plain data, objects of the other side, or functions of ours that it may call."""
        return values.encode(value, handle=self._hand)

    def _hand(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Held):
            return {values.TAG: "held", "id": object.__getattribute__(value, "_id")}
        for number, made in self.exceptions.items():
            if made is value:
                return {values.TAG: "held", "id": number}
        if callable(value):
            number = len(self.callbacks)
            self.callbacks[number] = value
            return {values.TAG: "theirs", "id": number}
        raise Uncountable(f"a {type(value).__name__} cannot be handed to the submission")

    def decode(self, data: Any) -> Any:
        """What came back; a forged message is an error of the submission."""
        try:
            return values.decode(data, handle=self._back)
        except Exception as error:  # noqa: BLE001 -- a forged message may break any decoder
            raise ValueError(f"the answer is no value: {error}"[:200]) from None

    def _back(self, data: dict[str, Any]) -> Any:
        number = int(data["id"])
        if "kinds" in data:
            return self.exception_class(number, data["kinds"])
        if number not in self.held:
            kind = HeldCallable if data.get("callable") else Held
            self.held[number] = kind(self, number, str(data.get("type", "object"))[:100])
        return self.held[number]

    def exception_class(self, number: int, kinds: list[str]) -> type[BaseException]:
        """A class of ours for an exception of theirs: below the nearest built-in one."""
        if number not in self.exceptions:
            known = [getattr(builtins, name, None) for name in kinds]
            base = next(
                k for k in [*known, Exception] if isinstance(k, type) and issubclass(k, Exception)
            )
            own = str(kinds[0])[:100] if kinds else "Exception"
            self.exceptions[number] = base if base.__name__ == own else type(own, (base,), {})
        return self.exceptions[number]

    def exception(self, raised: Any) -> BaseException:
        """The exception that the submission raised."""
        try:
            made = self.exception_class(int(raised["own"]), list(raised["kinds"]))
            if made.__name__ == "Overtime":
                self.spoil("time")
            arguments = self.decode(raised["args"])
            return made(*arguments)
        except Exception:  # noqa: BLE001 -- a forged message; UnicodeError wants five arguments
            return RuntimeError(str(raised)[:300])


def _change(target: Any, state: Any) -> None:
    if type(target) in (list, bytearray) and type(state) is type(target):
        target[:] = state
    elif type(target) in (dict, set) and type(state) is type(target):
        target.clear()
        target.update(state)
    elif type(target).__name__ == "ndarray" and getattr(state, "shape", None) == target.shape:
        target[...] = state


class Held:
    """An object on the other side."""

    def __init__(self, link: Link, number: int, kind: str) -> None:
        self.__dict__.update(_link=link, _id=number, _kind=kind)

    def __getattr__(self, name: str) -> Any:
        return self._link.ask("attribute", id=self._id, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise self._cannot("attributes are not set from outside")

    def _cannot(self, what: str) -> Uncountable:
        self._link.spoil(f"uncountable: {what}")
        return Uncountable(what)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Held) and other is not self:
            raise self._cannot("objects of the submission's own class are compared")
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = object.__hash__

    def _ordered(self, _other: object) -> bool:
        raise self._cannot("objects of the submission's own class are ordered")

    __lt__ = __le__ = __gt__ = __ge__ = _ordered

    def __bool__(self) -> bool:
        return bool(self._link.ask("truth", id=self._id))

    def __len__(self) -> int:
        return int(self._link.ask("length", id=self._id))

    def __iter__(self) -> Iterator[Any]:
        made = self._link.ask("iterate", id=self._id)
        return made if isinstance(made, Held) else iter(made)

    def __next__(self) -> Any:
        return self._link.ask("next", id=self._id)

    def __contains__(self, wanted: object) -> bool:
        for count, item in enumerate(iter(self)):
            if item is wanted or item == wanted:
                return True
            if count > MOST_COMPARED:
                raise self._cannot("an endless row is searched")
        return False

    def __str__(self) -> str:
        return str(self._link.ask("text", id=self._id))

    def __repr__(self) -> str:
        return str(self._link.ask("shown", id=self._id))

    def __instancecheck__(self, other: object) -> bool:
        if not isinstance(other, Held):
            return False
        return bool(self._link.ask("instance", id=self._id, object=other._id))


def _forward(name: str) -> Callable[..., Any]:
    def method(self: Held, *args: Any) -> Any:
        return self._link.ask("method", id=self._id, name=name, args=self._link.encode(list(args)))

    method.__name__ = name
    return method


for _name in (
    "__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__",
    "__floordiv__", "__mod__", "__pow__", "__matmul__", "__neg__", "__pos__", "__invert__",
    "__and__", "__or__", "__xor__", "__getitem__", "__setitem__", "__delitem__",
):  # fmt: skip
    setattr(Held, _name, _forward(_name))


class HeldCallable(Held):
    """One that can be called: a function, a class, a bound method."""

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call it there."""
        return self._link.call(self._id, args, named)


class Names(dict[str, Any]):
    """The names that tests see: their own, the built-in ones, then the submission's."""

    def __init__(self, link: Link, theirs: set[str]) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._link = link
        self._theirs = theirs

    def __missing__(self, name: str) -> Any:
        if name not in self._theirs and hasattr(builtins, name):
            raise KeyError(name)  # Python looks there next
        try:
            return self._link.ask("get", name=name)
        except NameError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        back = isinstance(value, Held) and name in self._theirs
        if back or name in self._theirs or (name in SHARED_BUILTINS and callable(value)):
            self._link.ask("set", name=name, value=self._link.encode(value))
        if not back:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        here = name in self
        if here:
            super().__delitem__(name)
        if name in self._theirs or not here:
            try:
                self._link.ask("delete", name=name)
            except NameError:
                if not here:
                    raise KeyError(name) from None


def run(facts: dict[str, Any], talk: Conversation) -> None:
    """Lay the groundwork, then make one check after another."""
    link = Link(talk)
    names = Names(link, set(facts["theirs"]))
    ground: dict[str, Any] = names
    for source in facts["groundwork"]:
        _lay(source, ground, facts["check_seconds"])
    talk.send({"ready": True})
    while True:
        try:
            said = talk.receive()
        except wire.Closed:
            return
        if "cases" not in said:
            continue  # a late answer
        link.questions, link.spoiled = 0, ""
        talk.send({"checked": [_case(case, names, link, facts) for case in said["cases"]]})


def _lay(source: str, ground: dict[str, Any], seconds: float) -> None:
    """What of the source does not run here is left to the tests to miss."""
    try:
        with shell.clock(seconds):
            exec(compile(source, "<source>", "exec"), ground)  # noqa: S102 -- the author's, in its own sandbox
    except BaseException:  # noqa: BLE001, S110 -- an import that is not installed, say
        pass


def _case(case: dict[str, Any], names: Names, link: Link, facts: dict[str, Any]) -> dict[str, Any]:
    ran = _try(case["source"], names, facts["check_seconds"])
    if link.spoiled:
        ran.error = link.spoiled
    earned, why = judging.points(case, ran, stderr_fails=False)
    return {"points": earned, "why": why, "text": ran.text[:2000]}


def _try(source: str, names: Names, seconds: float) -> shell.Ran:
    ran = shell.Ran()
    out, err = shell.Cup(), shell.Cup()
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        with shell.clock(seconds):
            value = _run_cell(source, names)
        if isinstance(value, Held):
            ran.shown = "<an object of the submission>"  # its own text would be its own claim
        elif value is not None:
            ran.value = value
            ran.shown = repr(value)[: shell.KEPT]
    except Uncountable as error:
        ran.kind, ran.error = "Uncountable", f"uncountable: {error}"
    except BaseException as error:  # noqa: BLE001 -- a failing test raises, and that is its point
        ran.kind, ran.error = type(error).__name__, shell.described(error)
    finally:
        sys.stdout, sys.stderr = stdout, stderr
    ran.out, ran.err = out.text, err.text
    return ran


def _run_cell(source: str, names: Names) -> Any:
    """Run a cell's statements; the value of a last expression, as a notebook shows it."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        tree = ast.parse(shell.plain(source))
    linecache.cache["<test>"] = (len(source), None, source.splitlines(keepends=True), "<test>")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<test>", "exec"), names)  # noqa: S102 -- the author's, in its own sandbox
    if last is None:
        return None
    expression = ast.Expression(last.value)  # type: ignore[attr-defined]  # an Expr has a value
    return eval(compile(expression, "<test>", "eval"), names)  # noqa: S307 -- the same
