"""`bitgoeul match`: a matching round from files to files, and its check."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, USAGE, _, emit, language, say
from bitgoeul.cli.refusals import say_refusal

SUMMARY = "match applicants to positions, or verify a published match"
ENGINES = ("auto", "heapq", "numpy", "numba")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`match APPLICANTS POSITIONS --out DIR` and `match verify DIR APPLICANTS POSITIONS`."""
    parser.usage = (
        "bitgoeul match APPLICANTS.csv POSITIONS.csv [--rules RULES.toml] [--engine ENGINE] "
        "--out DIR\n       bitgoeul match verify DIR APPLICANTS.csv POSITIONS.csv"
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--rules", metavar="RULES.toml", help="quotas, lottery, frozen placements")
    parser.add_argument("--engine", choices=ENGINES, default="auto")
    parser.add_argument("--out", metavar="DIR", help="folder for the three result files")


def run(args: argparse.Namespace) -> int:
    """Match, or verify when the first word is `verify`."""
    lang = language(args)
    if args.files[0] == "verify":
        if len(args.files) != 4:
            say(_("Give a folder, the applicants file and the positions file."), lang=lang)
            return USAGE
        return _verify(args.files[1], args.files[2], args.files[3], lang)
    if len(args.files) != 2 or not args.out:
        say(_("Give the applicants file, the positions file and --out with a folder."), lang=lang)
        return USAGE
    return _match(args, lang)


def _match(args: argparse.Namespace, lang: str) -> int:
    from bitgoeul.engines import matching

    applicants, positions = (Path(name) for name in args.files)
    try:
        rules = matching.read_rules(Path(args.rules)) if args.rules else matching.Rules()
        problem = matching.read_problem(applicants=applicants, positions=positions, rules=rules)
        result = matching.solve(problem, engine=args.engine)
    except matching.MatchingError as error:
        say_refusal(error, lang=lang)
        return USAGE if error.code == "unsupported_engine" else REFUSED
    if matching.summary(problem, result)["lottery_decided"] and not rules.lottery.seed:
        say(_("Warning: ties were broken by a lottery without a seed."), lang=lang)
    files = matching.output_files(problem, result)
    try:
        answer = _write_checked(files, Path(args.out), applicants, positions)
    except OSError as error:
        fields = {"value": error.strerror or ""}
        say(_("The folder cannot be written: %(value)s"), lang=lang, fields=fields)
        return REFUSED
    if answer is not None:
        # Never seen in tests; a result that its own check rejects must not leave the machine.
        say(_("The result failed its own check; nothing was written."), lang=lang)
        emit(answer)
        return REFUSED
    emit(json.loads(files["summary.json"]))
    return OK


def _write_checked(
    files: dict[str, bytes], out: Path, applicants: Path, positions: Path
) -> dict[str, object] | None:
    """Write the files only after the verifier has passed them; its answer when it has not."""
    from bitgoeul.engines.matching import verify

    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        answer = verify.verify(folder, applicants, positions)
        if not verify.holds(answer):
            return answer
        out.mkdir(parents=True, exist_ok=True)
        for name in files:
            shutil.copyfile(Path(folder, name), out / name)
    return None


def _verify(folder: str, applicants: str, positions: str, lang: str) -> int:
    from bitgoeul.engines.matching import verify

    answer = verify.verify(folder, applicants, positions)
    emit(answer)
    if verify.holds(answer):
        say(_("The match holds."), lang=lang)
        return OK
    say(_("The match does not hold; see “violation”."), lang=lang)
    return REFUSED
