"""`bitgoeul worker`: run background work until told to stop."""

import argparse

from bitgoeul.cli import OK, REFUSED, USAGE, _, database, language, say
from bitgoeul.cli.startup import StartError, check_keys, start_django

SUMMARY = "run background work (imports, scoring, matching, reports)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--jobs", type=int, default=1, help="how many jobs at once (default 1)")
    parser.add_argument(
        "--poll", type=float, default=0.5, help="seconds between looks for work (default 0.5)"
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=20.0,
        help="seconds a running job gets to finish when the worker is stopped (default 20)",
    )
    parser.add_argument(
        "--queues",
        help="take only the work of these queues, with commas: code (submitted code), default",
    )
    parser.add_argument("--burst", action="store_true", help="stop when nothing is left to do")
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    database.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Work."""
    try:
        database.choose(args.db)
        start_django()
        if not args.parent:
            _check_keys()
    except StartError as error:
        say(error.message, lang=language(args), fields=error.fields)
        return REFUSED
    from bitgoeul.core.jobs import registry
    from bitgoeul.core.jobs.processes import die_with_parent
    from bitgoeul.core.jobs.worker import Worker

    if args.parent:
        die_with_parent(args.parent)
    queues = tuple(word.strip() for word in (args.queues or "").split(",") if word.strip())
    try:
        registry.wanted(queues)
    except registry.UnknownQueueError as error:
        name, known = error.args
        fields = {"name": name, "known": ", ".join(known)}
        say(
            _("There is no queue %(name)s; there are: %(known)s."),
            lang=language(args),
            fields=fields,
        )
        return USAGE
    worker = Worker(
        capacity=max(1, args.jobs),
        poll_seconds=args.poll,
        grace_seconds=args.grace,
        burst=args.burst,
        queues=queues,
    )
    return worker.run() or OK


def _check_keys() -> None:
    """A worker on another machine has the keys, too; a database that is away is waited for."""
    from django.db import DatabaseError, connections

    try:
        check_keys()
    except DatabaseError:
        return
    finally:
        connections.close_all()
