"""A model that warns of dropping out, held against the rules on cohorts it has not seen.

`compare` leaves each cohort out once: trained on the others, the model names as many people of it
as the rules do, and both are counted. `Comparison.better` says whether it may be used.
"""

from bitgoeul.engines.analysis.warning.comparison import (
    COHORTS_AT_LEAST,
    ENGINE,
    Comparison,
    HeldOut,
    compare,
)
from bitgoeul.engines.analysis.warning.model import Model, Records, WarningError, fit

__all__ = [
    "COHORTS_AT_LEAST",
    "ENGINE",
    "Comparison",
    "HeldOut",
    "Model",
    "Records",
    "WarningError",
    "compare",
    "fit",
]
