"""`bitgoeul contest watch`: wait until an entry has its verdict."""

from __future__ import annotations

import argparse

from bitgoeul.cli.contest_submit import add_server, at_server

SUMMARY = "wait until an entry of a contest has its verdict"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`watch ENTRY --server URL --token-file FILE`."""
    parser.add_argument("entry", metavar="ENTRY", help="the identifier that `submit` printed")
    add_server(parser)


def run(args: argparse.Namespace) -> int:
    """0 when the entry was scored, 1 when it was refused or failed."""
    return at_server(args, lambda client: client.contests.watch(args.entry))
