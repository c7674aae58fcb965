"""Reading a large file in one pass: pieces of bytes into the kernels, faults and labels out.

What is odd about a file as a whole (no UTF-8, spaces that are not ASCII, a header nobody can read)
is left to the plain reader, which says so or copes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import (
    CONTROL,
    Source,
    check_header,
    decode,
    parse_float,
    read_bytes,
    signature,
)
from bitgoeul.engines.scoring import _bytes, _kernels
from bitgoeul.engines.scoring.parquet import ParquetStream, csv_of, is_parquet
from bitgoeul.engines.scoring.result import ScoringError

Bytes = npt.NDArray[np.uint8]
PIECE = 1 << 22
_HEAD = 1 << 20
_LINE_END = re.compile(rb"\r\n|\r|\n")
# What str.strip() takes away beyond ASCII; the kernels do not.
_WIDE_SPACE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_BOM = b"\xef\xbb\xbf"


class OddFile(Exception):
    """The plain reader has to read this file."""


class NotAscii(Exception):
    """The file has to be decoded as a whole before it is read."""


@cache
def _powers() -> tuple[Any, Any]:
    return _bytes.powers()


@dataclass
class Labels:
    """The texts met so far and their codes: a table that grows."""

    texts: list[str]
    key: np.uint64
    size: int = 1 << 14
    hashes: Any = field(init=False)
    codes: Any = field(init=False)
    fresh: Any = field(init=False)

    def __post_init__(self) -> None:
        while self.size < 4 * len(self.texts):
            self.size *= 2
        known = [text.encode() for text in self.texts]
        ends = np.cumsum([len(text) for text in known], dtype=np.int64)
        content = np.frombuffer(b"".join(known), dtype=np.uint8)
        hashes = np.empty(len(known), np.uint64)
        _kernels.hash_ids(content, ends, self.key, hashes)
        self._place(hashes, np.arange(len(known), dtype=np.int64))

    def _place(self, hashes: Any, codes: Any) -> None:
        self.hashes = np.zeros(self.size, dtype=np.uint64)
        self.codes = np.zeros(self.size, dtype=np.int64)
        self.fresh = np.zeros((self.size, 3), dtype=np.int64)
        _kernels.place_labels(hashes, codes, self.hashes, self.codes)

    def grow(self) -> None:
        """Make room for as many again."""
        there = self.hashes.nonzero()[0]
        self.size *= 2
        self._place(self.hashes[there], self.codes[there])


@dataclass
class Scan:
    """One file being read: what is asked of it, and where the reading stands."""

    name: str
    header: tuple[str, ...]
    kinds: list[int]
    labels: Labels
    columns: tuple[str, ...]
    line: int
    buffer: Any
    have: int
    final: bool
    stream: Any
    ascii_only: bool
    state: Any = field(init=False)
    view: bytes = b""
    hints: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = np.zeros(_kernels.STATE, dtype=np.int64)
        self.state[_kernels.LINE] = self.line
        self.state[_kernels.LAST_LINE] = self.line - 1
        self.state[_kernels.LABELS] = len(self.labels.texts)
        slots = len(self.kinds)
        self.block = (
            np.zeros(_kernels.BLOCK, dtype=np.uint64),
            np.zeros((_kernels.BLOCK, slots)),
            np.zeros((_kernels.BLOCK, slots), dtype=np.int64),
            np.zeros((_kernels.BLOCK, slots + 1, 3), dtype=np.int64),
            np.zeros(_kernels.BLOCK, dtype=np.int64),
        )
        self.want = np.full(len(self.header), _kernels.SKIPPED, dtype=np.int64)
        for slot, column in enumerate(self.columns, start=-1):
            place = self.header.index(column)
            self.want[place] = _kernels.ID if slot < 0 else slot

    @property
    def asked(self) -> tuple[Any, ...]:
        """What the kernels are told about the file."""
        names = (self.labels.hashes, self.labels.codes, self.labels.fresh)
        places = np.array(list(self.hints), dtype=np.int64)
        hints = (places, np.array(list(self.hints.values()), dtype=np.float64))
        return (self.want, np.array(self.kinds), self.labels.key, names, hints, *_powers())

    def text(self, start: int, end: int, doubled: int) -> str:
        """A cell as the plain reader would give it."""
        cell = str(self.buffer[start:end].tobytes(), "utf-8")
        return cell.replace('""', '"') if doubled else cell

    def pieces(self) -> Iterator[tuple[int, bool]]:
        """Ends of pieces of whole lines, in the buffer; stops when the kernels read them all."""
        while True:
            end = self.have if self.final else self._last_line_end()
            kept, self.buffer[end] = int(self.buffer[end]), _bytes.LF
            self.hints.clear()
            yield end, self.final
            self.buffer[end] = kept
            if self.final:
                return
            self._read_on()

    def _last_line_end(self) -> int:
        return int(max(self.view.rfind(b"\n"), self.view.rfind(b"\r", 0, -1))) + 1

    def _read_on(self) -> None:
        start = int(self.state[_kernels.POS])
        left = self.have - start
        if 2 * left > len(self.buffer):
            larger = np.empty(2 * len(self.buffer), dtype=np.uint8)
            larger[:left] = self.buffer[start : self.have]
            self.buffer = larger
        else:
            self.buffer[:left] = self.buffer[start : self.have].copy()
        self.have, self.state[_kernels.POS] = left, 0
        self.fill()

    def fill(self) -> None:
        """Read until the buffer is full or the file ends."""
        while self.have < len(self.buffer) - 1:
            got = self.stream.readinto(memoryview(self.buffer)[self.have : -1])
            if not got:
                self.final = True
                break
            self.have += got
        self.view = self.buffer[: self.have].tobytes()
        if self.ascii_only and not (self.view.isascii() and self.view.find(b"\x7f") < 0):
            raise NotAscii

    def learn(self) -> None:
        """Take over the texts of labels that the kernels met for the first time."""
        for row in range(int(self.state[_kernels.FRESH])):
            self.labels.texts.append(self.text(*self.labels.fresh[row].tolist()))
        self.state[_kernels.FRESH] = 0

    def decide(self, status: int) -> bool:
        """Settle what the kernels cannot; False when they want more bytes."""
        self.learn()
        if status == _kernels.MORE:
            return False
        if status == _kernels.LABELS_FULL:
            if 2 * (int(self.state[_kernels.LABELS]) + self._spare()) > self.labels.size:
                self.labels.grow()
        elif status == _bytes.SLOW:
            start, end = int(self.state[_kernels.FROM]), int(self.state[_kernels.TO])
            value = parse_float(self.text(start, end, 0))
            begun = int(self.state[_kernels.POS])
            self.hints = {at: said for at, said in self.hints.items() if at >= begun}
            self.hints[start] = np.inf if isinstance(value, str) else value
        elif self.ascii_only:
            raise NotAscii  # what is wrong with the file as a whole is told first
        else:
            raise self._refusal(status)
        return True

    def _spare(self) -> int:
        return int(_kernels.BLOCK * len(self.kinds))

    def _refusal(self, status: int) -> ScoringError:
        line = int(self.state[_kernels.LINE])
        if status == _kernels.WRONG_COUNT:
            given, expected = int(self.state[_kernels.FROM]), str(len(self.header))
            return ScoringError(
                "wrong_cell_count", file=self.name, line=line, value=given, expected=expected
            )
        ended = status == _bytes.UNCLOSED
        why = "unexpected end of data" if ended else "',' expected after '\"'"
        return ScoringError("bad_csv", file=self.name, line=line, value=why)


def open_scan(
    source: Source, *, name: str, required: tuple[str, ...], kinds: list[int], labels: Labels,
    whole: bool = False,
) -> Scan:  # fmt: skip
    """Begin to read: the header is checked, the first piece is in the buffer.

    ``required`` begins with the id column; ``kinds`` are those of the others.

    Raises
    ------
    OddFile
        When the plain reader has to do it.
    ScoringError
    """
    stream, ascii_only = _stream(source, name=name, columns=required, whole=whole)
    buffer: Any = np.empty(PIECE + 1, dtype=np.uint8)
    have = stream.readinto(memoryview(buffer)[:_HEAD])
    head = buffer[:have].tobytes()
    if signature(head[:1024]) != "text":
        raise NotAscii
    skip = len(_BOM) if head.startswith(_BOM) else 0
    header, line, next_line, end = _header(head[skip:])
    check_header(header, line, name=name, required=required, refuse=ScoringError)
    rest = head[skip + end :]
    buffer[: len(rest)] = np.frombuffer(rest, dtype=np.uint8)
    scan = Scan(
        name, header, kinds, labels, required, next_line, buffer,
        0, False, stream, ascii_only,
    )  # fmt: skip
    scan.have = len(rest)
    scan.fill()
    return scan


def _stream(
    source: Source, *, name: str, columns: tuple[str, ...], whole: bool
) -> tuple[Any, bool]:
    if is_parquet(source) and not whole:
        return ParquetStream(source, name=name, columns=columns), True
    if whole:
        content = read_bytes(source, name=name, refuse=ScoringError)
        if is_parquet(source):
            content = csv_of(source, name=name, columns=columns)
        text = decode(content, name=name, refuse=ScoringError)
        if _WIDE_SPACE.search(text):
            raise OddFile
        return io.BytesIO(text.encode()), False
    if isinstance(source, bytes):
        return io.BytesIO(source), True
    try:
        return Path(source).open("rb", buffering=0), True
    except OSError as error:
        raise ScoringError("unreadable_file", file=name, value=error.strerror or source) from error


def _header(head: bytes) -> tuple[tuple[str, ...], int, int, int]:
    """The first row with a cell, its line, the line and the byte after it."""
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4 and len(head) == _HEAD:
            text = head[: error.start].decode()
        else:
            raise NotAscii from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            header = tuple(cell.strip() for cell in cells)
            if any(map(CONTROL.search, cells)):
                raise NotAscii
            if any(header):
                ends = _LINE_END.finditer(head)
                found = [
                    match.end() for match, _ in zip(ends, range(reader.line_num), strict=False)
                ]
                if len(found) < reader.line_num and len(head) == _HEAD:
                    raise OddFile  # a header of a megabyte
                end = found[-1] if len(found) == reader.line_num else len(head)
                return header, line, reader.line_num + 1, end
            line = reader.line_num + 1
    except csv.Error as error:
        raise OddFile from error
    raise OddFile
