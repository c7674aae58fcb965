"""Long tables drawn by one fast path: the same markup for every list, escaped cell by cell.

A template that asks per cell for an address, a translation and a format costs several times what
the row costs to read (docs/benchmarks.md). Here the words of a column and the pattern of an
address are worked out once for a page, and a row is one formatting.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from django.db.models import Choices
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_SOME = UUID(int=0)
_PLACE = str(_SOME)


class Address:
    """The address of the page about one object, worked out once and filled in for each row."""

    def __init__(self, name: str) -> None:
        self._before, self._after = reverse(name, kwargs={"uuid": _SOME}).split(_PLACE)

    def __call__(self, uuid: UUID) -> str:
        """Return the address of one object."""
        return f"{self._before}{uuid}{self._after}"


def words_of(choices: type[Choices]) -> Mapping[Any, str]:
    """Return the labels of choices in the reader's language, looked up once for a page."""
    return {value: str(label) for value, label in choices.choices}


def link(address: str, text: object) -> SafeString:
    """Return a link."""
    # Both are escaped in this line; format_html does the same at four times the cost a row.
    return SafeString(f'<a href="{escape(address)}">{_shown(text)}</a>')


def badge(text: object, kind: str = "") -> SafeString:
    """Return a badge: `ok`, `info`, `warn`, `bad` or nothing (grey); parts/badge.html draws it."""
    return SafeString(f'<span class="b{" " + kind if kind else ""}">{_shown(text)}</span>')


def lines(texts: Iterable[object]) -> SafeString:
    """Return texts one beneath the other in one cell."""
    joined = format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts))
    return format_html("<span>{}</span>", joined)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its words, and what stands in its cell (text, or markup that is marked safe).

    `heads` makes the cell the row's heading; `number` sets figures to the right; `short` keeps a
    date on one line.
    """

    label: Any
    cell: Callable[[Any], object]
    heads: bool = False
    number: bool = False
    short: bool = False


def table(rows: Iterable[Any], columns: Sequence[Column], *, label: Any) -> SafeString:
    """Draw a table that becomes one card a row on a narrow screen."""
    head = format_html_join("", '<th scope="col"{}>{}</th>', map(_head, columns))
    pattern = f"<tr>{''.join(map(_pattern, columns))}</tr>\n"
    cells = [column.cell for column in columns]
    body = "".join([pattern % tuple([_shown(cell(row)) for cell in cells]) for row in rows])
    return format_html(
        '<div class="tw" tabindex="0" role="region" aria-label="{}"><table class="t stack">'
        "<thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table></div>",
        label,
        head,
        # Every cell went through `_shown`, every label through `_pattern`.
        mark_safe(body),  # noqa: S308
    )


def _shown(cell: object) -> str:
    """Escape what is not markup already; `conditional_escape` without its lazy detours."""
    return cell.__html__() if hasattr(cell, "__html__") else escape(str(cell))


def _head(column: Column) -> tuple[object, object]:
    return (SafeString(' class="num"') if column.number else "", column.label)


def _pattern(column: Column) -> str:
    if column.heads:
        return '<th scope="row">%s</th>'
    label = escape(str(column.label)).replace("%", "%%")
    kind = ' class="num"' if column.number else ' class="nowrap"' if column.short else ""
    return f'<td{kind} data-l="{label}">%s</td>'
