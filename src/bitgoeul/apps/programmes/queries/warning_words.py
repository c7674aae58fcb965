"""The early-warning model in words: figures, weights and the audit by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.programmes.models import WarningModel
from bitgoeul.apps.programmes.queries.signs import sign_words


@dataclass(frozen=True, kw_only=True)
class Found:
    """Rules and model in one cohort, or in all of them: the same number warned of."""

    cohort: int | None
    rows: int
    dropped: int
    warned: int
    rules: int
    model: int

    @property
    def recall_rules(self) -> float | None:
        """Of those who dropped out, the share that the rules warned of."""
        return _share(self.rules, self.dropped)

    @property
    def recall_model(self) -> float | None:
        """The same for the model."""
        return _share(self.model, self.dropped)

    @property
    def precision_rules(self) -> float | None:
        """Of those warned of by the rules, the share that dropped out."""
        return _share(self.rules, self.warned)

    @property
    def precision_model(self) -> float | None:
        """The same for the model."""
        return _share(self.model, self.warned)


def figures_said(model: WarningModel) -> list[Found]:
    """Return what rules and model found in each cohort that was left out."""
    return [Found(**one) for one in model.figures.get("held_out", [])]


def totals_of(model: WarningModel) -> Found | None:
    """Return the same over all cohorts that were left out."""
    found = figures_said(model)
    if not found:
        return None
    names = ("rows", "dropped", "warned", "rules", "model")
    sums = {name: sum(getattr(one, name) for one in found) for name in names}
    return Found(cohort=None, **sums)


def weights_said(model: WarningModel) -> list[tuple[str, float]]:
    """Return what each sign weighs, the heaviest first; above zero speaks for dropping out."""
    names = model.numbers.get("names", [])
    pairs = zip(sign_words(names), model.numbers.get("weights", []), strict=False)
    return sorted(pairs, key=lambda pair: -abs(pair[1]))


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """A group: how many were counted, and the share warned of; None where it is withheld."""

    name: str
    counted: int | None
    by_rules: float | None
    by_model: float | None


@dataclass(frozen=True, kw_only=True)
class AuditTable:
    """One attribute: the share warned of, or of those who dropped out the share not warned of."""

    title: str
    lines: tuple[AuditLine, ...]


def audit_said(model: WarningModel) -> list[AuditTable]:
    """Return the audit: who is warned of, and who drops out without a warning, by group."""
    tables = {table["key"]: table for table in model.audit.get("tables", [])}
    found = []
    for of, column in (("warned", 0), ("lost", 1)):
        for group in ("sex", "age", "residence"):
            pair = [tables.get(f"{of}-{by}-{group}") for by in ("rules", "model")]
            lines = _lines(group, pair, column)
            if lines:
                found.append(AuditTable(title=_title(of, group), lines=lines))
    return found


def _lines(
    group: str, pair: Sequence[Mapping[str, Any] | None], column: int
) -> tuple[AuditLine, ...]:
    names: list[str] = next((table["rows"] for table in pair if table), [])
    return tuple(
        AuditLine(
            name=_group_name(group, name),
            counted=next((_total(table, name) for table in pair if table), None),
            by_rules=_rate(pair[0], name, column),
            by_model=_rate(pair[1], name, column),
        )
        for name in names
    )


def _total(table: Mapping[str, Any], name: str) -> int | None:
    totals = table["row_totals"] or [None] * len(table["rows"])
    found: int | None = totals[table["rows"].index(name)]
    return found


def _rate(table: Mapping[str, Any] | None, name: str, column: int) -> float | None:
    if table is None or name not in table["rows"]:
        return None
    count = table["cells"][table["rows"].index(name)][column]
    total = _total(table, name)
    return None if count is None or not total else count / total


def _title(of: str, group: str) -> str:
    names = {"sex": _("by sex"), "age": _("by age"), "residence": _("by residence")}
    if of == "warned":
        return _("Share warned of, %(group)s") % {"group": names[group]}
    return _("Dropped out without a warning, %(group)s") % {"group": names[group]}


def _group_name(group: str, name: str) -> str:
    if not name:
        return _("not said")
    if group == "sex":
        return str(Sex(name).label)
    if group == "residence":
        return str(Region(name).label)
    return name


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
