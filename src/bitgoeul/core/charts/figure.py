"""What surrounds a drawing: two sizes of it, its sentence, and its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bitgoeul.core.charts.canvas import COLOURS, Canvas

Amount = float | int | None
Show = Callable[[Amount], str]
Series = Sequence[tuple[str, Sequence[Amount]]]

WIDE: Final = 560
SLIM: Final = 330


@dataclass(frozen=True)
class Frame:
    """What all charts have in common."""

    categories: Sequence[str]
    series: Series
    title: str
    desc: str
    unit: str
    head: str
    show: Show
    uid: str
    extra: tuple[str, Sequence[str]] | None = None  # one more column of the table

    def __post_init__(self) -> None:
        if any(len(values) != len(self.categories) for _name, values in self.series):
            raise ValueError("every series has one value per category")
        if any(value is not None and value < 0 for _name, vs in self.series for value in vs):
            raise ValueError("these charts count; they draw no negative figures")

    @property
    def top(self) -> float:
        """The largest figure, never zero."""
        return max((v for _name, vs in self.series for v in vs if v is not None), default=0) or 1

    @property
    def colours(self) -> list[str]:
        """One colour per series."""
        return [COLOURS[i % len(COLOURS)] for i in range(len(self.series))]

    @property
    def key(self) -> str:
        """What the ids inside the drawings begin with."""
        if self.uid:
            return self.uid
        told = repr((self.title, self.desc, tuple(self.categories)))
        return "c" + blake2s(told.encode(), digest_size=4).hexdigest()


def figure(frame: Frame, draw: Callable[[Frame, int], Canvas]) -> SafeString:
    """Draw both sizes and put sentence and table under them."""
    return format_html(
        '<figure>{}{}<figcaption><p class="hint">{}</p>'
        "<details><summary>{}</summary>{}</details></figcaption></figure>",
        _svg(frame, draw(frame, WIDE), "wide"),
        _svg(frame, draw(frame, SLIM), "slim"),
        frame.desc,
        _("Show as a table"),
        _table(frame),
    )


def _svg(frame: Frame, canvas: Canvas, variant: str) -> SafeString:
    key = f"{frame.key}-{variant}"
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        variant,
        canvas.width,
        round(canvas.y),
        key,
        key,
        key,
        frame.title,
        key,
        frame.desc,
        # Numbers formatted here and words escaped in Canvas.text: nothing raw is left.
        mark_safe("".join(canvas.shapes)),  # noqa: S308
    )


def _table(frame: Frame) -> SafeString:
    columns = [(name, [frame.show(v) for v in values]) for name, values in frame.series]
    if frame.extra:
        columns.append((frame.extra[0], list(frame.extra[1])))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                category,
                format_html_join(
                    "", '<td class="num">{}</td>', ((texts[i],) for _name, texts in columns)
                ),
            )
            for i, category in enumerate(frame.categories)
        ),
    )
    return format_html(
        '<div class="tw" tabindex="0" role="region" aria-label="{}"><table class="t">'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        _("%(title)s, as a table") % {"title": frame.title},
        frame.head or _("Item"),
        format_html_join(
            "", '<th scope="col" class="num">{}</th>', ((name,) for name, _texts in columns)
        ),
        body,
    )
