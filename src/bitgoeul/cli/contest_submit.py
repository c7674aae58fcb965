"""`bitgoeul contest submit` and `watch`: hand in at an installation, as the owner of a token."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, say
from bitgoeul.client import (
    Client,
    ClientError,
    ContestEntry,
    Problem,
    Unexpected,
    Unreachable,
    read_token,
)

SUMMARY = "hand a file in to a contest at an installation, and wait for its verdict"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`submit CONTEST FILE --server URL --token-file FILE`."""
    parser.add_argument("contest", metavar="CONTEST", help="its key or identifier")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--task", type=int, metavar="N", help="which task, where there are several")
    parser.add_argument("--note", default="", help="for your team, such as which model it is")
    parser.add_argument("--external-data", default="", help="which data from elsewhere was used")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the verdict")
    add_server(parser)


def add_server(parser: argparse.ArgumentParser) -> None:
    """Declare where and as whom; the token itself never stands on a command line."""
    parser.add_argument("--server", metavar="URL", required=True)
    parser.add_argument(
        "--token-file", metavar="FILE", required=True, help="the file that holds your token"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the entry was scored, 1 when it was refused or failed."""

    def work(client: Client) -> ContestEntry:
        contest = client.contests.find(args.contest)
        task = client.contests.task(contest["uuid"], args.task)
        entry = client.contests.submit(
            task["uuid"], args.file, note=args.note, external_data=args.external_data
        )
        return entry if args.no_wait else client.contests.watch(entry.uuid)

    return at_server(args, work)


def at_server(args: argparse.Namespace, work: Callable[[Client], ContestEntry]) -> int:
    """Do something there, print what became of the entry, say what went wrong."""
    lang = language(args)
    try:
        with Client(args.server, read_token(args.token_file), language=lang) as client:
            return _tell(work(client), lang)
    except Problem as problem:
        for error in problem.errors:
            say("%(message)s", lang=lang, fields={"message": error.message})
        say("%(detail)s (%(number)s)", lang=lang, fields=vars(problem))
    except (Unreachable, Unexpected) as fault:
        fields = {"server": args.server, "fault": str(fault)}
        say(_("%(server)s does not answer as Bitgoeul does: %(fault)s"), lang=lang, fields=fields)
    except (ClientError, OSError) as fault:
        say("%(fault)s", lang=lang, fields={"fault": str(fault)})
        return USAGE
    return REFUSED


def _tell(entry: ContestEntry, lang: str) -> int:
    emit(asdict(entry))
    if entry.reason:
        say("%(reason)s", lang=lang, fields={"reason": entry.reason})
    for fault in entry.faults:
        say("%(fault)s", lang=lang, fields={"fault": fault})
    return OK if entry.state in ("scored", "queued", "received") else REFUSED
