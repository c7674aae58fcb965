"""`bitgoeul lite`: JupyterLite, in which notebooks open in the browser: built, and served apart."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bitgoeul.cli import OK, REFUSED, _, emit, language, say
from bitgoeul.web.config import default_data_dir
from bitgoeul.web.lite import FOLDER, has_python

SUMMARY = "build JupyterLite and serve it at an address of its own"
NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyterlab_open_url_parameter")
"""The packages of the optional extra `jupyterlite`; the last opens the notebook of a lab."""
PORT = 8010


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`lite build [--pyodide FILE]`, `lite serve [--port]`."""
    parser.add_argument("action", choices=("build", "serve"))
    parser.add_argument(
        "--pyodide",
        metavar="FILE",
        help="build: the Pyodide distribution (archive or folder), without which no notebook runs",
    )
    parser.add_argument("--host", default="127.0.0.1", help="serve: address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help=f"serve: port ({PORT})")


def run(args: argparse.Namespace) -> int:
    """Build the site, or serve what was built."""
    lang, folder = language(args), default_data_dir() / FOLDER
    if args.action == "serve":
        return _serve(args, folder, lang)
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        text = _("Not installed: %(names)s. Install the extra: pip install 'bitgoeul[jupyterlite]'")
        say(text, lang=lang, fields={"names": ", ".join(missing)})
        return REFUSED
    if args.pyodide and not Path(args.pyodide).exists():
        say(_("%(file)s is not there."), lang=lang, fields={"file": args.pyodide})
        return REFUSED
    return _build(args, folder, lang)


def _build(args: argparse.Namespace, folder: Path, lang: str) -> int:
    """Build beside the old site and put it in its place when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="lite-") as work:
        words = ["--output-dir", str(Path(work) / "site"), "--lite-dir", work]
        words += ["--pyodide", str(Path(args.pyodide).resolve())] if args.pyodide else []
        command = [sys.executable, "-m", "jupyterlite_core", "build", *words]
        ran = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if ran.returncode or not (Path(work) / "site" / "lab" / "index.html").is_file():
            sys.stderr.write(ran.stderr[-2000:])
            say(_("JupyterLite could not be built."), lang=lang)
            return REFUSED
        shutil.rmtree(folder, ignore_errors=True)
        (Path(work) / "site").rename(folder)
    emit({"folder": str(folder), "python": has_python(folder)})
    if not has_python(folder):
        say(_("Built without Python: no notebook runs there. Give --pyodide FILE."), lang=lang)
    return OK


def _serve(args: argparse.Namespace, folder: Path, lang: str) -> int:
    if not (folder / "lab" / "index.html").is_file():
        say(_("Nothing was built yet: bitgoeul lite build --pyodide FILE"), lang=lang)
        return REFUSED
    if not has_python(folder):
        say(_("Built without Python: every page says so. Give --pyodide FILE."), lang=lang)
    fields = {"address": f"http://{args.host}:{args.port}"}
    text = _("JupyterLite stands at %(address)s: give it as BITGOEUL_JUPYTERLITE_URL.")
    say(text, lang=lang, fields=fields)
    _server(args).serve()
    return OK


def _server(args: argparse.Namespace) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return Granian(
        "bitgoeul.web.lite:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2,
        factory=True,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    )
