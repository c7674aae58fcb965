"""A sheet to draw on: collects SVG shapes, escapes words, knows the colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.html import conditional_escape

# Distinct in lightness as well as in hue; each at least 3 : 1 on white.
COLOURS: Final = ("#256ef4", "#063a74", "#6d7882", "#1f8f8a", "#b06a00")
INK: Final = "#1e2124"
SOFT: Final = "#464c53"
LINE: Final = "#e6e8ea"


@dataclass
class Canvas:
    """Collects shapes from top to bottom; `y` is where the next one may stand."""

    width: int
    y: float = 0.0
    shapes: list[str] = field(default_factory=list)

    def rect(self, *, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a bar."""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}"'
            f' height="{max(height, 0.0):.1f}" rx="2" fill="{fill}"/>'
        )

    def line(self, *, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a rule of the axis."""
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}"/>'
        )

    def text(
        self,
        words: str,
        *,
        x: float,
        y: float,
        kind: str = "cat",
        anchor: str = "",
        fill: str = "",
    ) -> None:
        """Write words (escaped here); `kind` is cat, val or tick."""
        fill = fill or (SOFT if kind == "tick" else INK)
        anchored = f' text-anchor="{anchor}"' if anchor else ""
        self.shapes.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" fill="{fill}"{anchored}>'
            f"{conditional_escape(words)}</text>"
        )

    def path(self, points: Sequence[tuple[float, float]], *, stroke: str) -> None:
        """Draw a line through points."""
        steps = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.shapes.append(f'<path d="M{steps}" fill="none" stroke="{stroke}" stroke-width="2.5"/>')

    def dot(self, *, x: float, y: float, fill: str) -> None:
        """Draw a point."""
        self.shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}"/>')


def extent(words: str) -> float:
    """Estimate how wide 13-unit text is: Hangul is square, Latin about half as wide."""
    return sum(13.0 if ord(letter) > 0x1100 else 7.4 for letter in words)


def cut(words: str, width: float) -> str:
    """Shorten what would leave the drawing; the table has it whole."""
    if extent(words) <= width:
        return words
    kept = words
    while kept and extent(kept) > width - 13:
        kept = kept[:-1]
    return kept.rstrip() + "…"
