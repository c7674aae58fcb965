"""Kaggle-style contests: `solution.csv` with a column Usage, and `sample_submission.csv`.

What comes out is a truth that `bitgoeul score` and a contest of kind `data` read, and the names of
its columns. Rows whose usage is Ignored stay: submissions hold them, and the engine passes over.
"""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field

from .archive import Archive, is_zip, read_zip
from .problems import BundleError

USAGE = "usage"
PUBLIC, PRIVATE, IGNORED = "Public", "Private", "Ignored"
PARTS = {"public": PUBLIC, "private": PRIVATE, "ignored": IGNORED}
SOLUTIONS = ("solution.csv", "truth.csv", "labels.csv", "answers.csv")
SAMPLES = ("sample_submission.csv", "sample-submission.csv", "samplesubmission.csv")
IDS = ("id", "row_id", "rowid", "index", "key")


@dataclass(frozen=True)
class KaggleContest:
    """A truth with its split.

    ``truth`` is CSV in UTF-8 with the columns ``id``, ``targets`` and ``usage``, in that order.
    """

    truth: bytes = field(repr=False)
    id: str
    targets: tuple[str, ...]
    usage: str
    public: int
    private: int
    ignored: int
    sample: bytes = field(default=b"", repr=False)


def read_kaggle(content: bytes, *, name: str = "solution.csv") -> KaggleContest:
    """Read a solution, alone or in a zip beside the sample of a submission.

    Raises
    ------
    BundleError
        With the file's name and line.
    """
    sample = b""
    if is_zip(content):
        archive = read_zip(content)
        name = _named(archive, SOLUTIONS) or _only_csv(archive)
        content = archive[name]
        sample_name = _named(archive, SAMPLES)
        sample = archive[sample_name] if sample_name else b""
    header, rows = _table(content, name)
    expected = _table(sample, "sample_submission.csv")[0] if sample else ()
    return _contest(header, rows, name=name, expected=expected, sample=sample)


def _named(archive: Archive, wanted: tuple[str, ...]) -> str:
    names = sorted(archive, key=lambda path: (path.count("/"), path))
    return next((path for path in names if posixpath.basename(path).lower() in wanted), "")


def _only_csv(archive: Archive) -> str:
    found = [path for path in archive if path.lower().endswith(".csv")]
    left = [path for path in found if posixpath.basename(path).lower() not in SAMPLES]
    if len(left) != 1:
        raise BundleError("no_solution", value=", ".join(sorted(archive)[:3]))
    return left[0]


def _table(content: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading, and the rows with their lines."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BundleError("not_text", member=name)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise BundleError("bad_csv", member=name, value=error) from error
    if len(rows) < 2:
        raise BundleError("bad_csv", member=name, value=len(rows))
    header = [cell.strip() for cell in rows[0][1]]
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise BundleError("bad_csv", member=name, value=len(row), line=line)
    return header, rows[1:]


def _contest(
    header: list[str],
    rows: list[tuple[int, list[str]]],
    *,
    name: str,
    expected: Sequence[str],
    sample: bytes,
) -> KaggleContest:
    shown = ", ".join(header[:10])
    usage = next((at for at, column in enumerate(header) if column.lower() == USAGE), None)
    if usage is None:
        raise BundleError("no_usage", member=name, key="Usage", value=shown)
    id_at = _id_column(header, expected, usage)
    if id_at is None:
        raise BundleError("no_id", member=name, value=shown)
    others = [at for at in range(len(header)) if at not in {usage, id_at}]
    wanted = set(expected)
    targets = [at for at in others if not wanted or header[at] in wanted]
    if not targets:
        raise BundleError("no_target", member=name, value=shown)
    counted = {PUBLIC: 0, PRIVATE: 0, IGNORED: 0}
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\n")
    write.writerow([header[id_at], *(header[at] for at in targets), header[usage]])
    for line, row in rows:
        part = PARTS.get(row[usage].strip().lower())
        if part is None:
            raise BundleError(
                "bad_usage", member=name, key=header[usage], value=row[usage], line=line
            )
        counted[part] += 1
        write.writerow([row[id_at], *(row[at] for at in targets), part])
    return KaggleContest(
        truth=out.getvalue().encode(),
        id=header[id_at],
        targets=tuple(header[at] for at in targets),
        usage=header[usage],
        public=counted[PUBLIC],
        private=counted[PRIVATE],
        ignored=counted[IGNORED],
        sample=sample,
    )


def _id_column(header: list[str], expected: Sequence[str], usage: int) -> int | None:
    """The sample's first column, else one that is called so, else the first."""
    if expected:
        return header.index(expected[0]) if expected[0] in header else None
    lower = [column.lower() for column in header]
    for word in IDS:
        if word in lower:
            return lower.index(word)
    return next((at for at in range(len(header)) if at != usage), None)
