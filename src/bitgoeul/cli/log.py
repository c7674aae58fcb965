"""`bitgoeul log NUMBER`: what the log says under the number that a person quotes."""

from __future__ import annotations

import argparse
import json

from bitgoeul.cli import OK, REFUSED, _, language, say

SUMMARY = "find the number of a request or job in the log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("number", help="such as 7K3M-9QXT, or the start of a job's number")


def run(args: argparse.Namespace) -> int:
    """Print the lines, one JSON object each; exit 1 when there is none."""
    from bitgoeul.core.watch import logs
    from bitgoeul.web.config import default_data_dir

    found = False
    for line in logs.find(default_data_dir() / "log", args.number):
        print(json.dumps(line, ensure_ascii=False))
        found = True
    if found:
        return OK
    fields = {"number": args.number}
    say(_("The log has nothing under %(number)s."), lang=language(args), fields=fields)
    return REFUSED
