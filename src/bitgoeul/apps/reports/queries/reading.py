"""A report's document in the reader's language: what the page, the PDF and the sheets show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.programmes.enums import Field, Major
from bitgoeul.apps.reports.queries.protection import NOT_STATED
from bitgoeul.core import charts, formats

GROUPS: dict[str, tuple[str | LazyText, Mapping[str, Any]]] = {
    "sex": (gettext_lazy("Sex"), dict(Sex.choices)),
    "residence": (gettext_lazy("Residence"), dict(Region.choices)),
    "field": (gettext_lazy("Field"), dict(Field.choices)),
    "major": (gettext_lazy("Major"), dict(Major.choices)),
    "track": (gettext_lazy("Track"), {}),
    "organisation": (gettext_lazy("Organisation"), {}),
}

CHAIN = (
    "programmes.applicants",
    "programmes.selected",
    "programmes.completed",
    "careers.placements",
    "careers.retention_6m",
)
"""The steps of the chain that the first chart shows."""
PEOPLE_OF = {"careers.retention_6m": gettext_lazy("Still in the job after six months")}
"""What a step is called that is no count itself: the chart shows people, not their share."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """One indicator, ready to be read."""

    key: str
    title: str
    definition: str
    exclusions: str
    window: str
    shown: str
    exact: str
    numerator: str
    denominator: str
    excluded: str
    suppressed: bool
    countable: bool
    unit: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of an indicator by group; withheld cells read as such."""

    key: str
    title: str
    group: str
    columns: list[str]
    rows: list[tuple[str, list[str]]]
    totals: list[str]


@dataclass(frozen=True, kw_only=True)
class Pledge:
    """A commitment with target and number."""

    title: str
    responsible: str
    article: int | None
    target: str
    shown: str
    percent: int | None
    reached: str
    indicator: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A whole report, ready to be read."""

    title: str
    agreement: str
    parties: list[str]
    cohort: str
    as_of: str
    threshold: int
    digest: str
    journal_head: str
    numbers: list[Number]
    tables: list[Table]
    withheld: list[str]
    pledges: list[Pledge]
    chain: SafeString | str


def read(document: Mapping[str, Any]) -> Reading:
    """Put a document into the words of the active language."""
    heading = document["report"]
    threshold = document["small_cell_threshold"]
    return Reading(
        title=_words(heading["title"]),
        agreement=_words(heading["agreement"]),
        parties=[_words(party) for party in heading["parties"]],
        cohort=_words(heading["cohort"]) if heading["cohort"] else "",
        as_of=document["as_of"],
        threshold=threshold,
        digest=document["digest"],
        journal_head=document["journal_head"],
        numbers=[_number(entry, threshold) for entry in document["indicators"]],
        tables=[_table(table) for table in document["tables"]],
        withheld=list(document["tables_withheld"]),
        pledges=[_pledge(entry) for entry in document["commitments"]],
        chain=_chain(document["indicators"]),
    )


def show_amount(value: float | None, unit: str | None) -> str:
    """Write a number in its unit."""
    if value is None:
        return "–"
    if unit == "share":
        return formats.share(value)
    if unit == "won":
        return formats.won(int(value), _language())
    if unit == "hours":
        return _("%(hours)s hours") % {"hours": formats.number(value)}
    return formats.number(int(value) if value == int(value) else value)


def _language() -> str:
    return "en" if get_language() == "en" else "ko"


def _words(both: Mapping[str, str]) -> str:
    return both.get(_language()) or both["ko"]


def _number(entry: Mapping[str, Any], threshold: int) -> Number:
    suppressed = bool(entry.get("suppressed"))
    if suppressed:
        shown = _("withheld")
    elif not entry["countable"]:
        shown = _("not yet countable")
    else:
        shown = show_amount(entry["value"], entry["unit"])
    return Number(
        key=entry["key"],
        title=_words(entry["title"]),
        definition=_words(entry["definition"]),
        exclusions=_words(entry["exclusions"]),
        window=_words(entry["window"]),
        shown=shown,
        exact="" if entry["value"] is None else f"{entry['value']:g}",
        numerator=show_amount(entry["numerator"], None),
        # A sum is counted against nothing: its rows only say what was summed.
        denominator=show_amount(None if entry["unit"] == "sum" else entry["denominator"], None),
        excluded=_excluded(entry, threshold),
        suppressed=suppressed,
        countable=entry["countable"],
        unit=entry["unit"],
    )


def _excluded(entry: Mapping[str, Any], threshold: int) -> str:
    if entry.get("suppressed"):
        return "–"
    if entry.get("excluded_withheld"):
        return _("fewer than %(threshold)s") % {"threshold": threshold}
    return formats.number(len(entry["evidence"].get("excluded", ())))


def _table(table: Mapping[str, Any]) -> Table:
    label, names = GROUPS.get(table["group"], (table["group"], {}))
    columns = [_("Counted")] if table["columns"] is None else [_("Counted"), _("Not counted")]
    rows = []
    for index, (name, cells) in enumerate(zip(table["rows"], table["cells"], strict=True)):
        shown = [_cell(cell) for cell in cells]
        if table["row_totals"] is not None:
            shown.append(_cell(table["row_totals"][index]))
        rows.append((_group(name, names), shown))
    if table["row_totals"] is not None:
        columns = [*columns, _("Total")]
    totals = [_cell(cell) for cell in table["column_totals"] or ()]
    return Table(
        key=table["indicator"],
        title=_words(table["title"]),
        group=str(label),
        columns=columns,
        rows=rows,
        totals=[*totals, _cell(table["total"])],
    )


def _cell(value: float | None) -> str:
    return _("withheld") if value is None else formats.number(value)


def _group(name: str, names: Mapping[str, Any]) -> str:
    return _("not stated") if name == NOT_STATED else str(names.get(name, name))


def _pledge(entry: Mapping[str, Any]) -> Pledge:
    unit, value = entry["unit"], entry["value"]
    target = entry["target"] / 100 if unit == "share" else entry["target"]
    reached = value / target if value is not None and target else None
    return Pledge(
        title=_words(entry["title"]),
        responsible=_words(entry["responsible"]),
        article=entry["article"],
        target=show_amount(target, unit),
        shown=show_amount(value, unit),
        percent=None if reached is None else min(100, round(reached * 100)),
        reached="–" if reached is None else formats.share(reached, digits=0),
        indicator=entry["indicator"],
    )


def _chain(entries: list[Mapping[str, Any]]) -> SafeString | str:
    by_key = {entry["key"]: entry for entry in entries}
    chain = [by_key[key] for key in CHAIN if key in by_key]
    steps = [
        (str(PEOPLE_OF.get(entry["key"], _words(entry["title"]))), entry["numerator"])
        for entry in chain
    ]
    known = [(label, int(value)) for label, value in steps if value is not None]
    if len(known) < 2:
        return ""
    conclusion = _("From %(first)s to %(last)s: %(from)s became %(to)s.") % {
        "first": known[0][0],
        "last": known[-1][0],
        "from": formats.number(known[0][1]),
        "to": formats.number(known[-1][1]),
    }
    return charts.funnel(
        steps=steps, title=_("From application to kept job"), desc=conclusion, unit=_("people")
    )
