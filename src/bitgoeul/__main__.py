"""The `bitgoeul` command: it finds the module of a subcommand and hands over to it.

Each command is one module of `bitgoeul.cli` with `SUMMARY`, `add_arguments(parser)` and
`run(args) -> int`. Only the module of the command that was asked for is imported, so
`bitgoeul score` never waits for Django.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from bitgoeul import __version__

# "import" is a word of the language, so its module carries an underscore.
COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "worker": "worker",
    "import": "import_",
    "search": "search",
    "log": "log",
    "keys": "keys",
    "match": "match",
    "score": "score",
    "grade": "grade",
    "contest": "contest",
    "lite": "lite",
    "verify": "verify",
    "replay": "replay",
    "backup": "backup",
    "restore": "restore",
    "move": "move",
    "doctor": "doctor",
    "test": "test",
}


def available() -> dict[str, str]:
    """The commands of this installation, by name, with the module that does each."""
    names = {name: f"bitgoeul.cli.{module}" for name, module in COMMANDS.items()}
    return {name: module for name, module in names.items() if find_spec(module)}


def _asked_for(arguments: Sequence[str], names: dict[str, str]) -> str | None:
    first = arguments[0] if arguments else ""
    return first if first in names else None


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; it imports one command, or all of them when help is wanted."""
    names = available()
    parser = argparse.ArgumentParser(prog="bitgoeul", description="Bitgoeul (빛고을)")
    parser.add_argument("--version", action="version", version=f"bitgoeul {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = _asked_for(arguments, names)
    for name in [asked] if asked else names:
        module: ModuleType = import_module(names[name])
        sub = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_arguments(sub)
        if "--lang" not in sub._option_string_actions:
            sub.add_argument("--lang", choices=("ko", "en"), help="language of the messages")
        sub.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    args = build_parser(given).parse_args(given)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`bitgoeul score … | head`): nobody is left to tell.
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
