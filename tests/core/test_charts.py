"""Charts: safe, well formed, readable without eyes, and as long as their figures say."""

import re
from collections.abc import Callable
from html import unescape

import html5lib
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from bitgoeul.core import charts
from bitgoeul.core.charts.canvas import COLOURS

EVIL = '<script>alert("1")</script>&'


def _bars(label: str, values: list[float | None]) -> str:
    return charts.bars(rows=[(label, v) for v in values], title=label, desc=label, unit=label)


def _grouped(label: str, values: list[float | None]) -> str:
    series = [(label, values), (label + "2", values)]
    return charts.grouped_bars(
        categories=[label] * len(values), series=series, title=label, desc=""
    )


def _stacked(label: str, values: list[float | None]) -> str:
    series = [(label, values), (label + "2", values)]
    return charts.stacked_bars(
        categories=[label] * len(values), series=series, title=label, desc=""
    )


def _line(label: str, values: list[float | None]) -> str:
    return charts.line(
        categories=[label] * len(values), series=[(label, values)], title=label, desc=label
    )


def _funnel(label: str, values: list[float | None]) -> str:
    return charts.funnel(steps=[(label, v) for v in values], title=label, desc=label)


KINDS = [_bars, _grouped, _stacked, _line, _funnel]
Kind = Callable[[str, list[float | None]], str]


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_escaped_and_nothing_needs_inline_style(kind: Kind) -> None:
    figure = kind(EVIL, [3, 0, None, 12.5])
    assert "<script" not in figure
    assert "style=" not in figure
    assert " on" not in re.sub(r">[^<]*<", "><", figure)


@pytest.mark.parametrize("kind", KINDS)
def test_both_sizes_have_role_title_and_sentence(kind: Kind) -> None:
    figure = kind("수료", [3, 5])
    assert figure.count('role="img"') == 2
    assert figure.count("<title ") == figure.count("<desc ") == 2
    assert 'viewBox="0 0 560' in figure
    assert 'viewBox="0 0 330' in figure
    ids = re.findall(r' id="([^"]+)"', figure)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', figure):
        assert set(named.split()) <= set(ids)


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(KINDS),
    st.text(max_size=12),
    st.lists(
        st.none() | st.integers(0, 10**9) | st.decimals(0, 9999, places=2).map(float), max_size=14
    ),
)
def test_any_figures_give_a_clean_document_inside_its_width(
    kind: Kind, label: str, values: list[float | None]
) -> None:
    label = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "", label)
    label = "".join(letter for letter in label if ord(letter) < 0x10000)
    figure = kind(label, values)
    parser = html5lib.HTMLParser()
    parser.parse(f"<!doctype html><title>x</title><body>{figure}")
    assert not parser.errors
    for svg in re.findall(r"<svg.*?</svg>", figure):
        width = float(svg.split('viewBox="0 0 ')[1].split()[0])
        for x, length in re.findall(r'<rect x="([\d.-]+)" y="[\d.-]+" width="([\d.]+)"', svg):
            assert float(x) >= 0
            assert float(x) + float(length) <= width + 0.2


def test_bars_are_as_long_as_their_figures() -> None:
    figure = charts.bars(rows=[("a", 200), ("b", 50), ("c", 0)], title="t", desc="d")
    for svg in re.findall(r"<svg.*?</svg>", figure):
        lengths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
        assert lengths[1] / lengths[0] == pytest.approx(0.25, abs=0.002)
        assert lengths[2] == 0


def test_upright_bars_are_as_high_as_their_figures() -> None:
    figure = charts.grouped_bars(
        categories=["1", "2"], series=[("x", [96, 24])], title="t", desc="d"
    )
    wide = re.findall(r"<svg.*?</svg>", figure)[0]
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)"', wide)]
    assert heights[1] / heights[0] == pytest.approx(0.25, abs=0.002)


def test_table_has_every_figure_and_a_dash_for_what_is_hidden() -> None:
    figure = charts.grouped_bars(
        categories=["1분기", "2분기"],
        series=[("수료", [1042, 58]), ("채용", [31, None])],
        title="t",
        desc="d",
        head="분기",
    )
    cells = [unescape(c) for c in re.findall(r'<td class="num">([^<]*)</td>', figure)]
    assert cells == ["1,042", "31", "58", "–"]
    assert re.findall(r'<th scope="row">([^<]*)</th>', figure) == ["1분기", "2분기"]


def test_funnel_says_the_share_of_the_step_before() -> None:
    steps = [("지원", 779), ("선발", 330), ("수료", 305), ("채용", None), ("유지", 100)]
    figure = charts.funnel(steps=steps, title="t", desc="d")
    assert "→ 42.4%" in figure  # 330 of 779
    assert "→ 92.4%" in figure  # 305 of 330
    assert figure.count("→") == 4  # two shares known, in two sizes


def test_unequal_and_negative_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="one value per category"):
        charts.line(categories=["a"], series=[("x", [1, 2])], title="t", desc="d")
    with pytest.raises(ValueError, match="negative"):
        charts.bars(rows=[("a", -1)], title="t", desc="d")


def test_words_of_the_frame_follow_the_language() -> None:
    with translation.override("en"):
        assert "Show as a table" in charts.bars(rows=[("a", 1)], title="t", desc="d")


def _luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", COLOURS)
def test_shapes_stand_out_from_white(colour: str) -> None:
    assert 1.05 / (_luminance(colour) + 0.05) >= 3
