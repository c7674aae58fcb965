"""`bitgoeul serve`: web server and worker in one command."""

import argparse

from bitgoeul.cli import database, language, supervisor

SUMMARY = "start the web server and the worker"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument("--workers", type=int, help="web processes (default: one per core)")
    parser.add_argument("--jobs", type=int, default=1, help="background jobs at once")
    parser.add_argument(
        "--queues", help="what the worker here takes, as `bitgoeul worker --queues`"
    )
    parser.add_argument(
        "--migrate", action="store_true", help="bring a PostgreSQL database up to date first"
    )
    database.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    return supervisor.run(
        port=args.port,
        host=args.host,
        workers=args.workers,
        jobs=args.jobs,
        queues=args.queues,
        lang=language(args),
        migrate=args.migrate,
        db=args.db,
    )
