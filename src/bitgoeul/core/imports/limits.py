"""How large a file, a table and a cell may be. One place, so that tests can lower them."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one import; every one of them has its own message."""

    file_bytes: int = 20 * MEBIBYTE
    unpacked_bytes: int = 100 * MEBIBYTE
    #: Parts larger than `ratio_from` may not unpack to more than `ratio` times their size.
    ratio: int = 150
    ratio_from: int = 4 * MEBIBYTE
    members: int = 1_000
    sheets: int = 40
    rows: int = 200_000
    columns: int = 300
    cell: int = 10_000
    #: The child that parses the file.
    memory_mb: int = 512
    seconds: int = 20
    output_bytes: int = 160 * MEBIBYTE


LIMITS = Limits()
