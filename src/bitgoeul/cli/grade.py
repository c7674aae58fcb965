"""`bitgoeul grade`: notebooks that were handed in, against their source."""

from __future__ import annotations

import argparse
from pathlib import Path

from bitgoeul.cli import OK, REFUSED, _, emit, language, phrase, say
from bitgoeul.runner import (
    GradedNotebook,
    LocalRunner,
    Mode,
    NotebookError,
    Patience,
    Source,
    Tier,
    Unavailable,
    Verdict,
    grade_notebook,
    has_autotests,
    read_source,
    templates_of,
    with_tests,
)
from bitgoeul.runner.reasons import FAULTS, NOTEBOOKS, REASONS

SUMMARY = "grade notebooks (nbgrader, otter) against their source, in a sandbox"
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`grade SOURCE SUBMITTED… --mode counted|practice [--json]`."""
    parser.add_argument("source", metavar="SOURCE.ipynb")
    parser.add_argument("submitted", metavar="SUBMITTED.ipynb", nargs="+")
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.COUNTED.value,
        help="counted: tests on a side of their own; practice: as nbgrader and otter do it",
    )
    parser.add_argument("--json", action="store_true", help="the answer is JSON in any case")
    parser.add_argument(
        "--data", metavar="FOLDER", help="files that lie beside the notebook when it runs"
    )
    parser.add_argument("--cell-seconds", type=float, default=10.0, help="time for each cell (10)")
    parser.add_argument(
        "--tier", choices=[tier.value for tier in Tier], help="only this kind of sandbox"
    )


def run(args: argparse.Namespace) -> int:
    """Grade each file; 0 when every one was graded or refused with a reason."""
    lang = language(args)
    wanted = (Tier(args.tier),) if args.tier else tuple(Tier)
    here = LocalRunner(tiers=wanted)
    try:
        files = _files(args.data)
        source = _source(Path(args.source), files, here)
    except OSError as error:
        fields = {"file": error.filename, "why": error.strerror}
        say(_("%(file)s cannot be read: %(why)s"), lang=lang, fields=fields)
        return REFUSED
    except NotebookError as error:
        fields = {"cell": error.cell, "value": error.value}
        say(NOTEBOOKS[error.code], lang=lang, fields=fields)
        return REFUSED
    try:
        graded = [_grade(source, name, here, files, args) for name in args.submitted]
    finally:
        here.close()
    emit([one.as_dict() for one in graded])
    for one in graded:
        _tell(one, lang)
    return OK if all(one.verdict is not Verdict.PLATFORM for one in graded) else REFUSED


def _source(path: Path, files: dict[str, bytes], here: LocalRunner) -> Source:
    """The source, its AUTOTEST lines made into tests by the autotests.yml that lies beside it."""
    content = path.read_bytes()
    if not has_autotests(content):
        return read_source(content)
    beside = path.with_name("autotests.yml")
    own = templates_of(beside.read_bytes()) if beside.exists() else None
    try:
        return read_source(with_tests(content, runner=here, files=files, templates=own))
    except Unavailable:
        return read_source(content)  # which says what is wrong with it
    except NotebookError:
        here.close()
        raise


def _files(folder: str | None) -> dict[str, bytes]:
    if folder is None:
        return {}
    root = Path(folder)
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def _grade(
    source: Source,
    name: str,
    here: LocalRunner,
    files: dict[str, bytes],
    args: argparse.Namespace,
) -> GradedNotebook:
    mode = Mode(args.mode)
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        return GradedNotebook(
            name, Verdict.REFUSED, reason="not_a_notebook", detail=error.strerror or "",
            mode=mode, max=source.max,
        )  # fmt: skip
    patience = Patience(cell=args.cell_seconds, check=args.cell_seconds)
    return grade_notebook(
        source, content, runner=here, mode=mode, file=name, files=files, patience=patience
    )


def _tell(graded: GradedNotebook, lang: str) -> None:
    """Refusals and faults for people, on standard error."""
    told = []
    if graded.reason:
        fields = {"detail": graded.detail, "value": graded.detail, "cell": ""}
        fault = graded.faults[0] if graded.faults else None
        if fault and fault.code == graded.reason:
            fields["cell"] = fault.cell
        told.append(phrase(REASONS[graded.reason], lang=lang, fields=fields))
    for fault in graded.faults:
        if fault.code in FAULTS:
            told.append(phrase(FAULTS[fault.code], lang=lang, fields=fault.as_dict()))
    for text in told[:SHOWN]:
        say("%(file)s: %(text)s", lang=lang, fields={"file": graded.file, "text": text})
