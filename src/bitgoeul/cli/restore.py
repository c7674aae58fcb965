"""`bitgoeul restore`: check a backup against its manifest, and put it in place."""

import argparse
import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bitgoeul.cli import OK, REFUSED, _, database, emit, language, say
from bitgoeul.cli.backup import REASONS, summary
from bitgoeul.cli.startup import StartError, check_folder, hold_folder, start_django

if TYPE_CHECKING:
    from bitgoeul.core.db.backups import Manifest

SUMMARY = "check a backup, and put it in place"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--verify", action="store_true", help="only check; nothing is changed")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there"
    )
    database.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Check or restore; exit 1 when the backup cannot be believed or has no room."""
    lang = language(args)
    os.umask(0o077)
    file = args.file.expanduser().resolve()
    try:
        return _verify(file) if args.verify else _restore(file, args, lang=lang)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _verify(file: Path) -> int:
    os.environ.setdefault("BITGOEUL_SECRET_KEY", "only to read a backup")
    start_django()
    with tempfile.TemporaryDirectory(prefix="bitgoeul-verify-") as scratch:
        manifest = _unpacked(file, Path(scratch))
    emit({"ok": True, **summary(file, manifest.tables, manifest.files)})
    return OK


def _unpacked(file: Path, into: Path) -> "Manifest":
    from bitgoeul.core.db import backups

    try:
        manifest = backups.unpack(file=file, into=into)
        backups.check_database(folder=into, manifest=manifest)
    except backups.BackupError as error:
        raise StartError(REASONS[error.code], **error.details) from error
    except OSError as error:
        raise StartError(
            _("The backup cannot be unpacked: %(why)s."), why=error.strerror or error
        ) from error
    return manifest


def _restore(file: Path, args: argparse.Namespace, *, lang: str) -> int:
    with hold_folder() as folder:
        _refuse_full(folder, replace=args.replace)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as scratch:
            os.environ.setdefault("BITGOEUL_SECRET_KEY", "only to read a backup")
            start_django()
            manifest = _unpacked(file, Path(scratch))
            _use_database(folder, manifest, wanted=args.db, replace=args.replace)
            aside = folder / f"replaced-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}"
            if manifest.database == "postgresql":
                _into_postgres(Path(scratch), manifest, folder=folder, replace=args.replace)
            _put_in_place(Path(scratch), manifest, folder=folder, aside=aside)
    if aside.exists():
        say(
            _("What was there before is in %(folder)s; delete it when it is no longer needed."),
            lang=lang,
            fields={"folder": aside},
        )
    emit({"ok": True, **summary(file, manifest.tables, manifest.files)})
    return OK


def _refuse_full(folder: Path, *, replace: bool) -> None:
    from bitgoeul.web.config import DATABASE_FILE

    ignored = {"run.lock", DATABASE_FILE}
    if not replace and {path.name for path in folder.iterdir()} - ignored:
        raise StartError(
            _(
                "The data folder %(folder)s is not empty. Name another one in BITGOEUL_DATA_DIR, "
                "or give --replace to put the backup in its place; nothing was changed."
            ),
            folder=folder,
        )


def _use_database(folder: Path, manifest: "Manifest", *, wanted: str | None, replace: bool) -> None:
    """The backup goes back into the kind of database that it came from."""
    kind = "sqlite" if manifest.database == "sqlite" else "postgres"
    external = bool(os.environ.get("DATABASE_URL"))
    used = "postgres" if external else wanted or kind
    if used != kind:
        raise StartError(REASONS["other_database"], found=kind, used=used)
    if not external:
        database.remember(folder, kind)


def _into_postgres(scratch: Path, manifest: "Manifest", *, folder: Path, replace: bool) -> None:
    from django.db import DatabaseError

    from bitgoeul.core.db import backups
    from bitgoeul.web.config import databases, read_config

    # Which database it is was decided only now.
    database.use(**databases(read_config()))
    with database.running(folder):
        try:
            backups.load_postgres(folder=scratch, manifest=manifest, replace=replace)
        except backups.BackupError as error:
            raise StartError(REASONS[error.code], **error.details) from error
        except DatabaseError as error:
            raise StartError(_("The database cannot be used: %(why)s"), why=error) from error


def _put_in_place(scratch: Path, manifest: "Manifest", *, folder: Path, aside: Path) -> None:
    """Move what was there aside, then the backup in; a kill between them loses neither."""
    from bitgoeul.web.config import DATABASE_FILE

    keep = {"run.lock", scratch.name, "postgres", DATABASE_FILE}
    old = [path for path in folder.iterdir() if path.name not in keep]
    old = [path for path in old if not path.name.startswith(("replaced-", "static"))]
    if old:
        aside.mkdir(mode=0o700)
    for path in old:
        path.replace(aside / path.name)
    if manifest.database == "sqlite":
        (scratch / "database.sqlite3").replace(folder / "bitgoeul.sqlite3")
    files = scratch / "files"
    for path in files.iterdir() if files.is_dir() else ():
        shutil.move(path, folder / path.name)
    check_folder(folder)
