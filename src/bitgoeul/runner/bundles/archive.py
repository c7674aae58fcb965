"""Zip files from outside, read into memory within bounds, and never written anywhere."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from .problems import BundleError

MIB = 2**20
MOST_MEMBERS = 10_000
MOST_BYTES = 512 * MIB
MOST_RATIO = 200
"""No real file is packed tighter than this, once it is larger than `SMALL`."""
SMALL = 8 * MIB
LONGEST_NAME = 400
LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__"}
ENCRYPTED, UTF_8 = 0x1, 0x800
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


@dataclass
class Budget:
    """How much may still be unpacked: one for a bundle with every zip inside of it."""

    members: int = MOST_MEMBERS
    bytes: int = MOST_BYTES

    def take(self, size: int, *, member: str) -> None:
        """One member more, of this size."""
        self.members -= 1
        self.bytes -= size
        if self.members < 0:
            raise BundleError("too_many_members", member=member, value=MOST_MEMBERS)
        if self.bytes < 0:
            raise BundleError("zip_too_large", member=member, value=MOST_BYTES // MIB)


@dataclass(frozen=True)
class Archive(Mapping[str, bytes]):
    """The files of a zip by their names, without the litter of desktops."""

    files: dict[str, bytes]
    name: str = ""
    budget: Budget = field(default_factory=Budget, compare=False)

    def __getitem__(self, name: str) -> bytes:
        return self.files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def below(self, folder: str) -> dict[str, bytes]:
        """The files of a folder, named from there on."""
        start = folder.strip("/") + "/"
        if start in {"/", "./"}:
            return dict(self.files)
        size = len(start)
        return {n[size:]: data for n, data in self.files.items() if n.startswith(start)}

    def within(self, folder: str) -> Archive:
        """The same as if the folder had been zipped."""
        return Archive(self.below(folder), self.name, self.budget)

    @property
    def wrapper(self) -> str:
        """The single folder that holds everything, or nothing."""
        firsts = {name.partition("/")[0] if "/" in name else "" for name in self.files}
        return firsts.pop() if len(firsts) == 1 else ""


def read_zip(content: bytes, *, name: str = "", budget: Budget | None = None) -> Archive:
    """Read a zip file.

    Raises
    ------
    BundleError
        When it is none, or holds what no honest one does: more than may be unpacked, names that
        lead out of it, symbolic links, devices, a password, a member twice with other content.
    """
    budget = budget or Budget()
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            members = opened.infolist()
            if len(members) > budget.members:
                raise BundleError("too_many_members", member=name, value=MOST_MEMBERS)
            for member in members:
                path = _path(member, archive=name)
                if not path or _litter(path):
                    continue
                data = _content(opened, member, path=_inside(name, path), budget=budget)
                if files.setdefault(path, data) != data:
                    raise BundleError("member_twice", member=_inside(name, path))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise BundleError("not_a_zip", member=name, value=error) from error
    except (ValueError, zlib.error, lzma.LZMAError, struct.error) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError("not_a_zip", member=name, value=error) from error
    _no_file_is_a_folder(files, name)
    return Archive(files, name, budget)


def look_at_zip(content: bytes, *, budget: Budget) -> int:
    """Judge a zip by its directory alone, unpacking nothing; how many files it names.

    Raises
    ------
    BundleError
        For what `read_zip` refuses by names and sizes.
    """
    count = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for member in opened.infolist():
                path = _path(member, archive="")
                if path and not _litter(path):
                    budget.take(member.file_size, member=path)
                    count += 1
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise BundleError("not_a_zip", value=error) from error
    return count


def is_zip(content: bytes) -> bool:
    """Whether these bytes begin as a zip file does."""
    return content[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def _inside(archive: str, path: str) -> str:
    return f"{archive}!{path}" if archive else path


def _path(member: zipfile.ZipInfo, *, archive: str) -> str:
    """The member's name, checked; nothing for a folder."""
    name = _decoded(member)
    where = _inside(archive, name)
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise BundleError("symbolic_link", member=where)
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise BundleError("special_file", member=where)
    if len(name) > LONGEST_NAME:
        raise BundleError("name_too_long", member=where[:LONGEST_NAME], value=len(name))
    path = name.replace("\\", "/")
    parts = PurePosixPath(path).parts
    if (
        path.startswith("/")
        or ".." in parts
        or "\0" in member.orig_filename
        or (parts and len(parts[0]) == 2 and parts[0][1] == ":")
        or any(ord(letter) < 32 for letter in path)
    ):
        raise BundleError("leads_outside", member=where)
    if member.flag_bits & ENCRYPTED:
        raise BundleError("encrypted", member=where)
    if member.compress_type not in METHODS:
        raise BundleError("unknown_compression", member=where, value=member.compress_type)
    return "" if path.endswith("/") else "/".join(parts)


def _decoded(member: zipfile.ZipInfo) -> str:
    """Korean Windows names its members in cp949 and says nothing of it."""
    name = member.filename
    if not member.flag_bits & UTF_8 and not name.isascii():
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        for encoding in ("utf-8", "cp949"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name


def _litter(path: str) -> bool:
    parts = path.split("/")
    return any(part in LITTER or part.startswith("._") for part in parts)


def _content(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, *, path: str, budget: Budget
) -> bytes:
    budget.take(member.file_size, member=path)
    packed = max(1, member.compress_size)
    if member.file_size > SMALL and member.file_size / packed > MOST_RATIO:
        raise BundleError("zip_bomb", member=path, value=member.file_size // packed)
    with opened.open(member) as stream:
        # What the directory says is not believed: one byte more than it says is too much.
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise BundleError("zip_bomb", member=path, value=len(data))
    return data


def _no_file_is_a_folder(files: Mapping[str, bytes], archive: str) -> None:
    for path in files:
        for folder in PurePosixPath(path).parents:
            if str(folder) in files:
                raise BundleError("member_twice", member=_inside(archive, str(folder)))
