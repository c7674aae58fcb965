"""Tables that give nobody away: suppression of small cells, and the attack that tests it."""

from bitgoeul.engines.analysis.disclosure.audit import Audit, audit
from bitgoeul.engines.analysis.disclosure.suppression import suppress
from bitgoeul.engines.analysis.disclosure.table import DisclosureError, Suppressed, Table

__all__ = ["Audit", "DisclosureError", "Suppressed", "Table", "audit", "suppress"]
