"""The published report document, and the check anyone can run on it.

Shape of a document (``bitgoeul-report/1``), all keys required unless marked:

``format``        ``"bitgoeul-report/1"``
``report``        object: ``uuid``, ``title`` and whatever else names the report
``as_of``         ISO 8601 moment the numbers speak about
``journal_head``  digest of the last journal seal before publication, ``""`` when none
``indicators``    list of objects:

    ``key``, ``title`` {ko, en}, ``definition`` {ko, en}, ``unit``, ``window``, ``exclusions``
    ``kind``          ``count``, ``share``, ``total``, ``mean`` or ``statistic``
    ``value``         number; null when suppressed or when a denominator is 0
    ``numerator``     number or null;  ``denominator``  number or null
    ``decimals``      optional: the value is rounded to so many places
    ``suppressed``    optional: true when the number itself is withheld
    ``countable``     optional: false while the window is open; the value is then null
    ``rows_withheld`` optional: true when the row digests are withheld (small counts)
    ``evidence``      {``numerator``, ``denominator``, ``excluded``}: sorted row digests each

``tables``        list of objects: ``key``, ``title``, ``rows``, ``columns`` (null for a list of
                  counts), ``cells`` (list of lists), ``row_totals``, ``column_totals`` (null
                  when ``columns`` is null), ``total``; a suppressed number is null
``digest``        SHA-256 of the canonical JSON of everything but ``digest``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bitgoeul.engines.evidence.canonical import EvidenceError, digest
from bitgoeul.engines.evidence.verdict import PASSED, Verdict, failed

REPORT_FORMAT = "bitgoeul-report/1"
KINDS = ("count", "share", "total", "mean", "statistic")
_TOP = ("report", "as_of", "journal_head", "indicators", "tables", "digest")


def seal_report(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its format and digest filled in.

    >>> sealed = seal_report({"report": {"title": "x"}, "as_of": "2026-11-22", "tables": [],
    ...                       "journal_head": "", "indicators": []})
    >>> verify_report(sealed).ok
    True
    """
    content = {key: value for key, value in document.items() if key != "digest"}
    content["format"] = REPORT_FORMAT
    return {**content, "digest": digest(content)}


def verify_report(document: object) -> Verdict:
    """Check a published report and name the first thing that is wrong.

    Parameters
    ----------
    document : dict
        The parsed JSON, see the module's description.

    Returns
    -------
    Verdict
        Codes: ``shape``, ``format``, ``digest``, ``unknown_kind``, ``evidence_order``,
        ``evidence_count``, ``evidence_subset``, ``evidence_overlap``, ``value``,
        ``suppressed_value``, ``table_shape``, ``table_margin``, ``table_recoverable``.

    Notes
    -----
    The check needs nothing but the document. That its rows are the rows of the alliance is
    what the salted row digests and the journal head are for: whoever may read the rows can
    recompute them.

    Examples
    --------
    >>> verify_report({"format": "something else"}).code
    'format'
    """
    try:
        return _verify(document)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        return failed("shape", "", found=f"{type(error).__name__}: {error}")


def _verify(document: Any) -> Verdict:
    if not isinstance(document, dict):
        return failed("shape", "", found=type(document).__name__)
    if document.get("format") != REPORT_FORMAT:
        return failed("format", "format", expected=REPORT_FORMAT, found=document.get("format"))
    for key in _TOP:
        if key not in document:
            return failed("shape", key, found="missing")
    try:
        content = digest({key: value for key, value in document.items() if key != "digest"})
    except EvidenceError as error:
        return failed("shape", "", found=error.value)
    if content != document["digest"]:
        return failed("digest", "digest", expected=content, found=document["digest"])
    for verdict in _parts(document):
        if not verdict:
            return verdict
    return PASSED


def _parts(document: Mapping[str, Any]) -> Iterator[Verdict]:
    for number, indicator in enumerate(document["indicators"]):
        where = f"indicators[{number}] {indicator['key']}"
        yield _check_evidence(indicator, where)
        yield _check_value(indicator, where)
    for number, table in enumerate(document["tables"]):
        yield _check_table(table, f"tables[{number}] {table['key']}")


