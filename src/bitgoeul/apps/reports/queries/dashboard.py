"""What was promised against what the rows say."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from bitgoeul.apps.alliance.models import Agreement, Commitment
from bitgoeul.apps.reports.queries.protection import hides
from bitgoeul.apps.reports.queries.reading import show_amount
from bitgoeul.core import formats
from bitgoeul.core.indicators import Indicator, Scope, Value, collect


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A commitment with its indicator and the number computed for it.

    `reached` is a share of the target (1.0 = kept), None when nothing can be said yet.
    """

    commitment: Commitment
    indicator: Indicator | None
    value: Value | None
    reached: float | None

    @property
    def target(self) -> float:
        """The target in the unit of the number: a share's target is kept in percent."""
        if self.indicator is not None and self.indicator.unit == "share":
            return self.commitment.target / 100
        return float(self.commitment.target)


def promises_of(agreement: Agreement, *, as_of: dt.date) -> list[Promise]:
    """Return the commitments of an agreement with their computed numbers."""
    known = collect()
    scope = Scope(agreement=agreement.uuid)
    computed: dict[str, Value] = {}
    promises = []
    commitments = agreement.commitments.select_related("responsible", "article")
    for commitment in commitments.order_by("article__number", "id"):
        indicator = known.get(commitment.indicator_key)
        if indicator is not None and indicator.key not in computed:
            computed[indicator.key] = indicator.compute(scope, as_of)
        value = computed.get(commitment.indicator_key)
        promises.append(
            Promise(
                commitment=commitment,
                indicator=indicator,
                value=value,
                reached=_reached(commitment, indicator, value),
            )
        )
    return promises


def _reached(
    commitment: Commitment, indicator: Indicator | None, value: Value | None
) -> float | None:
    if indicator is None or value is None or value.number is None or not commitment.target:
        return None
    target = commitment.target / 100 if indicator.unit == "share" else commitment.target
    return value.number / target


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


def shown_promises(agreement: Agreement, *, as_of: dt.date, protect: bool) -> list[ShownPromise]:
    """Return the promises in words; with `protect` small counts are withheld."""
    threshold = settings.BITGOEUL.small_cell_threshold if protect else 1
    return [_shown(promise, threshold) for promise in promises_of(agreement, as_of=as_of)]


def _shown(promise: Promise, threshold: int) -> ShownPromise:
    indicator, value = promise.indicator, promise.value
    withheld = bool(indicator and value and hides(indicator, value, threshold))
    unit = indicator.unit if indicator else None
    number = None if withheld or value is None else value.number
    reached = None if withheld else promise.reached
    return ShownPromise(
        commitment=promise.commitment,
        title=promise.commitment.title,
        indicator_title=str(indicator.title) if indicator else promise.commitment.indicator_key,
        definition=str(indicator.definition) if indicator else "",
        target=show_amount(promise.target, unit),
        shown=show_amount(number, unit),
        window=str(value.window) if value else "",
        percent=None if reached is None else min(100, round(reached * 100)),
        reached="–" if reached is None else formats.share(reached, digits=0),
        withheld=withheld,
    )
