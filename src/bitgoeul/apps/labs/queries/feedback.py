"""What a person is told of each check, in words; kept as code and parameters.

A result is a row of `Evaluation.checks`: key, titles, points, of, code, value. Values come from
submitted code: they are cut, and escaped by whatever shows them.
"""

import builtins
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bitgoeul.runner import reasons

LONGEST = 300


class CheckResult(TypedDict):
    """One check of one evaluation as it is kept."""

    key: str
    title_ko: str
    title_en: str
    points: float
    of: float
    code: str
    value: str
    hidden: bool


MESSAGES = {
    "ok": gettext_lazy("Right."),
    "different": gettext_lazy("Another answer was expected. Yours: %(value)s"),
    "hidden_different": gettext_lazy("Another answer was expected for a hidden input."),
    "raised": gettext_lazy("Your code raised an error: %(value)s"),
    "time": gettext_lazy("It took too long. %(value)s"),
    "memory": gettext_lazy("It needed too much memory."),
    "output": gettext_lazy("It wrote too much output."),
    "crashed": gettext_lazy("The program crashed."),
    "not_plain": gettext_lazy("The answer is no plain value. %(value)s"),
    "no_answer": gettext_lazy("There was no answer."),
    "manual": gettext_lazy("A person marks this."),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A check as a page shows it."""

    title: str
    points: float
    of: float
    code: str
    message: str
    hidden: bool

    @property
    def full(self) -> bool:
        """Whether it earned all its points."""
        return self.points >= self.of


def lines_of(checks: Iterable[Mapping[str, Any]], *, staff: bool = False) -> list[Line]:
    """Put kept results into words, in the language that is active now.

    Of a hidden check its owner learns only the kind of the fault: what the code says could quote
    the input. `staff` reads all of it.
    """
    english = get_language() == "en"
    return [
        Line(
            title=(check.get("title_en") if english else "") or str(check.get("title_ko", "")),
            points=float(check.get("points", 0)),
            of=float(check.get("of", 0)),
            code=str(check.get("code", "")),
            message=message_of(check, staff=staff),
            hidden=bool(check.get("hidden")),
        )
        for check in checks
    ]


def message_of(check: Mapping[str, Any], *, staff: bool = False) -> str:
    """Put one result into words; see `lines_of`."""
    code, value = str(check.get("code", "")), str(check.get("value", ""))
    if check.get("hidden") and not staff:
        code = "hidden_different" if code == "different" else code
        value = _kind_of_error(value) if code == "raised" else ""
    if code == "marked":
        return value
    if code == "notebook":
        return " ".join(_(reasons.MESSAGES.get(one, one)) for one in value.splitlines() if one)
    text = MESSAGES.get(code)
    told = str(text) % {"value": value} if text is not None else f"{code} {value}"
    return told.strip()


def _kind_of_error(value: str) -> str:
    """The name of an error of Python's own: any other name could be made from the input."""
    name = value.partition(":")[0].strip()
    known = getattr(builtins, name, None)
    return name if isinstance(known, type) and issubclass(known, BaseException) else "Exception"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How often one check went wrong in the newest evaluations, and how."""

    title: str
    people: int
    wrong: int
    reasons: Sequence[tuple[str, int]]

    @property
    def share(self) -> float:
        """The share of people who did not earn all its points."""
        return self.wrong / self.people if self.people else 0.0


def troubles_of(results: Iterable[Sequence[Mapping[str, Any]]]) -> list[Trouble]:
    """Count, per check, how many did not earn all its points and what they were told."""
    titles: dict[str, str] = {}
    people: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    said: dict[str, Counter[str]] = {}
    for checks in results:
        for check, line in zip(checks, lines_of(checks, staff=True), strict=True):
            key = str(check.get("key", ""))
            titles[key] = line.title
            people[key] += 1
            if not line.full:
                wrong[key] += 1
                said.setdefault(key, Counter())[line.message[:120]] += 1
    return [
        Trouble(
            title=titles[key],
            people=people[key],
            wrong=wrong[key],
            reasons=said.get(key, Counter()).most_common(5),
        )
        for key in sorted(titles, key=lambda one: (-wrong[one] / people[one], titles[one]))
    ]
