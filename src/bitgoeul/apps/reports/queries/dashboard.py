"""What was promised against what the rows say; the numbers are kept (see `kept`)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from bitgoeul.apps.alliance.models import Agreement, Commitment
from bitgoeul.apps.reports.queries.kept import Kept, kept
from bitgoeul.apps.reports.queries.protection import hides, in_both
from bitgoeul.apps.reports.queries.reading import show_amount
from bitgoeul.core import formats
from bitgoeul.core.disclosure import public_threshold
from bitgoeul.core.indicators import Indicator, Scope, collect, together


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A computed number without its rows; `window` in both languages."""

    number: float | None
    hidden: bool
    window: Mapping[str, str]


def figures_of(
    agreement: Agreement, *, at: dt.datetime, threshold: int
) -> Kept[Mapping[str, Figure]]:
    """Return the numbers that an agreement's commitments name, kept or computed."""
    day = formats.local_date(at)
    return kept(
        "figures",
        agreement.uuid,
        day,
        threshold,
        at=at,
        compute=lambda: _compute(agreement, day=day, threshold=threshold),
    )


def _compute(agreement: Agreement, *, day: dt.date, threshold: int) -> dict[str, Figure]:
    scope, known = Scope(agreement=agreement.uuid), collect()
    asked = agreement.commitments.order_by().values_list("indicator_key", flat=True).distinct()
    found = {}
    with together():
        for key in asked:
            if indicator := known.get(key):
                value = indicator.compute(scope, day)
                found[key] = Figure(
                    number=value.number,
                    hidden=hides(indicator, value, threshold),
                    window=in_both(value.window),
                )
    return found


@dataclass(frozen=True, kw_only=True)
class ShownPromise:
    """A promise ready to be read."""

    commitment: Commitment
    title: str
    indicator_title: str
    definition: str
    target: str
    shown: str
    window: str
    percent: int | None
    reached: str
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """An agreement's promises, and since when their numbers stand."""

    promises: list[ShownPromise]
    computed_at: dt.datetime


def dashboard_of(agreement: Agreement, *, at: dt.datetime, protect: bool) -> Dashboard:
    """Return the promises in words; with `protect` small counts are withheld."""
    threshold = public_threshold() if protect else 1
    figures = figures_of(agreement, at=at, threshold=threshold)
    known: dict[str, Indicator] = collect()
    commitments = agreement.commitments.select_related("responsible", "article")
    shown = [
        _shown(each, known.get(each.indicator_key), figures.value.get(each.indicator_key))
        for each in commitments.order_by("article__number", "id")
    ]
    return Dashboard(promises=shown, computed_at=figures.at)


def _shown(
    commitment: Commitment, indicator: Indicator | None, figure: Figure | None
) -> ShownPromise:
    withheld = figure is not None and figure.hidden
    unit: Any = indicator.unit if indicator else None
    number = None if withheld or figure is None else figure.number
    target = commitment.target / 100 if unit == "share" else float(commitment.target)
    reached = number / target if number is not None and target else None
    language = "en" if get_language() == "en" else "ko"
    return ShownPromise(
        commitment=commitment,
        title=commitment.title,
        indicator_title=str(indicator.title) if indicator else commitment.indicator_key,
        definition=str(indicator.definition) if indicator else "",
        target=show_amount(target, unit),
        shown=show_amount(number, unit),
        window=figure.window[language] if figure else "",
        percent=None if reached is None else min(100, round(reached * 100)),
        reached="–" if reached is None else formats.share(reached, digits=0),
        withheld=withheld,
    )
