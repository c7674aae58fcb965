"""What was handed in: results or code, one file or a zip with or without a folder around it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from enum import StrEnum

from .archive import MIB, Archive, Budget, is_zip, look_at_zip, read_zip
from .model import BundleTask, Files
from .parts import metadata, read_command
from .problems import BundleError, SubmissionError

MOST_BYTES = 256 * MIB
PROGRAMS = {".py", ".pyc", ".r", ".jl", ".ipynb", ".sh", ".js", ".so", ".pkl", ".joblib"}


class Kind(StrEnum):
    """What a submission is."""

    CODE = "code"
    RESULTS = "results"


@dataclass(frozen=True)
class Handed:
    """A submission's files and what they are."""

    files: Files = field(repr=False)
    kind: Kind
    command: str = ""


def read_submission(
    content: bytes, *, name: str, task: BundleTask, kind: Kind | None = None, results_only: bool
) -> Handed:
    """Read what was handed in for a task.

    Raises
    ------
    SubmissionError
        When it is no zip that may be read, empty, or code where only results are taken.
    """
    if task.as_it_is:
        return _as_it_is(content, name, task)
    files = _files(content, name)
    if not files:
        raise SubmissionError("submission_empty")
    files = _without_wrapper(files, task)
    command = _command(files)
    found = kind or _kind(files, command, task)
    if found is Kind.CODE and results_only:
        raise SubmissionError("results_only", value=_first_program(files))
    if found is Kind.CODE and task.ingestion is None and not command:
        raise SubmissionError("nobody_runs_it", value=_first_program(files))
    return Handed(files, found, command)


def look_at_submission(content: bytes, *, name: str) -> None:
    """Refuse what no contest takes, before it is kept; cheap, and nothing is unpacked.

    Raises
    ------
    SubmissionError
    """
    if not is_zip(content):
        if name.lower().endswith(".zip") or not content:
            raise SubmissionError("not_a_zip", member=posixpath.basename(name))
        return
    try:
        if not look_at_zip(content, budget=Budget(bytes=MOST_BYTES)):
            raise SubmissionError("submission_empty")
    except SubmissionError:
        raise
    except BundleError as error:
        raise SubmissionError(error.code, member=error.member, value=error.value) from error


def _as_it_is(content: bytes, name: str, task: BundleTask) -> Handed:
    file = posixpath.basename(name.replace("\\", "/")) or "submission"
    if not content:
        raise SubmissionError("submission_empty")
    if task.file_types and posixpath.splitext(file)[1].lower() not in task.file_types:
        raise SubmissionError("file_type", member=file, value=", ".join(task.file_types))
    return Handed({file: content}, Kind.RESULTS)


def _files(content: bytes, name: str) -> dict[str, bytes]:
    if not is_zip(content):
        if name.lower().endswith(".zip") or not content:
            raise SubmissionError("not_a_zip", member=posixpath.basename(name))
        return {posixpath.basename(name.replace("\\", "/")): content}
    try:
        return read_zip(content, budget=Budget(bytes=MOST_BYTES)).files
    except BundleError as error:
        raise SubmissionError(error.code, member=error.member, value=error.value) from error


def _without_wrapper(files: dict[str, bytes], task: BundleTask) -> dict[str, bytes]:
    """A folder that somebody zipped instead of its files; not one that a program asks for."""
    archive = Archive(files)
    folder = archive.wrapper
    if not folder:
        return files
    programs = [task.scoring, *([task.ingestion] if task.ingestion else [])]
    word = folder.encode()
    if any(word in text for one in programs for text in one.files.values()):
        return files
    return archive.below(folder)


def _command(files: Files) -> str:
    found = metadata(files)
    if found is None or "/" in found:
        return ""
    try:
        return read_command(files[found], member=found)
    except BundleError as error:
        raise SubmissionError(
            error.code, member=error.member, key=error.key, value=error.value, line=error.line
        ) from error


def _kind(files: Files, command: str, task: BundleTask) -> Kind:
    if command or (task.ingestion is not None and metadata(files) is not None):
        return Kind.CODE
    if task.ingestion is not None and _first_program(files):
        return Kind.CODE
    return Kind.RESULTS


def _first_program(files: Files) -> str:
    names = sorted(files)
    return next((n for n in names if posixpath.splitext(n)[1].lower() in PROGRAMS), "")
