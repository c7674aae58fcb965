"""Look at the directory of a zipped spreadsheet before anything in it is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from .errors import FileRefused
from .limits import Limits

#: What the parts of a spreadsheet end in; programs and web pages have no place in one.
_PARTS = (
    "/", ".xml", ".rels", ".vml", ".bin", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff",
    ".emf", ".wmf", ".svg", ".wdp", ".psmdcp", ".json", ".dat", ".sig", ".sigs", ".odttf",
)  # fmt: skip
_END_LENGTH = 22
#: Descriptors after parts, the marks of long archives and a few bytes of padding.
_SLACK = 64
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError)
_MACRO_MARKS = ("vbaproject", "macrosheets/", "activex/", "vbadata", "xl/dialogsheets/")
_MACROS_IN_BINARY = ("_VBA_PROJECT".encode("utf-16-le"), b"_\x00V\x00B\x00A\x00")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_zip(path: Path, limits: Limits) -> None:
    """Refuse a spreadsheet that is a bomb, carries macros, or leads outside itself.

    Raises
    ------
    FileRefused
        With the code `bomb`, `macros`, `unsafe_archive`, `password` or `damaged`.
    """
    names = check_packed(path, limits)
    if "[content_types].xml" not in names:
        raise FileRefused("unknown_type")
    if not all(name.endswith(_PARTS) for name in names):
        raise FileRefused("unsafe_archive")


def check_packed(path: Path, limits: Limits) -> list[str]:
    """Refuse any archive that is a bomb, carries macros or hides something; return its names.

    Raises
    ------
    FileRefused
        With the code `bomb`, `macros`, `unsafe_archive`, `password` or `damaged`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _BROKEN:
        raise FileRefused("damaged") from None
    if len(members) > limits.members:
        raise FileRefused("bomb")
    names = [member.filename.replace("\\", "/").lower() for member in members]
    if len(set(names)) != len(names) or any(_leads_outside(name) for name in names):
        raise FileRefused("unsafe_archive")
    if any(mark in name for name in names for mark in _MACRO_MARKS):
        raise FileRefused("macros")
    if any(member.flag_bits & 0x1 for member in members):
        raise FileRefused("password")
    if any(member.compress_type not in {0, 8} for member in members):
        raise FileRefused("unsafe_archive")
    _check_sizes(members, limits)
    _check_places(path, members)
    return names


def _check_places(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if any(member.header_offset < 0 for member in members):
        raise FileRefused("damaged")
    if _hidden_bytes(path, members) > _SLACK * (len(members) + 1):
        raise FileRefused("unsafe_archive")


def _hidden_bytes(path: Path, members: list[zipfile.ZipInfo]) -> int:
    """How many bytes belong to no part and no directory: where a second file would hide."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END_LENGTH - 65_535))
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        directory = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
        known = directory + _END_LENGTH
        for member in members:
            file.seek(member.header_offset + 26)
            lengths = file.read(4)
            extra = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
            known += 30 + extra + member.compress_size
    return size - known


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/")


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise FileRefused("bomb")
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > limits.ratio_from and ratio > limits.ratio:
            raise FileRefused("bomb")


def check_truth(path: Path, limits: Limits) -> None:
    """Refuse an archive whose members unpack to more than their directory entries say.

    Unpacks into nothing, in pieces, inside the confined child.
    """
    piece = 1 << 18
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            size = 0
            try:
                with archive.open(member) as part:
                    while chunk := part.read(piece):
                        size += len(chunk)
            except _BROKEN:
                raise FileRefused("damaged") from None
            if size != member.file_size or size > limits.unpacked_bytes:
                raise FileRefused("bomb")


def check_compound(content: bytes) -> None:
    """Refuse an old binary spreadsheet with macros, and the wrapper of an encrypted new one."""
    if _ENCRYPTED in content:
        raise FileRefused("password")
    if any(mark in content for mark in _MACROS_IN_BINARY):
        raise FileRefused("macros")
