"""`bitgoeul demo`: one command from a bare machine to a running alliance."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, _, database, language, phrase, say, supervisor
from bitgoeul.cli.startup import StartError, check_port, hold_folder, prepare_database
from bitgoeul.web.config import DATABASE_FILE, DEMO_READY

UNFINISHED = "unfinished"


def run_demo(args: argparse.Namespace) -> int:
    """Make the year once, then serve it; a second start only serves."""
    os.umask(0o077)
    lang = language(args)
    try:
        _refuse_shared_database()
        if not args.no_serve:
            check_port(host=args.host, port=args.port)
        with hold_folder() as folder:
            _prepare_folder(folder, reset=args.reset, lang=lang)
            database.choose(args.db)
            if not (folder / "demo" / DEMO_READY).exists():
                with database.running(folder):
                    _make_year(folder, lang=lang, fill=args.no_serve)
    except StartError as error:
        say(error.message, lang=lang, fields=error.fields)
        return REFUSED
    if args.no_serve:
        _print_sign_ins(lang, address="")
        return OK
    address = f"http://{'localhost' if args.host == '127.0.0.1' else args.host}:{args.port}/"
    return supervisor.run(
        port=args.port,
        host=args.host,
        lang=lang,
        db=args.db,
        on_ready=lambda: _print_sign_ins(lang, address=address),
    )


def _refuse_shared_database() -> None:
    """A year of invented people must never be written where real ones may be."""
    if os.environ.get("DATABASE_URL"):
        raise StartError(
            _(
                "The demo keeps its own embedded database, and DATABASE_URL names another one. "
                "Unset DATABASE_URL to see the demo; nothing was changed."
            )
        )


def _prepare_folder(folder: Path, *, reset: bool, lang: str) -> None:
    """Refuse a folder with somebody's real data; clear a demo that was left half made."""
    demo = folder / "demo"
    is_demo = (demo / DEMO_READY).exists() or (demo / UNFINISHED).exists()
    there = any((folder / name).exists() for name in ("bitgoeul.sqlite3", "postgres"))
    if there and not is_demo:
        raise StartError(
            _(
                "The data folder %(folder)s holds an installation that is no demo. "
                "Name another one in BITGOEUL_DATA_DIR; nothing was changed."
            ),
            folder=folder,
        )
    if reset or (demo / UNFINISHED).exists():
        say(_("Clearing the demo in %(folder)s."), lang=lang, fields={"folder": folder})
        for path in folder.glob("bitgoeul.sqlite3*"):
            path.unlink()
        (folder / DATABASE_FILE).unlink(missing_ok=True)
        for name in ("media", "mail", "demo", "postgres"):
            shutil.rmtree(folder / name, ignore_errors=True)


def _make_year(folder: Path, *, lang: str, fill: bool) -> None:
    """Make the year; its rest here and now (`fill`), or by the worker after the first page."""
    demo = folder / "demo"
    demo.mkdir(parents=True, exist_ok=True)
    (demo / UNFINISHED).touch()
    prepare_database(lang=lang)
    # Django is ready only from here on.
    from bitgoeul.cli.demo import filling, tasks, year

    started = time.monotonic()

    def told(number: int, total: int, message: str, seconds: float | None = None) -> None:
        text = phrase(message, lang=lang)
        took = "" if seconds is None else f"  {seconds:.1f} s"
        print(f"[{number:2}/{total}] {text}{took}", file=sys.stderr, flush=True)

    made = year.make(demo, told=told)
    if fill:
        filling.fill(made, told=lambda unit: told(unit.number + 1, unit.total, unit.part.title))
    else:
        tasks.fill_rest()
    (demo / UNFINISHED).unlink()
    say(
        _("The demo year is ready after %(seconds)s seconds. Its files: %(files)s"),
        lang=lang,
        fields={"seconds": f"{time.monotonic() - started:.0f}", "files": demo / "files"},
    )


def _print_sign_ins(lang: str, *, address: str) -> None:
    from bitgoeul.cli.demo.people import sign_ins

    lines = []
    if address:
        lines.append(f"  {address}")
    lines.append("  " + phrase(_("Sign in as one of these people (all invented):"), lang=lang))
    lines += [
        f"    {phrase(who, lang=lang):<24} {email:<36} {password}"
        for who, email, password in sign_ins()
    ]
    print("\n".join(["", *lines, ""]), flush=True)
