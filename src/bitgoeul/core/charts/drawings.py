"""The drawings: each takes a frame and a width and returns a canvas."""

from collections.abc import Callable, Sequence
from math import floor, log10

from django.utils.translation import gettext as _

from bitgoeul.core import formats
from bitgoeul.core.charts.canvas import COLOURS, Canvas, cut, extent
from bitgoeul.core.charts.figure import WIDE, Amount, Frame


def _start(frame: Frame, width: int, *, legend: bool) -> Canvas:
    """Put unit and legend at the top, where they are read before the bars."""
    canvas = Canvas(width)
    x = 0.0
    if frame.unit:
        words = _("Unit: %(unit)s") % {"unit": frame.unit}
        canvas.text(words, x=0, y=14, kind="tick")
        canvas.y, x = 24, extent(words) + 18
    if legend and len(frame.series) > 1:
        y = 14.0
        for colour, (name, _values) in zip(frame.colours, frame.series, strict=True):
            if x and x + 18 + extent(name) > width:
                x, y = 0.0, y + 20
            canvas.rect(x=x, y=y - 11, width=12, height=12, fill=colour)
            canvas.text(name, x=x + 18, y=y)
            x += 18 + extent(name) + 16
        canvas.y = y + 14
    return canvas


def horizontal(frame: Frame, width: int) -> Canvas:
    """Draw lying bars, all series of a category together."""
    canvas = _start(frame, width, legend=True)
    column = max((extent(label) for label in frame.categories), default=0) + 14
    beside = width == WIDE and column <= 230 and len(frame.series) == 1
    left = column if beside else 0.0
    room = width - left - max(extent(frame.show(frame.top)), 30) - 10
    thick = 20 if len(frame.series) == 1 else 16
    for i, category in enumerate(frame.categories):
        if beside:
            canvas.text(category, x=0, y=canvas.y + 15)
        else:
            canvas.text(cut(category, width), x=0, y=canvas.y + 13)
            canvas.y += 19
        for colour, (_name, values) in zip(frame.colours, frame.series, strict=True):
            _lying_bar(canvas, frame, values[i], x=left, room=room, thick=thick, fill=colour)
        canvas.y += 10
    return canvas


def _lying_bar(
    canvas: Canvas,
    frame: Frame,
    value: Amount,
    *,
    x: float,
    room: float,
    thick: float,
    fill: str,
) -> None:
    length = room * (value or 0) / frame.top
    canvas.rect(x=x, y=canvas.y, width=length, height=thick, fill=fill)
    canvas.text(frame.show(value), x=x + length + 6, y=canvas.y + thick / 2 + 5, kind="val")
    canvas.y += thick + 2


