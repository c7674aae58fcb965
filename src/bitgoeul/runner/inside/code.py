"""Programs for plain Python: run a text, and answer calls of its functions one by one."""

from __future__ import annotations

import linecache
import sys
import traceback
import types
from typing import Any

from . import values, wire
from .programs import Conversation


def load(source: str, name: str) -> dict[str, Any]:
    """Run a text as the main program; its names."""
    module = types.ModuleType("__main__")
    module.__file__ = name
    sys.modules["__main__"] = module
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    code = compile(source, name, "exec")
    exec(code, module.__dict__)  # noqa: S102 -- this is what the walls are for
    return module.__dict__


def run(facts: dict[str, Any], talk: Conversation) -> None:
    """Run a text; the variable that ``facts['answer']`` names is the run's value."""
    names = load(facts["source"], facts.get("name", "main.py"))
    if facts.get("answer"):
        talk.send(answer(names.get(facts["answer"]), talk))


def answer_calls(facts: dict[str, Any], talk: Conversation) -> None:
    """Run a text, then call its functions as the product asks, one input at a time."""
    names = load(facts["source"], facts.get("name", "main.py"))
    talk.send({"ready": True})
    while True:
        try:
            question = talk.receive()
        except wire.Closed:
            return
        talk.send(_call(names, question, talk))


def _call(names: dict[str, Any], question: dict[str, Any], talk: Conversation) -> dict[str, Any]:
    function = names.get(question["function"])
    if not callable(function):
        return {"raised": "NameError", "detail": f"no function {question['function']}"}
    positional = values.decode(question["args"])
    named = values.decode(question["kwargs"])
    try:
        value = function(*positional, **named)
    except Exception as error:  # noqa: BLE001 -- submitted code may raise anything
        return {"raised": type(error).__name__, "detail": last_line(error)}
    return answer(value, talk)


def answer(value: Any, talk: Conversation) -> dict[str, Any]:
    """The answer that holds a value, or says that it is none that can cross."""
    try:
        return {"value": values.encode(value, at_most=talk.value_bytes)}
    except (TypeError, ValueError, RecursionError) as error:
        return {"raised": "NotPlain", "detail": str(error)[:300]}


def last_line(error: BaseException) -> str:
    """What the last line of its traceback says."""
    return traceback.format_exception_only(type(error), error)[-1].strip()[:500]
