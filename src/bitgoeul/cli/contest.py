"""`bitgoeul contest`: what belongs to contests, each word in a module of its own."""

from __future__ import annotations

import argparse
from importlib import import_module
from importlib.util import find_spec

SUMMARY = "contests: hand in and watch at an installation, run bundles of other platforms"
WORDS = {"submit": "contest_submit", "watch": "contest_watch", "run-bundle": "contest_bundle"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word after the other: `contest submit …`."""
    words = parser.add_subparsers(dest="word", metavar="WHAT", required=True)
    for name, module_name in WORDS.items():
        if find_spec(f"bitgoeul.cli.{module_name}") is None:
            continue
        module = import_module(f"bitgoeul.cli.{module_name}")
        sub = words.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_arguments(sub)
        sub.add_argument("--lang", choices=("ko", "en"), help="language of the messages")
        sub.set_defaults(run_word=module.run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return int(args.run_word(args))
