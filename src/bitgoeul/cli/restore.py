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
    from bitgoeul.core.privacy.keyring import Key

SUMMARY = "check a backup, and put it in place"
KEYS_FILE = "keyring.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--verify", action="store_true", help="only check; nothing is changed")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there"
    )
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="the copy of the keys of encrypted values"
    )
    parser.add_argument(
        "--without-keys",
        action="store_true",
        help="with --verify: do not try to open encrypted values",
    )
    database.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Check or restore; exit 1 when the backup cannot be believed or has no room."""
    lang = language(args)
    os.umask(0o077)
    file = args.file.expanduser().resolve()
    try:
        if args.without_keys and not args.verify:
            raise StartError(_("--without-keys goes with --verify only."))
        return _verify(file, args) if args.verify else _restore(file, args, lang=lang)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED


def _verify(file: Path, args: argparse.Namespace) -> int:
    os.environ.setdefault("BITGOEUL_SECRET_KEY", "only to read a backup")
    start_django()
    with tempfile.TemporaryDirectory(prefix="bitgoeul-verify-") as scratch:
        manifest = _unpacked(file, Path(scratch))
        opened = {}
        if not args.without_keys:
            keys = _keys(Path(scratch), given=args.keys)
            opened = {"encrypted": _open(Path(scratch), manifest, keys)}
    emit({"ok": True, **summary(file, manifest.tables, manifest.files), **opened})
    return OK


def _keys(unpacked: Path, *, given: Path | None) -> "tuple[Key, ...]":
    """The keys that were named, else those of an old backup itself, else those of this folder."""
    from bitgoeul.core.privacy import keyring

    inside = unpacked / "files" / keyring.FILE
    try:
        if given:
            return keyring.read_copy(given.expanduser().resolve())
        return keyring.read_copy(inside) if inside.exists() else keyring.at_hand()
    except keyring.KeysDamaged as error:
        raise StartError(_("The keys in %(place)s cannot be read."), place=error) from error
    except OSError as error:
        raise StartError(
            _("The keys in %(place)s cannot be read: %(why)s."),
            place=given or keyring.place(),
            why=error.strerror or error,
        ) from error


def _open(unpacked: Path, manifest: "Manifest", keys: "tuple[Key, ...]") -> int:
    """Every encrypted value opens; returns how many there are."""
    from bitgoeul.core.db import backups

    try:
        found = backups.open_values(folder=unpacked, manifest=manifest, keys=keys)
    except backups.BackupError as error:
        raise StartError(REASONS[error.code], **error.details) from error
    if found.closed:
        wanted = [f"{key} {manifest.keys.get(key, '')}".strip() for key in sorted(found.closed)]
        raise StartError(
            _(
                "%(count)s of %(all)s encrypted values of the backup do not open with the keys at "
                "hand. Name the copy of their keys (%(keys)s) with --keys FILE; nothing was "
                "changed."
            ),
            count=found.closed.total(),
            all=found.values,
            keys=", ".join(wanted),
        )
    return found.values


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
            keys = _keys(Path(scratch), given=args.keys)
            encrypted = _open(Path(scratch), manifest, keys)
            _use_database(folder, manifest, wanted=args.db, replace=args.replace)
            aside = folder / f"replaced-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}"
            if manifest.database == "postgresql":
                _into_postgres(Path(scratch), manifest, folder=folder, replace=args.replace)
            new_keys = keys if args.keys else ()
            _put_in_place(Path(scratch), manifest, folder=folder, aside=aside, keys=new_keys)
    if aside.exists():
        say(
            _("What was there before is in %(folder)s; delete it when it is no longer needed."),
            lang=lang,
            fields={"folder": aside},
        )
    told = summary(file, manifest.tables, manifest.files)
    emit({"ok": True, **told, "encrypted": encrypted})
    return OK


def _refuse_full(folder: Path, *, replace: bool) -> None:
    from bitgoeul.web.config import DATABASE_FILE

    # Who brings the keys first may put them where they belong.
    ignored = {"run.lock", "metrics", DATABASE_FILE, KEYS_FILE}
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


def _put_in_place(
    scratch: Path, manifest: "Manifest", *, folder: Path, aside: Path, keys: "tuple[Key, ...]"
) -> None:
    """Move what was there aside, then the backup in; a kill between them loses neither."""
    from bitgoeul.core.privacy import keyring
    from bitgoeul.web.config import DATABASE_FILE

    keep = {"run.lock", "metrics", scratch.name, "postgres", DATABASE_FILE}
    if not keys and not (scratch / "files" / KEYS_FILE).exists():
        # Those at hand open what is restored, and what is put aside.
        keep.add(KEYS_FILE)
    old = [path for path in folder.iterdir() if path.name not in keep]
    old = [path for path in old if not path.name.startswith(("replaced-", "static"))]
    if old:
        aside.mkdir(mode=0o700)
    for path in old:
        path.replace(aside / path.name)
    if keys:
        keyring.put_in_place(folder / KEYS_FILE, keys)
    if manifest.database == "sqlite":
        (scratch / "database.sqlite3").replace(folder / "bitgoeul.sqlite3")
    files = scratch / "files"
    for path in files.iterdir() if files.is_dir() else ():
        if keys and path.name == KEYS_FILE:
            continue
        shutil.move(path, folder / path.name)
    check_folder(folder)
