"""`bitgoeul keys`: the keys under which identifiers are kept: list, rotate, check."""

from __future__ import annotations

import argparse
import os

from bitgoeul.cli import OK, REFUSED, _, emit, language, say

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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django

    django.setup()
    from bitgoeul.core.privacy import keyring, rotation

    lang = language(args)
    try:
        if args.action == "rotate":
            keyring.add_key()
            number = rotation.write_anew()
            dropped = keyring.drop_keys(set(rotation.written_under()))
            fields = {"number": number, "dropped": ", ".join(dropped) or "–"}
            text = _("%(number)s values are written under the new key; forgotten keys: %(dropped)s")
            say(text, lang=lang, fields=fields)
            return OK
        written = rotation.written_under()
    except keyring.KeyMissing as problem:
        say(_("The keys do not fit: %(why)s"), lang=lang, fields={"why": problem})
        return REFUSED
    known = [key.version for key in keyring.ring()]
    unknown = sorted(set(written) - set(known))
    emit({"ok": not unknown, "keys": known, "values": dict(sorted(written.items()))})
    return REFUSED if args.action == "check" and unknown else OK
