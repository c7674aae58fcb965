"""`bitgoeul keys`: the keys under which identifiers are kept: list, rotate, check."""

from __future__ import annotations

import argparse

from bitgoeul.cli import OK, REFUSED, _, database, emit, language, say
from bitgoeul.cli.startup import StartError, start_django
from bitgoeul.web.config import default_data_dir

SUMMARY = "list, rotate or check the keys under which identifiers are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        choices=("list", "rotate", "check"),
        help="list: versions and how much is written under each; rotate: a new key, and "
        "everything under it; check: exit 1 when a value cannot be read or is not encrypted",
    )


def run(args: argparse.Namespace) -> int:
    """List, rotate or check."""
    lang = language(args)
    try:
        database.refuse_forgotten(default_data_dir())
        with database.running():
            start_django()
            return _run(args, lang=lang)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _run(args: argparse.Namespace, *, lang: str) -> int:
    from bitgoeul.core.privacy import keyring, rotation

    try:
        closed = _closed()
        if args.action == "rotate":
            return _rotate(closed, lang=lang)
        written = rotation.written_under()
    except keyring.KeysDamaged as problem:
        say(_("The keys in %(place)s cannot be read."), lang=lang, fields={"place": problem})
        return REFUSED
    except keyring.KeyMissing as problem:
        say(_("The keys do not fit: %(why)s"), lang=lang, fields={"why": problem})
        return REFUSED
    ok = not closed and not written["plain"]
    known = [key.version for key in keyring.at_hand()]
    emit({"ok": ok, "keys": known, "values": dict(sorted(written.items())), "closed": closed})
    return REFUSED if args.action == "check" and not ok else OK


def _closed() -> int:
    """How many encrypted values the keys at hand do not open."""
    from django.db import connection

    from bitgoeul.core.privacy import keyring, sealed

    return sealed.open_all(sealed.values_in(connection), keyring.at_hand()).closed.total()


def _rotate(closed: int, *, lang: str) -> int:
    from bitgoeul.apps.credentials import services as credentials
    from bitgoeul.core import clock
    from bitgoeul.core.privacy import keyring, rotation

    if closed:
        raise keyring.KeyMissing(f"{closed} values do not open with the keys in {keyring.place()}")
    keyring.add_key()
    credentials.list_new_keys(at=clock.now())
    number = rotation.write_anew()
    dropped = keyring.drop_keys(set(rotation.written_under()))
    fields = {"number": number, "dropped": ", ".join(dropped) or "–"}
    text = _("%(number)s values are written under the new key; forgotten keys: %(dropped)s")
    say(text, lang=lang, fields=fields)
    if dropped:
        say(_("Backups from before need the forgotten keys: keep their copy."), lang=lang)
    return OK
