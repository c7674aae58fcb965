"""The report as a document: what is published, digested and verified by anyone.

Numbers, their parts and the salted digests of their rows; nothing of it names a person. Small
cells are withheld: a count below the threshold, a share whose counted or uncounted part is below
it, and every table cell that could be worked out from the others.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.queries.protection import hides, in_both, tables_of
from bitgoeul.core.disclosure import is_small, public_threshold
from bitgoeul.core.indicators import Evidence, Indicator, Scope, Value, collect, together
from bitgoeul.core.journal.services import plain, salts_of
from bitgoeul.engines import evidence

CHAIN_OF_ROOMS = ("programmes", "labs", "careers")
"""The order in which a report tells: chosen and taught, proven, placed and kept."""
_KIND = {"count": "count", "share": "share", "won": "total", "hours": "total", "sum": "total"}


def scope_of(report: Report) -> Scope:
    """Return what a report's numbers are asked about."""
    cohort = report.cohort.uuid if report.cohort else None
    return Scope(agreement=report.agreement.uuid, cohort=cohort)


def numbers_of(report: Report) -> list[tuple[Indicator, Value]]:
    """Compute every indicator for a report, in the order of the chain."""
    scope = scope_of(report)
    ordered = sorted(collect().values(), key=lambda each: _place(each.key))
    with together():
        return [(each, each.compute(scope, report.as_of)) for each in ordered]


def _place(key: str) -> int:
    room = key.split(".", maxsplit=1)[0]
    return CHAIN_OF_ROOMS.index(room) if room in CHAIN_OF_ROOMS else len(CHAIN_OF_ROOMS)


def build_document(
    report: Report,
    numbers: Sequence[tuple[Indicator, Value]],
    *,
    journal_head: str,
    protect: bool = True,
) -> dict[str, Any]:
    """Build the sealed document; with `protect` off it is a partner's working copy."""
    threshold = public_threshold() if protect else 1
    salts = salts_of({row.uuid for _, value in numbers for row in all_rows(value)})
    tables = tables_of(numbers, threshold=threshold)
    return evidence.seal_report(
        {
            "report": _heading(report),
            "as_of": report.as_of.isoformat(),
            "journal_head": journal_head,
            "small_cell_threshold": threshold,
            "indicators": [_entry(each, value, salts, threshold) for each, value in numbers],
            "tables": tables.shown,
            "tables_withheld": tables.withheld,
            "commitments": _commitments(report, numbers, threshold),
        }
    )


def all_rows(value: Value) -> list[Evidence]:
    """Return the rows of every part of a number."""
    return [*value.numerator, *value.denominator, *value.excluded]


def digest_of(key: str, row: Evidence, salts: Mapping[UUID, str]) -> str:
    """Return the salted digest of a row as it stands, in one indicator.

    The indicator is part of it, so that nobody can tell which rows two numbers share.
    """
    salt = bytes.fromhex(salts[row.uuid])
    return evidence.row_digest(salt, f"{key}:{row.kind}", row.uuid, plain(row.state))


def without_evidence(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document to be read: without the digests, which are as many as there are rows."""
    numbers = [{**entry, "evidence": {}} for entry in document["indicators"]]
    return {**document, "indicators": numbers}


def _heading(report: Report) -> dict[str, Any]:
    cohort = report.cohort
    return {
        "uuid": str(report.uuid),
        "title": {"ko": report.title_ko, "en": report.title_en or report.title_ko},
        "agreement": {"ko": report.agreement.title_ko, "en": report.agreement.title_en},
        "parties": [
            {"ko": party.organisation.name_ko, "en": party.organisation.name_en}
            for party in report.agreement.signatories.select_related("organisation")
        ],
        "cohort": in_both(cohort) if cohort else None,
    }


def _entry(
    indicator: Indicator, value: Value, salts: Mapping[UUID, str], threshold: int
) -> dict[str, Any]:
    kind = _KIND[indicator.unit]
    hidden = hides(indicator, value, threshold)
    entry: dict[str, Any] = {
        "key": indicator.key,
        "title": in_both(indicator.title),
        "definition": in_both(indicator.definition),
        "exclusions": in_both(indicator.exclusions),
        "unit": indicator.unit,
        "kind": kind,
        "window": in_both(value.window),
        "countable": value.countable,
        "value": value.number,
        **_parts(kind, value),
        "evidence": {},
    }
    if hidden:
        entry |= {"value": None, "numerator": None, "denominator": None, "suppressed": True}
        return entry
    entry["evidence"] = {
        name: sorted(digest_of(indicator.key, row, salts) for row in rows)
        for name, rows in _evidence_of(kind, value).items()
        if name != "excluded" or not is_small(len(rows), threshold)
    }
    entry["excluded_withheld"] = is_small(len(value.excluded), threshold)
    return entry


def _parts(kind: str, value: Value) -> dict[str, Any]:
    if kind == "total":
        return {"numerator": value.number, "denominator": len(value.numerator)}
    if kind == "count":
        return {"numerator": len(value.numerator), "denominator": None}
    if not value.countable:
        return {"numerator": None, "denominator": len(value.denominator)}
    return {"numerator": len(value.numerator), "denominator": len(value.denominator)}


def _evidence_of(kind: str, value: Value) -> dict[str, Sequence[Evidence]]:
    if kind == "total":
        return {"denominator": value.numerator, "excluded": value.excluded}
    if kind == "share" and not value.countable:
        return {"denominator": value.denominator, "excluded": value.excluded}
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "excluded": value.excluded,
    }


def _commitments(
    report: Report, numbers: Sequence[tuple[Indicator, Value]], threshold: int
) -> list[dict[str, Any]]:
    by_key = {indicator.key: (indicator, value) for indicator, value in numbers}
    entries = []
    promised = report.agreement.commitments.select_related("responsible", "article")
    for promise in promised.order_by("article__number", "id"):
        indicator, value = by_key.get(promise.indicator_key, (None, None))
        shown = None
        if indicator and value and not hides(indicator, value, threshold):
            shown = value.number
        entries.append(
            {
                "uuid": str(promise.uuid),
                "title": {"ko": promise.title_ko, "en": promise.title_en or promise.title_ko},
                "responsible": {
                    "ko": promise.responsible.name_ko,
                    "en": promise.responsible.name_en or promise.responsible.name_ko,
                },
                "article": promise.article.number if promise.article else None,
                "indicator": promise.indicator_key,
                "unit": indicator.unit if indicator else None,
                "target": promise.target,
                "value": shown,
                "starts_on": promise.starts_on.isoformat(),
                "ends_on": promise.ends_on.isoformat(),
            }
        )
    return entries
