"""`bitgoeul verify`: check a published report, or the journal of this installation."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, phrase, say
from bitgoeul.cli.refusals import say_refusal

SUMMARY = "verify a published report or the journal"
KINDS = ("report", "journal")

REASONS = {
    "shape": _("The document does not have the shape of a report: %(where)s %(found)s"),
    "format": _("This is not a Bitgoeul report."),
    "digest": _("The content was changed after publication: its digest differs."),
    "unknown_kind": _("%(where)s: the kind of number is unknown: %(found)s"),
    "evidence_order": _("%(where)s: the rows are not sorted or not unique."),
    "evidence_count": _("%(where)s: the number says %(expected)s rows, %(found)s are listed."),
    "evidence_subset": _("%(where)s: a row is not in the denominator: %(found)s"),
    "evidence_overlap": _("%(where)s: an excluded row is counted: %(found)s"),
    "value": _("%(where)s: the published value is %(found)s, its parts give %(expected)s."),
    "suppressed_value": _("%(where)s: a withheld number is given away."),
    "table_shape": _("%(where)s: rows, columns and cells do not fit together."),
    "table_margin": _("%(where)s: the total is %(found)s, the cells add up to %(expected)s."),
    "table_recoverable": _("%(where)s: a withheld cell can be worked out."),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify report FILE` and `verify journal`."""
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", nargs="?", metavar="FILE")
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="DIGEST",
        help="a head of the journal that you know from a report or from paper",
    )


def run(args: argparse.Namespace) -> int:
    """Print `{"ok", "reason", …}`; exit 1 when the check fails."""
    lang = language(args)
    if (args.kind == "report") != bool(args.file):
        say(_("A report needs a FILE, the journal has none."), lang=lang)
        return USAGE
    return _journal(args.head, lang) if args.kind == "journal" else _report(Path(args.file), lang)


def _report(path: Path, lang: str) -> int:
    from bitgoeul.engines.errors import EngineError
    from bitgoeul.engines.evidence import verify_report

    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        refusal = EngineError("unreadable_file", file=path.name, value=error.strerror or "")
    except (ValueError, RecursionError) as error:
        refusal = EngineError("bad_json", file=path.name, value=error)
    else:
        verdict = verify_report(document)
        fields = {"where": verdict.where, "expected": "", "found": "", **verdict.details}
        return _answer(verdict.ok, verdict.code, verdict.where, fields, lang)
    say_refusal(refusal, lang=lang)
    emit({"ok": False, "reason": refusal.code, "code": refusal.code, "where": path.name})
    return REFUSED


def _answer(ok: bool, code: str, where: str, fields: dict[str, Any], lang: str) -> int:
    reason = None if ok else phrase(REASONS.get(code, code), lang=lang, fields=fields)
    emit({"ok": ok, "reason": reason, "code": code, "where": where})
    return OK if ok else REFUSED


def _journal(heads: list[str], lang: str) -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    django.setup()
    from django.db import DatabaseError

    from bitgoeul.apps.reports.models import Snapshot
    from bitgoeul.core import journal

    try:
        published = Snapshot.objects.values_list("journal_head", flat=True)
        verdict = journal.verify(heads=[*published, *heads])
    except DatabaseError as error:
        say(_("The database cannot be read: %(why)s"), lang=lang, fields={"why": error})
        return REFUSED
    emit(verdict.as_json())
    return OK if verdict.ok else REFUSED
