"""Records with a known truth: several signs together, or exactly what the rule looks at."""

import numpy as np

from bitgoeul.engines.analysis.warning.model import Records

NAMES = ("missed", "late", "work_missing", "nothing_handed_in", "noise")


def make_records(
    *, cohorts: int, people: int, seed: int, truth: str = "together", moments: int = 2
) -> Records:
    """Make records of cohorts of equal size.

    Parameters
    ----------
    cohorts, people, moments : int
        How many cohorts, people in each, and moments at which each person is looked at.
    seed : int
        Where chance begins.
    truth : {"together", "rule"}
        Who drops out: whoever has much of several signs together, or exactly those of whom the
        rule warns. The rule warns where nothing was handed in.
    """
    rng = np.random.default_rng(seed)
    rows = cohorts * people * moments
    missed, late, work = rng.random(rows), rng.random(rows), rng.random(rows)
    nothing = work > 0.85
    signs = np.column_stack([missed, late, work, nothing.astype(float), rng.random(rows)])
    if truth == "rule":
        dropped = nothing.copy()
    else:
        odds = -6.0 + 6.0 * missed + 3.0 * late + 1.0 * work
        dropped = rng.random(rows) < 1.0 / (1.0 + np.exp(-odds))
    return Records(
        names=NAMES,
        signs=signs.reshape(rows, len(NAMES)),
        dropped=dropped,
        warned=nothing,
        cohort=np.repeat(np.arange(cohorts), people * moments),
        moment=np.tile(np.arange(moments), cohorts * people),
    )
