"""Parquet as the CSV it would be: one header line, then a line a row.

So a Parquet file goes the way of every other, and the line of a fault is its row plus one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bitgoeul.engines.csvfile import Source
from bitgoeul.engines.scoring.result import ScoringError

MAGIC = b"PAR1"
_ROWS = 200_000


def is_parquet(source: Source) -> bool:
    """Whether a file or content begins as Parquet does.

    >>> is_parquet(b"PAR1..."), is_parquet(b"id,y")
    (True, False)
    """
    if isinstance(source, bytes):
        return source.startswith(MAGIC)
    try:
        with Path(source).open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False  # whoever reads it says why it cannot be read


def csv_of(source: Source, *, name: str, columns: tuple[str, ...]) -> bytes:
    """All of it as CSV."""
    return b"".join(_lines(source, name=name, columns=columns))


class ParquetStream(io.RawIOBase):
    """The same, piece by piece."""

    def __init__(self, source: Source, *, name: str, columns: tuple[str, ...]) -> None:
        self._lines = _lines(source, name=name, columns=columns)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, or a part of it; 0 at the end."""
        if not self._left:
            self._left = memoryview(next(self._lines, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _lines(source: Source, *, name: str, columns: tuple[str, ...]) -> Iterator[bytes]:
    """The header, then the rows of the columns that are asked for, if they are there."""
    try:
        import polars
    except ImportError as error:  # pragma: no cover - part of every installation
        raise ScoringError("no_parquet", file=name, value=error) from error
    given = io.BytesIO(source) if isinstance(source, bytes) else Path(source)
    try:
        schema = polars.read_parquet_schema(given)
        asked = [column for column in columns if column in schema]
        if nested := [column for column in asked if schema[column].is_nested()]:
            raise ScoringError("bad_column", file=name, line=1, column=nested[0])
        # 32-bit numbers become what every reader makes of them before they are compared.
        wide = [polars.col(c).cast(polars.Float64) for c in asked if schema[c] == polars.Float32]
        frame = polars.scan_parquet(given).select(asked).with_columns(wide)
        yield polars.DataFrame(schema=dict.fromkeys(asked, polars.String)).write_csv().encode()
        for batch in frame.collect_batches(chunk_size=_ROWS, maintain_order=True):
            yield batch.write_csv(include_header=False).encode()
    except polars.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0][:200]
        raise ScoringError("bad_parquet", file=name, value=reason) from error
