"""`bitgoeul contest`: what belongs to contests and works on plain files."""

from __future__ import annotations

import argparse

from bitgoeul.cli import contest_bundle

SUMMARY = "contests: run a submission through a bundle of another platform"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word after the other: `contest run-bundle …`."""
    words = parser.add_subparsers(dest="word", metavar="WHAT", required=True)
    for name, module in {"run-bundle": contest_bundle}.items():
        sub = words.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_arguments(sub)
        sub.add_argument("--lang", choices=("ko", "en"), help="language of the messages")
        sub.set_defaults(run_word=module.run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return int(args.run_word(args))
