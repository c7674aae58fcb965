"""Where an uploaded file lies until its import has ended: the data folder, never an address."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from .errors import FileRefused
from .limits import LIMITS, MEBIBYTE

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f<>:\"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)


def folder() -> Path:
    """Where the files of all imports lie."""
    # Not "imports": a server that hands out the media folder must not shadow our own addresses.
    return Path(settings.MEDIA_ROOT) / "import-files"


def path_of(uuid: UUID) -> Path:
    """Where the file of one import lies."""
    return folder() / str(uuid)


def keep(uuid: UUID, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Write the file and return its size and SHA-256 digest.

    Raises
    ------
    FileRefused
        When it is longer than allowed; nothing stays then.
    """
    path = path_of(uuid)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in pieces:
                size += len(piece)
                if size > LIMITS.file_bytes:
                    most = LIMITS.file_bytes // MEBIBYTE
                    raise FileRefused("too_big", size=-(-size // MEBIBYTE), max=most)
                digest.update(piece)
                file.write(piece)
    except BaseException:
        forget(uuid)
        raise
    return size, digest.hexdigest()


def forget(uuid: UUID) -> None:
    """Remove the file; it may be gone already."""
    path_of(uuid).unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """The name of the file as it may be shown: no path, no control or direction signs."""
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    base = _UNSAFE.sub("_", base).strip(" .") or "file"
    if len(base) <= 100:
        return base
    stem, dot, suffix = base.rpartition(".")
    return f"{stem[:90]}.{suffix[:9]}" if dot else base[:100]
