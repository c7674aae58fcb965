"""Charts as inline SVG from the server: no script, no inline style, readable in print and aloud.

Each function returns one `<figure>`: a wide drawing (560 units) and a slim one (330) of which the
style sheet shows the one that fits, the conclusion in a sentence, and the same figures as a table.
`None` stands for a figure that is not shown (suppressed or not yet known).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Required, TypedDict, Unpack

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bitgoeul.core import formats
from bitgoeul.core.charts import drawings
from bitgoeul.core.charts.canvas import Canvas
from bitgoeul.core.charts.figure import WIDE, Amount, Frame, Series, Show, figure

__all__ = ["bars", "funnel", "grouped_bars", "line", "stacked_bars"]


class Telling(TypedDict, total=False):
    """What every chart says: `title`, the conclusion `desc` in one sentence, `unit`,
    `head` (what the categories are), `show` (figure to text), `uid` (start of its ids).
    """

    title: Required[str]
    desc: Required[str]
    unit: str
    head: str
    show: Show
    uid: str


def _frame(categories: Sequence[str], series: Series, telling: Telling) -> Frame:
    return Frame(
        categories=categories,
        series=series,
        title=telling["title"],
        desc=telling["desc"],
        unit=telling.get("unit", ""),
        head=telling.get("head", ""),
        show=telling.get("show", formats.number),
        uid=telling.get("uid", ""),
    )


def bars(*, rows: Sequence[tuple[str, Amount]], **telling: Unpack[Telling]) -> SafeString:
    """Draw one lying bar per row."""
    name = telling.get("unit") or telling["title"]
    series: Series = [(name, [value for _label, value in rows])]
    return figure(_frame([label for label, _v in rows], series, telling), drawings.horizontal)


def grouped_bars(
    *, categories: Sequence[str], series: Series, **telling: Unpack[Telling]
) -> SafeString:
    """Draw several bars per category: upright when wide and few, else lying."""
    few = len(categories) * len(series) <= 18

    def draw(frame: Frame, width: int) -> Canvas:
        return (drawings.upright if few and width == WIDE else drawings.horizontal)(frame, width)

    return figure(_frame(categories, series, telling), draw)


def stacked_bars(
    *, categories: Sequence[str], series: Series, **telling: Unpack[Telling]
) -> SafeString:
    """Draw one lying bar per category, put together from the series."""
    return figure(_frame(categories, series, telling), drawings.stacked)


def line(*, categories: Sequence[str], series: Series, **telling: Unpack[Telling]) -> SafeString:
    """Draw one line per series over the categories; a missing figure breaks the line."""
    return figure(_frame(categories, series, telling), drawings.lines)


def funnel(*, steps: Sequence[tuple[str, Amount]], **telling: Unpack[Telling]) -> SafeString:
    """Draw the chain from the first step to the last, with the share of the step before."""
    values = [value for _label, value in steps]
    series: Series = [(telling.get("unit") or telling["title"], values)]
    shares = [formats.share(share) for share in drawings.step_shares(values)]
    frame = _frame([label for label, _v in steps], series, telling)
    return figure(replace(frame, extra=(_("Share of the step before"), shares)), drawings.chain)
