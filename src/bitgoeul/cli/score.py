"""`bitgoeul score`: a file of predictions against the truth."""

from __future__ import annotations

import argparse

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, say
from bitgoeul.cli.refusals import say_refusal
from bitgoeul.engines.csvfile import source_name
from bitgoeul.engines.scoring import METRICS, ScoreResult, ScoringError, score

SUMMARY = "score a file of predictions against the truth"
SHOWN = 20
WRONG_USE = {"unknown_metric", "missing_parameter", "bad_parameter"}


def names() -> list[str]:
    """The metrics as they are asked for: `map@k` where one needs a number."""
    return [
        metric.name + (f"@{metric.parameter.name}" if metric.parameter else "")
        for metric in METRICS.values()
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`score TRUTH SUBMISSION --metric M --id ID --target T [--usage Usage]`."""
    parser.add_argument("truth", metavar="TRUTH.csv", help="CSV or Parquet")
    parser.add_argument("submission", metavar="SUBMISSION.csv", help="CSV or Parquet")
    parser.add_argument("--metric", required=True, help=", ".join(names()))
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
        return USAGE if error.code in WRONG_USE else REFUSED
    emit(result.as_dict())
    if result.errors:
        _tell(result, args, lang)
        return REFUSED
    if result.score is None:
        say(_("The metric has no value for these predictions."), lang=lang)
    return OK


def _tell(result: ScoreResult, args: argparse.Namespace, lang: str) -> None:
    name = source_name(args.submission, "")
    for error in result.errors[:SHOWN]:
        column = error.column if error.column != args.id else ""
        fault = ScoringError(
            error.code, file=name, line=error.line, column=column, value=error.value
        )
        say_refusal(fault, lang=lang)
    left = sum(result.counts.values()) - min(SHOWN, len(result.errors))
    if left > 0:
        say(_("… and %(count)s more errors."), lang=lang, fields={"count": left})
