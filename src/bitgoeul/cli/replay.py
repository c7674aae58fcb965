"""`bitgoeul replay`: apply stored verdicts' own rules to their own inputs once more."""

import argparse
import os
from typing import Any

from bitgoeul.cli import OK, REFUSED, USAGE, _, as_json, language, say

SUMMARY = "apply stored verdicts once more and name every difference"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "cohort", nargs="?", help="programme-key/number or uuid; without it all cohorts"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(args: argparse.Namespace) -> int:
    """Replay; exit 1 when anything differs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django

    django.setup()
    from bitgoeul.apps.programmes.queries.cohorts import find_cohort
    from bitgoeul.apps.programmes.queries.replaying import replays, replays_of_lines

    lang = language(args)
    cohort = find_cohort(args.cohort) if args.cohort else None
    if args.cohort and cohort is None:
        say(_("There is no cohort “%(cohort)s”."), lang=lang, fields={"cohort": args.cohort})
        return USAGE
    replayed, differing = 0, []
    for found in replays(cohort):
        replayed += 1
        if not found.same:
            differing.append(_told(found.verdict, found.verdict.rule_set, found.differences))
    for line, differences in replays_of_lines(cohort):
        replayed += 1
        if differences:
            differing.append(_told(line, line.run.rule_set, differences))
    if args.json:
        print(as_json({"replayed": replayed, "differing": differing}))
    for one in differing:
        say(
            _("Verdict %(verdict)s differs in: %(what)s"),
            lang=lang,
            fields={
                "verdict": one["verdict"],
                "what": ", ".join(each["what"] for each in one["differences"]),
            },
        )
    say(
        _("%(replayed)s verdicts replayed; %(differing)s differ."),
        lang=lang,
        fields={"replayed": replayed, "differing": len(differing)},
    )
    return REFUSED if differing else OK


def _told(row: Any, rule_set: Any, differences: Any) -> dict[str, Any]:
    return {
        "verdict": str(row.uuid),
        "version": rule_set.version,
        "differences": [
            {"what": each.what, "stored": each.stored, "again": each.again} for each in differences
        ],
    }
