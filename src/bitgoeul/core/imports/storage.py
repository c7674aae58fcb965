"""Where an uploaded file lies until its import has ended: the data folder, never an address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bitgoeul.core.uploads.gate import Door

from .errors import FileRefused
from .limits import LIMITS, MEBIBYTE

DOOR = Door(suffixes=("xlsx", "xls", "csv", "tsv", "txt"), most_bytes=LIMITS.file_bytes)
"""What the pages and the command of the importer take."""


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
