"""The demo year: invented people and companies on published marginals, from files to report."""

import argparse

from bitgoeul.cli import database

SUMMARY = "fill a data folder with the demo year, and serve it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument(
        "--reset", action="store_true", help="throw the demo's data away and make it anew"
    )
    parser.add_argument(
        "--no-serve", action="store_true", help="make the demo year, then stop without serving"
    )
    database.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Make the demo year unless it is there, then serve until a signal comes."""
    from bitgoeul.cli.demo.command import run_demo

    return run_demo(args)
