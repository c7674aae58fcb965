"""What a lab's hidden checks and its questions are: read from its file, and checked as a whole.

The file is JSON, written by the instructor (docs/rooms/labs.md shows one). A fault is told with
its place, so that a lab which could grade nobody is never made.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.core.errors import Refused

MOST_CHECKS = 100
MOST_QUESTIONS = 30
MOST_POINTS = 1000.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One input of a function and what it must answer."""

    key: str
    title_ko: str
    title_en: str
    points: float
    visible: bool
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    expected: Any
    tolerance: float

    @property
    def call(self) -> str:
        """The input as it is written in Python."""
        named = [f"{name}={value!r}" for name, value in self.kwargs.items()]
        return ", ".join([*(repr(value) for value in self.args), *named])

    @property
    def answer(self) -> str:
        """The expected answer as it is written in Python."""
        return repr(self.expected)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """The function that is asked for, and its checks."""

    function: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        """The sum of all points."""
        return sum(check.points for check in self.checks)

    @property
    def visible(self) -> tuple[Check, ...]:
        """The examples that everybody reads."""
        return tuple(check for check in self.checks if check.visible)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with the rubric by which a person marks its answer."""

    key: str
    text_ko: str
    text_en: str
    points: float
    rubric_ko: str = ""
    rubric_en: str = ""

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.text_en if get_language() == "en" and self.text_en else self.text_ko

    @property
    def rubric(self) -> str:
        """The rubric in the reader's language."""
        return self.rubric_en if get_language() == "en" and self.rubric_en else self.rubric_ko


@dataclass(frozen=True, kw_only=True)
class AnswerSpec:
    """The questions of a lab that a person marks."""

    questions: tuple[Question, ...] = field(default=())

    @property
    def points(self) -> float:
        """The sum of all points."""
        return sum(question.points for question in self.questions)


def function_spec(content: bytes) -> FunctionSpec:
    """Read the checks of a function lab.

    Raises
    ------
    Refused
        With the place of the first fault.
    """
    read = _object(content)
    name = _text(read, "function", "", most=60)
    if not name.isidentifier():
        _fault("function", _("a function's name is expected"))
    checks = tuple(
        _check(one, f"checks[{number}]")
        for number, one in enumerate(_rows(read, "checks", MOST_CHECKS))
    )
    _keys_once([check.key for check in checks], "checks")
    return FunctionSpec(function=name, checks=checks)


def answer_spec(content: bytes) -> AnswerSpec:
    """Read the questions of a lab with short answers; see `function_spec`."""
    read = _object(content)
    questions = tuple(
        _question(one, f"questions[{number}]")
        for number, one in enumerate(_rows(read, "questions", MOST_QUESTIONS))
    )
    _keys_once([question.key for question in questions], "questions")
    return AnswerSpec(questions=questions)


def _check(one: Mapping[str, Any], place: str) -> Check:
    if "expected" not in one:
        _fault(f"{place}.expected", _("this value is missing"))
    args, kwargs = one.get("args", []), one.get("kwargs", {})
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        _fault(place, _("args is a list, and kwargs an object"))
    return Check(
        key=_text(one, "key", place, most=60),
        title_ko=_text(one, "title_ko", place, most=120),
        title_en=_text(one, "title_en", place, most=120, needed=False),
        points=_points(one, place),
        visible=one.get("visible") is True,
        args=tuple(args),
        kwargs=kwargs,
        expected=one["expected"],
        tolerance=_tolerance(one, place),
    )


def _question(one: Mapping[str, Any], place: str) -> Question:
    return Question(
        key=_text(one, "key", place, most=60),
        text_ko=_text(one, "text_ko", place, most=2000),
        text_en=_text(one, "text_en", place, most=2000, needed=False),
        points=_points(one, place),
        rubric_ko=_text(one, "rubric_ko", place, most=2000, needed=False),
        rubric_en=_text(one, "rubric_en", place, most=2000, needed=False),
    )


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(_("The file of checks is not JSON."), code="checks") from error
    if not isinstance(read, dict):
        _fault("", _("an object is expected"))
    return dict(read)


def _rows(read: Mapping[str, Any], name: str, most: int) -> Sequence[Mapping[str, Any]]:
    rows = read.get(name)
    if not isinstance(rows, list) or not 0 < len(rows) <= most:
        _fault(name, _("a list of one to %(most)s is expected") % {"most": most})
        return []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            _fault(f"{name}[{number}]", _("an object is expected"))
    return rows


def _text(one: Mapping[str, Any], name: str, place: str, *, most: int, needed: bool = True) -> str:
    value = one.get(name, "")
    where = f"{place}.{name}" if place else name
    if not isinstance(value, str) or len(value) > most or (needed and not value.strip()):
        _fault(where, _("a text of at most %(most)s characters is expected") % {"most": most})
    return str(value).strip()


def _points(one: Mapping[str, Any], place: str) -> float:
    value = one.get("points", 1)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _fault(f"{place}.points", _("a number is expected"))
    if not 0 <= value <= MOST_POINTS:
        _fault(f"{place}.points", _("at most %(most)s") % {"most": f"{MOST_POINTS:g}"})
    return float(value)


def _tolerance(one: Mapping[str, Any], place: str) -> float:
    value = one.get("tolerance", 1e-9)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        _fault(f"{place}.tolerance", _("a number from 0 to 1 is expected"))
    return float(value)


def _keys_once(keys: Sequence[str], place: str) -> None:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            _fault(f"{place}[{number}].key", _("“%(key)s” stands there twice") % {"key": key})


def _fault(place: str, why: str) -> None:
    told = _("The file of checks, at %(place)s: %(why)s.") % {"place": place or "{}", "why": why}
    raise Refused(told, code="checks")
