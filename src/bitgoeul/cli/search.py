"""`bitgoeul search`: look whether the search keys agree with the names, and make them anew."""

import argparse
import os

from bitgoeul.cli import OK, REFUSED, _, language, say

SUMMARY = "check the search keys of names, or make them anew"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        choices=("check", "rebuild"),
        help="check: say how many differ; rebuild: make those anew",
    )


def run(args: argparse.Namespace) -> int:
    """Check or rebuild."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django

    django.setup()
    from bitgoeul.apps.alliance import queries, services

    lang = language(args)
    if args.action == "rebuild":
        people, differed = services.rebuild_name_keys()
        say(
            _("Search keys of %(people)s people looked at; %(differed)s made anew."),
            lang=lang,
            fields={"people": people, "differed": differed},
        )
        return OK
    people = differed = 0
    for chunk in queries.people_in_chunks():
        people += len(chunk)
        differed += len(queries.stale_among(chunk))
    say(
        _("Search keys of %(people)s people looked at; %(differed)s differ from their names."),
        lang=lang,
        fields={"people": people, "differed": differed},
    )
    return REFUSED if differed else OK
