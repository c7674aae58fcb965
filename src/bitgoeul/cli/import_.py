"""`bitgoeul import`: a file into the data, through the same steps as the pages."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, remote, say

if TYPE_CHECKING:
    from bitgoeul.core.imports.errors import ImportProblem

SUMMARY = "import a spreadsheet or CSV file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("kind", help="what the file holds, such as organisations or applicants")
    parser.add_argument("file", type=Path, help="an XLSX, XLS or CSV file")
    parser.add_argument(
        "--into",
        "--programme",
        "--cohort",
        default="",
        metavar="ID",
        help="what to import into: its identifier, or the name the kind knows it by",
    )
    parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
    parser.add_argument(
        "--leave-out-errors",
        action="store_true",
        help="write the good rows although others are bad",
    )
    parser.add_argument("--as", dest="person", metavar="EMAIL", help="act as this person")
    remote.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Import the file, print counts and errors as JSON."""
    lang = language(args)
    if not args.file.is_file():
        say(_("There is no file %(file)s."), lang=lang, fields={"file": str(args.file)})
        return USAGE
    if args.server:
        return remote.run(args)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django

    django.setup()
    from django.utils import translation

    with translation.override(lang):
        return _import(args, lang)


def _import(args: argparse.Namespace, lang: str) -> int:
    from django.core.exceptions import PermissionDenied

    from bitgoeul.core import clock
    from bitgoeul.core.imports import FileRefused, ImportRefused, services
    from bitgoeul.core.imports.kinds import get_kind

    try:
        target = get_kind(args.kind).find_target(args.into)
        receipt = services.import_file(
            kind=args.kind,
            path=args.file,
            target=target,
            by=_person(args.person) if args.person else None,
            at=clock.now(),
            leave_out_errors=args.leave_out_errors,
            dry_run=args.dry_run,
        )
    except services.RowsRefused as refused:
        emit(refused.receipt.as_json())
        say(str(refused), lang=lang)
        return REFUSED
    except (FileRefused, ImportRefused) as refused:
        if refused.code in {"needs_target", "unknown_kind"}:
            say(str(refused), lang=lang)
            return USAGE
        return _refuse(refused, lang)
    except PermissionDenied:
        say(_("%(person)s may not import this here."), lang=lang, fields={"person": args.person})
        return REFUSED
    except LookupError:
        say(_("Nobody is known as %(person)s."), lang=lang, fields={"person": args.person})
        return USAGE
    emit(receipt.as_json())
    return REFUSED if args.dry_run and receipt.errors and not args.leave_out_errors else OK


def _person(email: str) -> Any:
    from django.contrib.auth import get_user_model

    found = get_user_model()._default_manager.filter(email__iexact=email).first()
    if found is None:
        raise LookupError(email)
    return found


def _refuse(refused: ImportProblem, lang: str) -> int:
    """The file as a whole: one error without a cell."""
    line = refused.params.get("line")
    error = {"row": line, "column": None, "value": None, "message": str(refused)}
    emit({"rows": 0, "new": 0, "changed": 0, "same": 0, "errors": [error]})
    say(str(refused), lang=lang)
    return REFUSED
