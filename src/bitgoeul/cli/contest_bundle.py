"""`bitgoeul contest run-bundle`: one submission through one task of a bundle, in sandboxes."""

from __future__ import annotations

import argparse
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, _, emit, language, phrase, say
from bitgoeul.runner import LocalRunner, Tier
from bitgoeul.runner.bundles import (
    Bundle,
    BundleError,
    BundleResult,
    BundleVerdict,
    Kind,
    missing,
    read_bundle,
    run_submission,
)
from bitgoeul.runner.bundles.grading import DEFAULT_MEMORY_MB
from bitgoeul.runner.bundles.reasons import PROBLEMS, VERDICTS

SUMMARY = "run a submission through one task of a bundle (Codabench, EvalAI), and print its scores"
LAST_LINES = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`run-bundle BUNDLE.zip SUBMISSION.zip --task N [--json]`."""
    parser.add_argument("bundle", metavar="BUNDLE.zip")
    parser.add_argument("submission", metavar="SUBMISSION.zip")
    parser.add_argument("--task", type=int, default=0, metavar="N", help="from 0 (default 0)")
    parser.add_argument("--json", action="store_true", help="the answer is JSON in any case")
    parser.add_argument(
        "--kind", choices=[kind.value for kind in Kind], help="what the submission is; found out"
    )
    parser.add_argument("--seconds", type=float, help="less time than the bundle gives")
    parser.add_argument("--memory-mb", type=int, default=DEFAULT_MEMORY_MB)
    parser.add_argument(
        "--tier", choices=[tier.value for tier in Tier], help="only this kind of sandbox"
    )


def run(args: argparse.Namespace) -> int:
    """0 when there is a verdict on the submission, 1 when the bundle or the machine is at fault."""
    lang = language(args)
    try:
        bundle = read_bundle(Path(args.bundle).read_bytes())
        content = Path(args.submission).read_bytes()
    except OSError as error:
        fields = {"file": error.filename, "why": error.strerror}
        say(_("%(file)s cannot be read: %(why)s"), lang=lang, fields=fields)
        return REFUSED
    except BundleError as error:
        _tell(error.code, error.as_dict(), file=args.bundle, lang=lang)
        return REFUSED
    for notice in bundle.warnings:
        _tell(notice.code, {**notice.as_dict(), "line": 0}, file=args.bundle, lang=lang)
    try:
        result = _run(bundle, content, args)
    except BundleError as error:
        _tell(error.code, error.as_dict(), file=args.bundle, lang=lang)
        return REFUSED
    emit(result.as_dict())
    _tell_result(result, bundle, args, lang)
    return OK if result.verdict is not BundleVerdict.PLATFORM else REFUSED


def _run(bundle: Bundle, content: bytes, args: argparse.Namespace) -> BundleResult:
    here = LocalRunner(tiers=(Tier(args.tier),) if args.tier else tuple(Tier))
    try:
        return run_submission(
            bundle,
            args.task,
            content,
            name=Path(args.submission).name,
            runner=here,
            kind=Kind(args.kind) if args.kind else None,
            seconds=args.seconds,
            memory_mb=args.memory_mb,
        )
    finally:
        here.close()


def _tell(code: str, about: dict[str, object], *, file: str, lang: str) -> None:
    """The file, the member of the zip, the key and the line; then what is wrong there."""
    text = phrase(PROBLEMS[code], lang=lang, fields={**about, "detail": about["value"]})
    place = ": ".join(str(about[part]) for part in ("member", "key") if about[part])
    if about["line"]:
        line = phrase(_("line %(line)s"), lang=lang, fields={"line": about["line"]})
        place = f"{place} ({line})" if place else line
    say("%(file)s: %(text)s", lang=lang, fields={
        "file": Path(file).name, "text": f"{place}: {text.strip()}" if place else text.strip(),
    })  # fmt: skip


def _tell_result(result: BundleResult, bundle: Bundle, args: argparse.Namespace, lang: str) -> None:
    if result.verdict is BundleVerdict.SCORED:
        return
    say("%(verdict)s", lang=lang, fields={
        "verdict": phrase(VERDICTS[result.verdict.value], lang=lang),
    })  # fmt: skip
    if result.reason:
        about = {"member": result.member, "key": "", "value": result.detail, "line": 0}
        _tell(result.reason, about, file=args.submission, lang=lang)
    if result.reason == "package_missing":
        for name in missing(bundle):
            about = {"member": "", "key": "", "value": name, "line": 0}
            _tell("package_missing", about, file=args.bundle, lang=lang)
    for outcome in (result.ingestion, result.scoring):
        if outcome is not None and not outcome.done and outcome.stderr:
            for line in outcome.stderr.splitlines()[-LAST_LINES:]:
                say("  %(line)s", lang=lang, fields={"line": line})
