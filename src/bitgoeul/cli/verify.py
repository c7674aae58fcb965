"""`bitgoeul verify`: check a published report, or the journal of this installation."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, phrase, say
from bitgoeul.cli.refusals import say_refusal

SUMMARY = "verify a published report, a credential, a certificate of erasure or the journal"
KINDS = ("report", "journal", "certificate", "credential")

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


CERTIFICATE = {
    "shape": _("This is not a certificate of erasure."),
    "digest": _("The certificate was changed: its digest differs."),
    "unknown": _("The journal of this installation does not know the certificate."),
    "journal": _("The journal does not stand: run bitgoeul verify journal."),
}


CREDENTIAL = {
    "shape": _("This is not a signed credential."),
    "suite": _("It is signed in a way that is not checked here: %(found)s"),
    "key": _("The key that signed it cannot be read."),
    "issuer": _("It names another issuer than the one who signed it."),
    "signature": _("The credential was changed after it was issued."),
    "unknown_key": _("The signature fits, but %(found)s is none of the keys that you gave."),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify report FILE` (or `credential`, or `certificate`), and `verify journal`."""
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", nargs="?", metavar="FILE")
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="DIGEST",
        help="a head of the journal that you know from a report or from paper",
    )

    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="DID",
        help="a key of the issuer that you know (did:key:…); without one any key is taken",
    )


def run(args: argparse.Namespace) -> int:
    """Print `{"ok", "reason", …}`; exit 1 when the check fails."""
    lang = language(args)
    if (args.kind != "journal") != bool(args.file):
        say(_("A report or certificate needs a FILE, the journal has none."), lang=lang)
        return USAGE
    if args.kind == "credential":
        return _credential(Path(args.file), args.key, lang)
    if args.kind == "certificate":
        return _certificate(Path(args.file), lang)
    return _journal(args.head, lang) if args.kind == "journal" else _report(Path(args.file), lang)


def _credential(path: Path, keys: list[str], lang: str) -> int:
    """A credential holds when its signature fits; whether it was revoked, says its issuer."""
    from bitgoeul.engines.evidence import signer_of, verify_document

    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        say(_("The file cannot be read: %(why)s"), lang=lang, fields={"why": error.strerror or ""})
        return REFUSED
    except (ValueError, RecursionError):
        say(_("This is not a signed credential."), lang=lang)
        return REFUSED
    verdict = verify_document(document, known=keys or None)
    fields = {"found": "", **verdict.details}
    reason = None if verdict else phrase(CREDENTIAL[verdict.code], lang=lang, fields=fields)
    signer = signer_of(document) if isinstance(document, dict) else ""
    status = document.get("credentialStatus") if isinstance(document, dict) else None
    asked = status.get("statusListCredential") if isinstance(status, dict) else None
    emit({"ok": verdict.ok, "reason": reason, "code": verdict.code, "key": signer,
          "known": bool(keys) and verdict.ok, "revocations": asked})  # fmt: skip
    return OK if verdict else REFUSED


def _certificate(path: Path, lang: str) -> int:
    """A certificate holds when its digest fits and the sealed journal has its entry."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    django.setup()
    from django.db import DatabaseError

    from bitgoeul.core.privacy.proving import verdict_on

    try:
        document = json.loads(path.read_bytes())
        verdict = verdict_on(document)
    except OSError as error:
        say(_("The file cannot be read: %(why)s"), lang=lang, fields={"why": error.strerror or ""})
        return REFUSED
    except (ValueError, RecursionError):
        say(_("This is not a certificate of erasure."), lang=lang)
        return REFUSED
    except DatabaseError as error:
        say(_("The database cannot be read: %(why)s"), lang=lang, fields={"why": error})
        return REFUSED
    reason = phrase(CERTIFICATE[verdict], lang=lang, fields={}) if verdict else None
    emit({"ok": not verdict, "reason": reason, "code": verdict})
    return REFUSED if verdict else OK


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
