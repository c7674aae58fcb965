"""`bitgoeul move`: carry an installation from one kind of database to the other."""

import argparse
import datetime as dt
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bitgoeul.cli import OK, REFUSED, _, database, emit, language, say
from bitgoeul.cli.startup import StartError, hold_folder, start_django

if TYPE_CHECKING:
    from bitgoeul.core.db.tables import TableDigest

SUMMARY = "carry everything from SQLite to PostgreSQL, or back"
TARGET = "target"
UNFINISHED = "bitgoeul.moving"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--from", dest="source", choices=database.CHOICES, required=True)
    parser.add_argument("--to", choices=database.CHOICES, required=True)


def run(args: argparse.Namespace) -> int:
    """Move all or nothing; the source stays as it was."""
    lang = language(args)
    os.umask(0o077)
    try:
        if args.source == args.to:
            raise StartError(_("--from and --to name the same database."))
        with hold_folder() as folder:
            return _move(folder, source=args.source, to=args.to)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _move(folder: Path, *, source: str, to: str) -> int:
    given = os.environ.pop("DATABASE_URL", "")
    if source == "sqlite" or not given:
        _check_source(folder, source)
    _clear_leftover(folder, to=to, given=given)
    if "postgres" in {source, to} and not given:
        database.need_embedded()
        database.prepare_embedded(folder)
    with database.serving(folder, wanted=not given):
        start_django()
        tables = _copy(_settings(folder, source, given), _settings(folder, to, given))
    _settle(folder, source=source, to=to, given=given)
    rows = sum(table.rows for table in tables)
    emit({"ok": True, "from": source, "to": to, "tables": len(tables), "rows": rows})
    return OK


def _check_source(folder: Path, source: str) -> None:
    from bitgoeul.web.config import remembered_database

    known = remembered_database(folder) or "sqlite"
    there = folder / ("bitgoeul.sqlite3" if source == "sqlite" else "postgres")
    if known != source or not there.exists():
        raise StartError(
            _("The data folder %(folder)s does not hold its data in %(source)s."),
            folder=folder,
            source=source,
        )


def _clear_leftover(folder: Path, *, to: str, given: str) -> None:
    """A move that was cut short left a half target, which nobody has used."""
    if to == "sqlite":
        for path in folder.glob(f"{UNFINISHED}*"):
            path.unlink()
    elif not given:
        shutil.rmtree(folder / "postgres", ignore_errors=True)


def _settle(folder: Path, *, source: str, to: str, given: str) -> None:
    """From now on the target is the database; the source is put aside, not deleted."""
    aside = folder / f"replaced-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}"
    names = [path.name for path in folder.glob("bitgoeul.sqlite3*")] if source == "sqlite" else []
    if source == "postgres" and not given:
        names = ["postgres"]
    if names:
        aside.mkdir(mode=0o700)
    if to == "sqlite":
        (folder / UNFINISHED).replace(folder / "bitgoeul.sqlite3")
    database.remember(folder, "external" if given and to == "postgres" else to)
    for name in names:
        (folder / name).replace(aside / name)


def _settings(folder: Path, kind: str, given: str) -> dict[str, Any]:
    from bitgoeul.core.db import postgres
    from bitgoeul.web.config import postgres_settings, remembered_database, sqlite_settings

    if kind == "postgres":
        return postgres_settings(given or postgres.url(folder))
    is_source = remembered_database(folder) in {"", "sqlite"}
    name = "bitgoeul.sqlite3" if is_source else UNFINISHED
    return sqlite_settings(folder / name)


def _copy(source: dict[str, Any], target: dict[str, Any]) -> "list[TableDigest]":
    from django.core.management import call_command
    from django.db import DatabaseError, connections

    from bitgoeul.cli.startup import check_keys, pending_migrations
    from bitgoeul.core.db import tables
    from bitgoeul.core.privacy.keyring import KeyMissing

    database.use(default=source, target=target)
    try:
        if pending := pending_migrations():
            raise StartError(
                _("The source lacks %(count)s migrations. Start once, then move."), count=pending
            )
        check_keys()
        _refuse_full_target()
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        call_command("createcachetable", database=TARGET, verbosity=0)
        copied = tables.copy_all(source="default", target=TARGET)
        database.use(default=target)
        _verify_journal()
    except DatabaseError as error:
        raise StartError(
            _("The move was undone, the source is as it was: %(why)s"), why=str(error).strip()
        ) from error
    except KeyMissing as error:
        raise StartError(_("The keys do not fit: %(why)s"), why=error) from error
    except ValueError as error:
        raise StartError(
            _("The move was undone: these tables differ afterwards: %(names)s"), names=error
        ) from error
    finally:
        connections.close_all()
    return copied


def _refuse_full_target() -> None:
    from django.contrib.auth import get_user_model
    from django.db import connections

    users = get_user_model()
    there = connections[TARGET].introspection.table_names()
    if users._meta.db_table in there and users._base_manager.using(TARGET).exists():
        raise StartError(_("The target already holds an installation; nothing was changed."))


def _verify_journal() -> None:
    from bitgoeul.core import journal

    verdict = journal.verify()
    if not verdict.ok:
        raise StartError(
            _("The journal does not stand after the move: %(why)s"), why=verdict.reason
        )
