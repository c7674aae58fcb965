"""`bitgoeul import --server`: the same steps at another installation, as the owner of a token."""

from __future__ import annotations

import argparse
from typing import Any

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, say
from bitgoeul.client import (
    Client,
    ClientError,
    ImportState,
    Problem,
    StagedImport,
    Unexpected,
    Unreachable,
    read_token,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; the token itself never stands on a command line."""
    parser.add_argument("--server", metavar="URL", help="import there instead of on this machine")
    parser.add_argument("--token-file", metavar="FILE", help="the file that holds your token")


def run(args: argparse.Namespace) -> int:
    """Import the file there, print counts and errors as JSON."""
    lang = language(args)
    if not args.token_file:
        say(_("--server needs --token-file: make a token on your page there."), lang=lang)
        return USAGE
    if args.person:
        say(_("--as is for this machine; there you act as the owner of your token."), lang=lang)
        return USAGE
    try:
        with Client(args.server, read_token(args.token_file), language=lang) as client:
            return _import(client, args, lang)
    except Problem as problem:
        say("%(detail)s (%(number)s)", lang=lang, fields=vars(problem))
    except (Unreachable, Unexpected) as fault:
        fields = {"server": args.server, "fault": str(fault)}
        say(_("%(server)s does not answer as Bitgoeul does: %(fault)s"), lang=lang, fields=fields)
    except (ClientError, OSError) as fault:
        say("%(fault)s", lang=lang, fields={"fault": str(fault)})
        return USAGE
    return REFUSED


def _import(client: Client, args: argparse.Namespace, lang: str) -> int:
    kinds = {kind["key"]: kind for kind in client.imports.kinds()}
    if args.kind not in kinds:
        said = {"kind": args.kind, "kinds": ", ".join(sorted(kinds))}
        say(_("You cannot import %(kind)s there. You can: %(kinds)s."), lang=lang, fields=said)
        return USAGE
    try:
        staged = client.imports.upload(args.kind, args.file, target=args.into)
    except Problem as problem:
        if kinds[args.kind]["needs_target"] and not args.into:
            say(problem.detail, lang=lang)
            return USAGE
        if problem.code not in {"invalid", "refused", "absent", "too_large"}:
            raise
        return _refuse(problem.detail, None, lang)
    if staged.state == ImportState.REFUSED:
        return _refuse(staged.message, staged.line, lang)
    return _settle(client, staged, args, lang)


def _settle(client: Client, staged: StagedImport, args: argparse.Namespace, lang: str) -> int:
    """Confirm what may be confirmed, else discard it: nothing is left half-way there."""
    receipt = client.imports.receipt(staged.uuid)
    if args.dry_run:
        client.imports.discard(staged.uuid)
        emit(receipt)
        return REFUSED if receipt["errors"] and not args.leave_out_errors else OK
    try:
        written = client.imports.confirm(staged.uuid, leave_out_errors=args.leave_out_errors)
    except Problem as problem:
        if problem.code != "refused":
            raise
        client.imports.discard(staged.uuid)
        return (
            _say_rows(receipt, problem.detail, lang)
            if staged.bad
            else _refuse(problem.detail, None, lang)
        )
    if written.state != ImportState.CONFIRMED:
        return _refuse(written.message, written.line, lang)
    emit(client.imports.receipt(staged.uuid))
    return OK


def _say_rows(receipt: dict[str, Any], detail: str, lang: str) -> int:
    emit(receipt)
    say(detail, lang=lang)
    return REFUSED


def _refuse(message: str, line: int | None, lang: str) -> int:
    """The file as a whole: one error without a cell."""
    error = {"row": line, "column": None, "value": None, "message": message}
    emit({"rows": 0, "new": 0, "changed": 0, "same": 0, "errors": [error]})
    say(message, lang=lang)
    return REFUSED
