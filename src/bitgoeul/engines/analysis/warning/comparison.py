"""Rules and model on cohorts that the model was not trained on."""

from dataclasses import dataclass, field

import numpy as np

from bitgoeul.engines.analysis.warning.model import Flags, Floats, Model, Records, fit

ENGINE = "bitgoeul-warning/1"
COHORTS_AT_LEAST = 3
"""Two to train on and one to be held against: with fewer nothing can be said."""


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """A cohort that was left out: rows, how many of them dropped out, and who found how many.

    Rules and model warned of the same number of rows.
    """

    cohort: int
    rows: int
    dropped: int
    warned: int
    found_by_rules: int
    found_by_model: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """What leaving each cohort out once showed; `model` is fitted to all of them.

    `warned_by_model` says, per row of the records, whether the model that had not seen the row's
    cohort warned of it: what an audit looks at.
    """

    held_out: tuple[HeldOut, ...]
    model: Model | None
    warned_by_model: Flags = field(repr=False)

    @property
    def dropped(self) -> int:
        """Rows of people who dropped out, in cohorts that were left out."""
        return sum(one.dropped for one in self.held_out)

    @property
    def warned(self) -> int:
        """Rows warned of: as many by the rules as by the model."""
        return sum(one.warned for one in self.held_out)

    @property
    def found_by_rules(self) -> int:
        """Rows of people who dropped out and of whom the rules warned."""
        return sum(one.found_by_rules for one in self.held_out)

    @property
    def found_by_model(self) -> int:
        """Rows of people who dropped out and of whom the model warned."""
        return sum(one.found_by_model for one in self.held_out)

    @property
    def better(self) -> bool:
        """Whether the model finds more altogether, and not fewer in half of the cohorts."""
        if self.model is None or len(self.held_out) < COHORTS_AT_LEAST:
            return False
        no_worse = sum(one.found_by_model >= one.found_by_rules for one in self.held_out)
        return self.found_by_model > self.found_by_rules and 2 * no_worse >= len(self.held_out)


def compare(records: Records) -> Comparison:
    """Leave each cohort out once, and hold the model against the rules there.

    At every moment of a cohort the model warns of as many people as the rules did, the most
    probable first; equal ones in the order of the rows. So both have the same number warned of,
    and recall and precision differ by the same factor.

    Notes
    -----
    Cohorts whose training rows have no contrast (nobody dropped out) are not held out. The result
    depends on the rows alone: nothing is drawn. O(cohorts x fit).

    Examples
    --------
    >>> from bitgoeul.engines.analysis.warning.synthetic import make_records
    >>> compare(make_records(cohorts=4, people=150, seed=1)).better
    True
    >>> compare(make_records(cohorts=4, people=150, seed=1, truth="rule")).better
    False
    """
    held_out = []
    warned = np.zeros(len(records.dropped), dtype=bool)
    for cohort in sorted(set(records.cohort.tolist())):
        inside = records.cohort == cohort
        model = fit(records.part(~inside)) if not inside.all() else None
        if model is None:
            continue
        found = _warned(model.probabilities(records.signs), records, inside)
        warned |= found
        held_out.append(_counted(records, inside, found, cohort=cohort))
    whole = fit(records) if len(records.dropped) else None
    return Comparison(held_out=tuple(held_out), model=whole, warned_by_model=warned)


def _warned(probabilities: Floats, records: Records, inside: Flags) -> Flags:
    found = np.zeros(len(inside), dtype=bool)
    for moment in set(records.moment[inside].tolist()):
        rows = np.flatnonzero(inside & (records.moment == moment))
        number = int(records.warned[rows].sum())
        order = rows[np.argsort(-probabilities[rows], kind="stable")]
        found[order[:number]] = True
    return found


def _counted(records: Records, inside: Flags, found: Flags, *, cohort: int) -> HeldOut:
    dropped = records.dropped & inside
    return HeldOut(
        cohort=cohort,
        rows=int(inside.sum()),
        dropped=int(dropped.sum()),
        warned=int((records.warned & inside).sum()),
        found_by_rules=int((records.warned & dropped).sum()),
        found_by_model=int((found & dropped).sum()),
    )