def _check_evidence(indicator: Mapping[str, Any], where: str) -> Verdict:
    kind = indicator["kind"]
    if kind not in KINDS:
        return failed("unknown_kind", f"{where}.kind", found=kind, expected=", ".join(KINDS))
    if indicator.get("suppressed") or indicator.get("rows_withheld"):
        return PASSED
    rows: dict[str, list[str]] = {}
    for name in ("numerator", "denominator", "excluded"):
        rows[name] = list(indicator["evidence"].get(name) or [])
        if rows[name] != sorted(set(rows[name])):
            return failed("evidence_order", f"{where}.evidence.{name}")
    counted = {"count": ("numerator",), "share": ("numerator", "denominator")}
    for name in counted.get(kind, ("denominator",)):
        stated = indicator[name]
        if stated is not None and stated != len(rows[name]):
            place = f"{where}.evidence.{name}"
            return failed("evidence_count", place, expected=stated, found=len(rows[name]))
    base = set(rows["denominator"])
    if kind == "share" and not base.issuperset(rows["numerator"]):
        stray = sorted(set(rows["numerator"]) - base)[0]
        return failed("evidence_subset", f"{where}.evidence.numerator", found=stray)
    overlap = sorted((base | set(rows["numerator"])).intersection(rows["excluded"]))
    if overlap:
        return failed("evidence_overlap", f"{where}.evidence.excluded", found=overlap[0])
    return PASSED


def _check_value(indicator: Mapping[str, Any], where: str) -> Verdict:
    value = indicator["value"]
    if indicator.get("suppressed"):
        # A numerator beside a suppressed value would give it away.
        if value is not None or indicator["numerator"] is not None:
            return failed("suppressed_value", f"{where}.value")
        return PASSED
    expected = _recompute(indicator)
    if indicator.get("countable") is False:
        # "Not yet" must never read as a number.
        return PASSED if value is None else failed("value", f"{where}.value", found=value)
    if indicator["kind"] == "statistic":
        return PASSED
    if (value is None) != (expected is None):
        return failed("value", f"{where}.value", expected=expected, found=value)
    if value is None or expected is None:
        return PASSED
    decimals = indicator.get("decimals")
    slack = 1e-9 * max(1.0, abs(expected))
    if decimals is not None:
        slack += 0.5 * 10.0 ** -int(decimals)
    if isinstance(value, bool) or abs(value - expected) > slack:
        return failed("value", f"{where}.value", expected=expected, found=value)
    return PASSED


def _recompute(indicator: Mapping[str, Any]) -> float | None:
    numerator, denominator = indicator["numerator"], indicator["denominator"]
    if numerator is None:
        return None
    if indicator["kind"] in ("share", "mean"):
        return numerator / denominator if denominator else None
    return float(numerator)


def _check_table(table: Mapping[str, Any], where: str) -> Verdict:
    cells, row_totals, total = table["cells"], table["row_totals"], table["total"]
    if table["columns"] is None:
        values = [row[0] for row in cells]
        if len(values) != len(table["rows"]) or any(len(row) != 1 for row in cells):
            return failed("table_shape", f"{where}.cells")
        return _check_line(values, total, f"{where}.total")
    width = len(table["columns"])
    column_totals = table["column_totals"]
    right = len(cells) == len(table["rows"]) == len(row_totals) and len(column_totals) == width
    if not right or any(len(row) != width for row in cells):
        return failed("table_shape", f"{where}.cells")
    lines: list[tuple[Sequence[Any], Any, str]] = [
        (row, row_totals[k], f"{where}.row_totals[{k}]") for k, row in enumerate(cells)
    ]
    for k in range(width):
        column = [row[k] for row in cells]
        lines.append((column, column_totals[k], f"{where}.column_totals[{k}]"))
    lines.append((row_totals, total, f"{where}.total of rows"))
    lines.append((column_totals, total, f"{where}.total of columns"))
    for line, margin, place in lines:
        verdict = _check_line(line, margin, place)
        if not verdict:
            return verdict
    return PASSED


def _check_line(values: Sequence[Any], margin: Any, where: str) -> Verdict:
    hidden = sum(value is None for value in values) + (margin is None)
    shown = sum(value for value in values if value is not None)
    if hidden == 1:
        # One hole in a sum is no hole: it is the rest.
        return failed("table_recoverable", where)
    if margin is None:
        return PASSED
    if shown > margin or (hidden == 0 and shown != margin):
        return failed("table_margin", where, expected=shown, found=margin)
    return PASSED
