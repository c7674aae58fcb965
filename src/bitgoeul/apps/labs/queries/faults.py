"""What is wrong with a file of predictions, in words that its owner understands.

A fault is kept as code and parameters, and put into words when it is read: the same submission
speaks Korean to one reader and English to another.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import RowError
from bitgoeul.runner import reasons
from bitgoeul.runner.bundles.reasons import PROBLEMS


class Fault(TypedDict):
    """One fault as it is kept with a submission; line 0 stands for the whole file."""

    line: int
    code: str
    value: str
    column: str
    expected: str


_NOTEBOOK, _BUNDLE = "notebook:", "bundle:"
SHOWN = 5
"""Of each kind of fault so many are told one by one."""

MESSAGES = {
    "unknown_id": gettext_lazy("Line %(line)s: the test data have no row “%(value)s”."),
    "duplicate_id": gettext_lazy("Line %(line)s: the row “%(value)s” was predicted before."),
    "missing_id": gettext_lazy("The prediction for the row “%(value)s” is missing."),
    "not_a_number": gettext_lazy("Line %(line)s: “%(value)s” is not a number."),
    "not_finite": gettext_lazy("Line %(line)s: “%(value)s” is not a finite number."),
    "out_of_range": gettext_lazy(
        "Line %(line)s: “%(value)s” is not a probability between 0 and 1."
    ),
    "missing_column": gettext_lazy(
        "The column “%(column)s” is missing. Expected columns: %(expected)s."
    ),
    "duplicate_column": gettext_lazy("The column “%(column)s” stands in the file twice."),
    "wrong_cell_count": gettext_lazy(
        "Line %(line)s has %(value)s cells, but the heading has %(expected)s."
    ),
    "bad_encoding": gettext_lazy("The file is not a text file in UTF-8 or CP949."),
    "not_text": gettext_lazy("This is no text file (%(value)s)."),
    "too_many_columns": gettext_lazy("The file has %(value)s columns; that is too many."),
    "bad_csv": gettext_lazy("Line %(line)s cannot be read as CSV: quotation marks do not match."),
    "empty_file": gettext_lazy("There is nothing in the file. Expected columns: %(expected)s."),
    "undefined": gettext_lazy("The metric is not defined for these predictions."),
    "one_class": gettext_lazy(
        "This metric needs a truth of two classes or more, but there is only “%(value)s”."
    ),
    "missing_value": gettext_lazy("Line %(line)s: the column “%(column)s” is empty."),
    "unreadable_file": gettext_lazy("The file cannot be read."),
}


def of_row(error: RowError) -> Fault:
    """Return a faulty line as it is kept."""
    return Fault(line=error.line, code=error.code, value=error.value[:80], column="", expected="")


def of_error(error: EngineError) -> Fault:
    """Return a fault of the whole file as it is kept."""
    return Fault(
        line=error.line,
        code=error.code,
        value=error.value[:80],
        column=error.column[:80],
        expected=error.expected[:200],
    )


def undefined(metric: str) -> Fault:
    """Return the fault of predictions on which a metric has no value."""
    return Fault(line=0, code="undefined", value=metric, column="", expected="")


def of_notebook(code: str, cell: str, detail: str) -> Fault:
    """Return what was found about a notebook, in the runner's codes, as it is kept."""
    return Fault(
        line=0, code=f"{_NOTEBOOK}{code}", value=detail[:200], column=cell[:80], expected=""
    )


def of_bundle(code: str, value: str, member: str = "") -> Fault:
    """Return how a run in a contest's bundle ended, in the runner's codes, as it is kept."""
    return Fault(
        line=0, code=f"{_BUNDLE}{code}", value=value[:200], column=member[:80], expected=""
    )


def phrase(fault: Fault | Mapping[str, object]) -> str:
    """Put a fault into words, in the language that is active now."""
    code = str(fault["code"])
    if code.startswith(_NOTEBOOK):
        return _of_notebook(code.removeprefix(_NOTEBOOK), fault)
    if code.startswith(_BUNDLE):
        return _of_bundle(code.removeprefix(_BUNDLE), fault)
    text = MESSAGES.get(code)
    if text is None:
        return _("Line %(line)s: %(code)s (“%(value)s”).") % fault
    return str(text) % fault


def _of_bundle(code: str, fault: Fault | Mapping[str, object]) -> str:
    text = PROBLEMS.get(code)
    member, value = fault["column"], fault["value"]
    if text is None:
        return f"{code} {member} {value}".strip()
    said = _(text) % {"value": value, "detail": value, "member": member, "key": "", "line": 0}
    return f"{member}: {said}" if member else said


def _of_notebook(code: str, fault: Fault | Mapping[str, object]) -> str:
    text = reasons.FAULTS.get(code) or reasons.REASONS.get(code)
    if text is None:
        return f"{code} {fault['column']} {fault['value']}".strip()
    fields = {"cell": fault["column"], "value": fault["value"], "detail": fault["value"]}
    return _(text) % fields


def phrased(kept: Iterable[Mapping[str, object]]) -> list[str]:
    """Put kept faults into words; of each kind the first few, and how many more there are."""
    by_code: dict[object, list[Mapping[str, object]]] = {}
    for fault in kept:
        by_code.setdefault(fault["code"], []).append(fault)
    told: list[str] = []
    for alike in by_code.values():
        told += [phrase(fault) for fault in alike[:SHOWN]]
        more = len(alike) - SHOWN
        if more > 0:
            told.append(_("… and %(more)s more of this kind.") % {"more": more})
    return told
