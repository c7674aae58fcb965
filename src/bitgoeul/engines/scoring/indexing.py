"""The fast way in: a truth's index, its reading, and a submission's."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from bitgoeul.engines.csvfile import Source, source_name
from bitgoeul.engines.scoring import _bytes, _kernels
from bitgoeul.engines.scoring.metrics import Metric, Reads
from bitgoeul.engines.scoring.reading import Aligned, limits_of
from bitgoeul.engines.scoring.result import MOST_ERRORS, Faults, ScoringError
from bitgoeul.engines.scoring.scanning import Labels, NotAscii, Scan, open_scan
from bitgoeul.engines.scoring.truth import UNSPLIT, Ids, Index, Truth, part_named

_CODES = {
    _kernels.UNKNOWN_ID: "unknown_id",
    _kernels.DUPLICATE_ID: "duplicate_id",
    _bytes.NOT_A_NUMBER: "not_a_number",
    _bytes.NOT_FINITE: "not_finite",
}


def build_index(content: Any, ends: Any) -> Index:
    """Hash all ids with a key that only the owner of the truth could compute.

    Notes
    -----
    Two ids of one hash get another key for all; two equal ids are the clash that is returned.
    An id that is not asked for is taken for one that is with a chance of rows / 2⁶⁴.
    """
    digest = hashlib.blake2b(content, digest_size=8).digest()
    first = int.from_bytes(digest, "big")
    bits = max(4, math.ceil(math.log2(len(ends) * 1.6 + 1)))
    low = np.uint64((1 << len(ends).bit_length()) - 1)
    ids = Ids(content, ends)
    for attempt in range(100):
        key = np.uint64((first + attempt) % 2**64)
        # numpy's arrays, not the kernels' own: large ones are asked for in large pages.
        hashes, table = np.empty(len(ends), np.uint64), np.zeros(1 << bits, np.uint64)
        _kernels.hash_ids(content, ends, key, hashes)
        one, two = _kernels.fill_table(hashes, table, low)
        if two < 0:
            return Index(key, hashes, table, None)
        if ids.text(one) == ids.text(two):
            return Index(key, hashes, table, (int(one), int(two)))
    raise ScoringError("duplicate_id", file="truth")


def read_fast(
    source: Source,
    *,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None,
) -> Truth:
    """Read a large truth; numbers when all targets are numbers, else texts."""
    name = source_name(source, "truth")
    required = (id, target, *([usage] if usage else []))
    for kind in (_kernels.NUMBER, _kernels.TEXT):
        kinds = [kind, *([_kernels.TEXT] if usage else [])]
        labels = Labels([], np.uint64(1))
        try:
            scan = open_scan(source, name=name, required=required, kinds=kinds, labels=labels)
            found = _rows(scan)
        except NotAscii:
            scan = open_scan(
                source, name=name, required=required, kinds=kinds, labels=labels, whole=True
            )
            found = _rows(scan)
        if found is not None:
            return _truth(scan, found, required, as_numbers=kind == _kernels.NUMBER)
    raise AssertionError("texts are always read")


def _rows(scan: Scan) -> tuple[Any, Any, Ids] | None:
    """Values, lines and ids; None when a target is no number."""
    values, lines, contents, all_ends = [], [], [], []
    used = 0
    for end, final in scan.pieces():
        room = int(_kernels.count_lines(scan.buffer, end)) + 1
        own = (
            np.zeros((room, len(scan.kinds))),
            np.zeros(room, dtype=np.int64),
            np.zeros(end + 1, dtype=np.uint8),
            np.zeros(room, dtype=np.int64),
        )
        scan.state[_kernels.ROWS] = 0
        more = True
        while more:
            status = _kernels.read_truth_rows(
                scan.buffer, end, final, scan.asked, scan.block, scan.state, *own
            )
            if status in (_bytes.NOT_A_NUMBER, _bytes.NOT_FINITE):
                return None
            more = scan.decide(status)
        rows = int(scan.state[_kernels.ROWS])
        bytes_used = int(own[3][rows - 1]) if rows else 0
        values.append(own[0][:rows].copy())
        lines.append(own[1][:rows].copy())
        contents.append(own[2][:bytes_used].copy())
        all_ends.append(own[3][:rows] + used)
        used += bytes_used
    ids = Ids(np.concatenate(contents), np.concatenate(all_ends))
    return np.concatenate(values), np.concatenate(lines), ids


def _truth(
    scan: Scan, found: tuple[Any, Any, Ids], required: tuple[str, ...], *, as_numbers: bool
) -> Truth:
    cells, lines, ids = found
    _check_ids(ids, lines, file=scan.name, column=required[0])
    if len(required) > 2:
        part = _part_codes(scan, cells[:, 1].astype(np.int64), lines, required[2])
    else:
        part = np.full(len(cells), UNSPLIT, dtype=np.uint8)
    plain = bool((lines == np.arange(2, len(lines) + 2)).all())
    values = np.ascontiguousarray(cells[:, 0]) if as_numbers else None
    texts: tuple[str, ...] = ()
    codes = None
    if values is None:
        own = cells[:, 0].astype(np.int64)
        there = np.flatnonzero(np.bincount(own, minlength=len(scan.labels.texts)))
        texts = tuple(sorted(scan.labels.texts[code] for code in there))
        place_of = {text: place for place, text in enumerate(texts)}
        places = [place_of.get(text, -1) for text in scan.labels.texts]
        codes = np.array(places, dtype=np.int64)[own]
    kept = None if plain else lines
    return Truth(scan.name, required[0], required[1], ids, values, texts, codes, part, kept)


def _check_ids(ids: Ids, lines: Any, *, file: str, column: str) -> None:
    """Refuse the first id that is empty or there twice."""
    empty = np.flatnonzero(np.diff(ids.ends, prepend=0) == 0)
    clash = ids.index.clash
    row = clash[1] if clash else len(ids)
    if len(empty) and empty[0] <= row:
        line = int(lines[empty[0]])
        raise ScoringError("missing_value", file=file, line=line, column=column)
    if clash:
        line = int(lines[row])
        raise ScoringError("duplicate_id", file=file, line=line, column=column, value=ids.text(row))


def _part_codes(scan: Scan, own: Any, lines: Any, column: str) -> Any:
    texts = scan.labels.texts
    parts = np.zeros(max(1, len(texts)), dtype=np.uint8)
    for code in np.flatnonzero(np.bincount(own, minlength=1)).tolist():
        line = int(lines[int(np.argmax(own == code))])
        parts[code] = part_named(texts[code], file=scan.name, line=line, column=column)
    return parts[own]


def align_fast(source: Source, *, truth: Truth, metric: Metric) -> tuple[Aligned, Faults]:
    """Read a large submission in one pass, into the order of the truth."""
    try:
        return _Reading(source, truth, metric, whole=False).read()
    except NotAscii:
        return _Reading(source, truth, metric, whole=True).read()


class _Reading:
    """One pass over a submission."""

    def __init__(self, source: Source, truth: Truth, metric: Metric, *, whole: bool) -> None:
        columns = truth.columns(metric)
        as_labels = metric.reads is Reads.LABELS and truth.values is None
        kinds = [_kernels.TEXT if as_labels else _kernels.NUMBER] * len(columns)
        name = source_name(source, "submission")
        self.truth, self.faults = truth, Faults()
        self.scan = open_scan(
            source,
            name=name,
            required=(truth.id_column, *columns),
            kinds=kinds,
            labels=Labels(list(truth.texts) if as_labels else [], truth.ids.index.key),
            whole=whole,
        )
        room = MOST_ERRORS + _kernels.BLOCK * (len(columns) + 2)
        self.errors = np.zeros((room, 6), dtype=np.int64)
        self.counts = np.zeros(_kernels.CODES, dtype=np.int64)
        self.cells = np.full((len(truth.ids), len(columns)), math.nan)
        self.limits = limits_of(metric, truth)

    def read(self) -> tuple[Aligned, Faults]:
        """All pieces; then what is missing."""
        scan, index = self.scan, self.truth.ids.index
        known = (index.hashes, index.table, index.low, np.zeros(_kernels.BLOCK, dtype=np.uint64))
        limits = (self.limits.least, self.limits.most, self.limits.shares)
        rows = np.zeros(_kernels.BLOCK, dtype=np.int64)
        for end, final in scan.pieces():
            more = True
            while more:
                status = _kernels.read_submission(
                    scan.buffer, end, final, scan.asked, scan.block, scan.state,
                    known, limits, self.cells, rows, (self.errors, self.counts),
                )  # fmt: skip
                self._take_errors()
                more = scan.decide(status)
        self._count_rest()
        texts = tuple(scan.labels.texts[len(self.truth.texts) :])
        return Aligned(self.cells, texts, (), int(scan.state[_kernels.ROWS])), self.faults

    def _code(self, code: int) -> str:
        return _CODES.get(code) or self.limits.code

    def _take_errors(self) -> None:
        """Put the faults of this piece into words while its bytes are there."""
        for line, code, place, *cell in self.errors[
            : int(self.scan.state[_kernels.ERRORS])
        ].tolist():
            column = self.scan.columns[place]
            self.faults.add(line, self._code(code), self.scan.text(*cell), column)
            self.counts[code] -= 1
        self.errors = self.errors[int(self.scan.state[_kernels.ERRORS]) :]
        self.scan.state[_kernels.ERRORS] = 0

    def _count_rest(self) -> None:
        for code, times in enumerate(self.counts.tolist()):
            self.faults.count(self._code(code), times)
        missing = np.flatnonzero(np.isnan(self.cells[:, 0]))
        line = int(self.scan.state[_kernels.LAST_LINE])
        for row in missing[:MOST_ERRORS].tolist():
            self.faults.add(line, "missing_id", self.truth.ids.text(row), self.truth.id_column)
        self.faults.count("missing_id", max(0, len(missing) - MOST_ERRORS))