def _axis(canvas: Canvas, frame: Frame, *, left: float, height: float) -> Callable[[float], float]:
    """Draw the horizontal rules and return where a value stands."""
    step = _nice_step(frame.top)
    count = max(1, -int(-frame.top // step))
    base = canvas.y + 14 + height
    for i in range(count + 1):
        y = base - height * i / count
        canvas.line(x1=left, x2=canvas.width, y1=y, y2=y)
        canvas.text(frame.show(_whole(step * i)), x=left - 6, y=y + 4, kind="tick", anchor="end")
    canvas.y = base
    return lambda value: base - height * value / (step * count)


def _nice_step(top: float) -> float:
    """Choose 1, 2, 2.5 or 5 times a power of ten so that about five steps reach the top."""
    size = 10.0 ** floor(log10(top / 5))
    return next(size * k for k in (1, 2, 2.5, 5, 10) if size * k * 5 >= top * 0.999)


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 6)


def upright(frame: Frame, width: int) -> Canvas:
    """Draw upright bars, grouped by category."""
    canvas = _start(frame, width, legend=True)
    left = extent(frame.show(_whole(frame.top))) + 14
    at = _axis(canvas, frame, left=left, height=200)
    base, pitch = canvas.y, (width - left) / max(len(frame.categories), 1)
    thick = min(pitch * 0.76 / len(frame.series), 44)
    for i, category in enumerate(frame.categories):
        middle = left + pitch * (i + 0.5)
        x = middle - thick * len(frame.series) / 2
        for colour, (_name, values) in zip(frame.colours, frame.series, strict=True):
            y = at(values[i] or 0)
            canvas.rect(x=x, y=y, width=thick - 2, height=base - y, fill=colour)
            canvas.text(
                frame.show(values[i]), x=x + thick / 2 - 1, y=y - 5, kind="val", anchor="middle"
            )
            x += thick
        canvas.text(cut(category, pitch), x=middle, y=base + 19, anchor="middle")
    canvas.y = base + 26
    return canvas


def stacked(frame: Frame, width: int) -> Canvas:
    """Draw lying bars put together from the series."""
    canvas = _start(frame, width, legend=True)
    sums = [sum(vs[i] or 0 for _n, vs in frame.series) for i in range(len(frame.categories))]
    top = max(sums, default=0) or 1
    room = width - extent(frame.show(_whole(top))) - 12
    for i, category in enumerate(frame.categories):
        canvas.text(cut(category, width), x=0, y=canvas.y + 13)
        canvas.y += 19
        x = 0.0
        for colour, (_name, values) in zip(frame.colours, frame.series, strict=True):
            length = room * (values[i] or 0) / top
            canvas.rect(x=x, y=canvas.y, width=length - 1, height=24, fill=colour)
            if values[i] and length > extent(frame.show(values[i])) + 6:
                canvas.text(
                    frame.show(values[i]),
                    x=x + length / 2,
                    y=canvas.y + 17,
                    kind="val",
                    anchor="middle",
                    fill="#fff",
                )
            x += length
        canvas.text(frame.show(_whole(sums[i])), x=x + 6, y=canvas.y + 17, kind="val")
        canvas.y += 36
    return canvas


def lines(frame: Frame, width: int) -> Canvas:
    """Draw a line per series."""
    canvas = _start(frame, width, legend=True)
    left = extent(frame.show(_whole(frame.top))) + 14
    at = _axis(canvas, frame, left=left, height=180)
    count = len(frame.categories)
    pitch = (width - left - 24) / max(count - 1, 1)
    places = [left + 12 + pitch * i for i in range(count)]
    every = max(1, round(max((extent(c) for c in frame.categories), default=1) / pitch + 0.7))
    for i, category in enumerate(frame.categories):
        if (count - 1 - i) % every == 0:
            canvas.text(category, x=places[i], y=canvas.y + 19, anchor="middle")
    for colour, (_name, values) in zip(frame.colours, frame.series, strict=True):
        points = [None if v is None else (places[i], at(v)) for i, v in enumerate(values)]
        for run in _runs(points):
            canvas.path(run, stroke=colour)
        known = [i for i, v in enumerate(values) if v is not None]
        for i in known:
            canvas.dot(x=places[i], y=at(values[i] or 0), fill=colour)
            if i == known[-1] or (len(frame.series) == 1 and (known[-1] - i) % every == 0):
                y = at(values[i] or 0) - 9
                canvas.text(frame.show(values[i]), x=places[i], y=y, kind="val", anchor="middle")
    canvas.y += 26
    return canvas


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Cut at the gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def chain(frame: Frame, width: int) -> Canvas:
    """Draw the steps of a funnel with the share of the step before."""
    values = frame.series[0][1]
    shares = step_shares(values)
    canvas = _start(frame, width, legend=False)
    top = max((v for v in values if v is not None), default=0) or 1
    column = max((extent(label) for label in frame.categories), default=0) + 14
    beside = width == WIDE and column <= 230
    left = column if beside else 0.0
    room = width - left - extent(frame.show(_whole(top))) - 72
    for i, category in enumerate(frame.categories):
        if not beside:
            canvas.text(cut(category, width), x=0, y=canvas.y + 13)
            canvas.y += 19
        else:
            canvas.text(category, x=0, y=canvas.y + 19)
        length = room * (values[i] or 0) / top
        fill = COLOURS[1] if i == len(values) - 1 else COLOURS[0]
        canvas.rect(x=left, y=canvas.y, width=length, height=28, fill=fill)
        label = frame.show(values[i])
        canvas.text(label, x=left + length + 8, y=canvas.y + 19, kind="val")
        if shares[i] is not None:
            x = left + length + 8 + extent(label) + 8
            canvas.text(f"→ {formats.share(shares[i])}", x=x, y=canvas.y + 19, kind="tick")
        canvas.y += 38
    return canvas


def step_shares(values: Sequence[Amount]) -> list[float | None]:
    """Divide each figure by the one before it."""
    pairs = zip(values, [None, *values], strict=False)
    return [None if value is None or not before else value / before for value, before in pairs]
