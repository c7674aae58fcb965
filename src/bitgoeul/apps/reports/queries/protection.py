"""Small cells: which numbers and tables of a report may be shown beside each other."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import translation

from bitgoeul.core.disclosure import Tables, is_small
from bitgoeul.core.indicators import Indicator, Value

NOT_STATED = "not_stated"


def hides(indicator: Indicator, value: Value, threshold: int) -> bool:
    """Tell whether a number as a whole is withheld: it, or what it leaves uncounted, is small."""
    counted, against = len(value.numerator), len(value.denominator)
    if indicator.unit == "share":
        return is_small(counted, threshold) or is_small(against - counted, threshold)
    return is_small(counted, threshold)


def in_both(text: Any) -> dict[str, str]:
    """Render a lazy text in both languages."""
    both = {}
    for language in ("ko", "en"):
        with translation.override(language):
            both[language] = str(text)
    return both


def tables_of(numbers: Sequence[tuple[Indicator, Value]], *, threshold: int) -> Tables:
    """Tabulate every indicator by its groups, as far as the tables may stand beside each other."""
    tables = Tables(threshold=threshold)
    for indicator, value in numbers:
        if not value.countable or not value.numerator or hides(indicator, value, threshold):
            continue
        title = in_both(indicator.title)
        for group in indicator.group_by:
            tables.add(
                f"{indicator.key}.{group}",
                group,
                _people_by_group(value, group),
                indicator=indicator.key,
                title=title,
            )
    return tables


def _people_by_group(value: Value, group: str) -> dict[str, list[list[UUID]]]:
    """Return whose rows stand in each cell: counted, and (for a share) not counted."""
    counted = {row.uuid for row in value.numerator}
    found: dict[str, list[list[UUID]]] = {}
    for row in value.denominator or value.numerator:
        cells = found.setdefault(row.groups.get(group) or NOT_STATED, [[], []])
        cells[0 if row.uuid in counted else 1].append(row.subject or row.uuid)
    columns = 2 if value.denominator else 1
    return {name: found[name][:columns] for name in sorted(found)}
