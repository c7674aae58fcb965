"""`bitgoeul score`: a file of predictions against the truth."""

from __future__ import annotations

import argparse

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, phrase, say
from bitgoeul.cli.refusals import REASONS, say_refusal
from bitgoeul.engines.scoring import METRICS, ScoreResult, ScoringError, score

SUMMARY = "score a file of predictions against the truth"
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`score TRUTH SUBMISSION --metric M --id ID --target T [--usage Usage]`."""
    parser.add_argument("truth", metavar="TRUTH.csv")
    parser.add_argument("submission", metavar="SUBMISSION.csv")
    parser.add_argument("--metric", required=True, help=", ".join(METRICS))
    parser.add_argument("--id", required=True, help="id column of both files")
    parser.add_argument("--target", required=True, help="column with the label, value or chance")
    parser.add_argument("--usage", help="column of the truth that says Public, Private or Ignored")


def run(args: argparse.Namespace) -> int:
    """Score and print the result; faulty rows are listed in it and told on standard error."""
    lang = language(args)
    try:
        result = score(
            args.truth,
            args.submission,
            metric=args.metric,
            id=args.id,
            target=args.target,
            usage=args.usage,
        )
    except ScoringError as error:
        say_refusal(error, lang=lang)
        return USAGE if error.code == "unknown_metric" else REFUSED
    emit(result.as_dict())
    if not result.errors:
        return OK
    _tell(result, lang)
    return REFUSED


def _tell(result: ScoreResult, lang: str) -> None:
    for error in result.errors[:SHOWN]:
        reason = phrase(REASONS[error.code], lang=lang, fields={"value": error.value})
        fields = {"line": error.line, "reason": reason}
        say(_("Line %(line)s: %(reason)s"), lang=lang, fields=fields)
    left = len(result.errors) - SHOWN
    if left > 0:
        say(_("… and %(count)s more errors."), lang=lang, fields={"count": left})
