"""Write a minimal XLS (BIFF8 in a compound file), as nothing here writes them any more."""

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _cell(line: int, place: int, cell: str | float) -> bytes:
    where = struct.pack("<HHH", line, place, 0)
    if isinstance(cell, str):
        return _record(0x0204, where + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, where + struct.pack("<d", cell))


def _workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    name = "명단"
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    end = _record(0x000A, b"")
    length = len(_record(0x0809, begin)) + len(_record(0x0085, bytes(6) + sheet_name)) + len(end)
    sheet_at = struct.pack("<IBB", length, 0, 0)
    globals_part = _record(0x0809, begin) + _record(0x0085, sheet_at + sheet_name) + end
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell != "":
                sheet += _cell(line, place, cell)
    return globals_part + sheet + end


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<III", _FREE, _FREE, child)
        + bytes(16 + 4 + 8 + 8)
        + struct.pack("<IQ", start, size)
    )


def xls_bytes(rows: Sequence[Sequence[str | float]]) -> bytes:
    """The rows as a workbook of one sheet."""
    stream = _workbook(rows).ljust(4096, b"\0")
    stream += bytes(-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    # Sector 0 holds the allocation table, sector 1 the directory, the workbook follows.
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x003E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
        + struct.pack("<I", 0)
    )
    header = header.ljust(_SECTOR, b"\xff")
    return header + table + directory.ljust(_SECTOR, b"\0") + stream
