"""`bitgoeul backup`: database, files and a manifest of digests, while everything runs.

The keys of encrypted values go into a file of their own, or stay where they are.
"""

import argparse
import datetime as dt
import os
from pathlib import Path

from bitgoeul import __version__
from bitgoeul.cli import OK, REFUSED, _, database, emit, language, say
from bitgoeul.cli.startup import StartError, start_django

SUMMARY = "write a backup while everything runs"

REASONS = {
    "program": _("%(name)s failed: %(why)s"),
    "no_program": _(
        "%(name)s of PostgreSQL %(version)s or newer is needed. "
        "Install postgresql-client, or bitgoeul[postgres]."
    ),
    "no_file": _("There is no file %(file)s."),
    "no_manifest": _("%(file)s holds no manifest: the backup was cut short."),
    "unreadable": _("%(file)s cannot be read as a backup: %(why)s"),
    "format": _("%(file)s is not a backup of this version or an older one."),
    "files": _("The backup does not hold the files that its manifest lists: %(names)s"),
    "file_digest": _("Files in the backup were changed or damaged: %(names)s"),
    "table_digest": _("Tables differ from what the manifest says: %(names)s"),
    "integrity": _("The database in the backup is damaged: %(why)s"),
    "database_not_empty": _(
        "The database already holds tables. Give --replace to put the backup in their place."
    ),
    "no_tables": _("There is no installation in this database: nothing was backed up."),
    "other_database": _(
        "The backup is of %(found)s, this installation uses %(used)s. Restore it where that "
        "database is used, then: bitgoeul move"
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("target", type=Path, metavar="FILE|DIR", help="a new file, or a folder")
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="keep a copy of the keys of encrypted values there, apart from the backup",
    )


def run(args: argparse.Namespace) -> int:
    """Write the backup and print what it holds."""
    lang = language(args)
    os.umask(0o077)
    try:
        keys = args.keys.expanduser().resolve() if args.keys else None
        return _run(args.target.expanduser().resolve(), keys=keys, lang=lang)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _run(target: Path, *, keys: Path | None, lang: str) -> int:
    now = dt.datetime.now().astimezone()
    target = _new_file(target, now)
    if keys and keys.parent == target.parent:
        raise StartError(
            _("A key beside the backup opens it. Name another folder than %(folder)s for --keys."),
            folder=keys.parent,
        )
    from bitgoeul.web.config import default_data_dir

    folder = default_data_dir()
    if not folder.is_dir():
        raise StartError(_("There is no data folder %(folder)s."), folder=folder)
    database.refuse_forgotten(folder)
    with database.running(folder):
        start_django()
        from django.db import DatabaseError

        from bitgoeul.core.db import backups

        if keys:
            _put_keys_away(keys)
        try:
            made = backups.make(target=target, data_dir=folder, at=now, version=__version__)
        except backups.BackupError as error:
            raise StartError(REASONS[error.code], **error.details) from error
        except DatabaseError as error:
            raise StartError(_("The database cannot be read: %(why)s"), why=error) from error
        except OSError as error:
            raise StartError(
                _("The backup cannot be written: %(why)s."), why=error.strerror or error
            ) from error
    _tell_of_keys(made.keys, keys, lang=lang)
    emit(summary(target, made.tables, made.files) | {"keys": made.keys})
    return OK


def _new_file(target: Path, now: dt.datetime) -> Path:
    if target.is_dir():
        target = target / f"bitgoeul-{now:%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise StartError(_("%(file)s is already there; a backup overwrites nothing."), file=target)
    if not target.parent.is_dir():
        raise StartError(_("There is no folder %(folder)s."), folder=target.parent)
    return target


def _put_keys_away(path: Path) -> None:
    from bitgoeul.core.privacy import keyring

    if not path.parent.is_dir():
        raise StartError(_("There is no folder %(folder)s."), folder=path.parent)
    try:
        if keyring.at_hand():
            keyring.put_away(path)
    except keyring.KeysDamaged as error:
        raise StartError(_("The keys in %(place)s cannot be read."), place=error) from error
    except keyring.KeysDiffer as error:
        raise StartError(
            _("%(file)s holds the keys of another installation; nothing was changed."), file=path
        ) from error
    except OSError as error:
        raise StartError(
            _("The keys cannot be written: %(why)s."), why=error.strerror or error
        ) from error


def _tell_of_keys(used: dict[str, str], copy: Path | None, *, lang: str) -> None:
    from bitgoeul.core.privacy import keyring

    if lost := sorted(version for version, fingerprint in used.items() if not fingerprint):
        text = _("Some values are encrypted under keys that are not here: %(keys)s")
        say(text, lang=lang, fields={"keys": ", ".join(lost)})
    elif used and copy:
        say(
            _("The keys of its encrypted values (%(keys)s) are in %(file)s: keep it elsewhere."),
            lang=lang,
            fields={"keys": ", ".join(used), "file": copy},
        )
    elif used:
        say(
            _(
                "The keys of its encrypted values (%(keys)s) are not in the backup. Without them "
                "it cannot be restored: keep a copy of %(place)s elsewhere (--keys FILE makes one)."
            ),
            lang=lang,
            fields={"keys": ", ".join(used), "place": keyring.place()},
        )


def summary(file: Path, tables: list, files: dict) -> dict[str, object]:
    """What a backup holds, in a few numbers."""
    rows = sum(table.rows for table in tables)
    return {"file": str(file), "tables": len(tables), "rows": rows, "files": len(files) - 1}
