"""The gate for files that are kept and handed out as they are: papers, minutes, evidence.

Nothing here is opened on the server later, and every file leaves as a download. So the gate asks
that a file is what its name says, carries nothing that acts on its own, and hides nothing.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from bitgoeul.core.imports import archives, limited
from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.limits import LIMITS
from bitgoeul.core.imports.texts import CONTROL, decode
from bitgoeul.engines.csvfile import signature

from .gate import KIND_NAMES, Door, check_name, check_size
from .names import suffix_of
from .sizes import MEBIBYTE

PAPERS: Final = Door(
    suffixes=("pdf", "hwpx", "hwp", "docx", "xlsx", "pptx", "txt", "csv", "png", "jpg", "jpeg"),
    most_bytes=20 * MEBIBYTE,
)
"""What an office shares."""

_MARKS: Final[dict[str, bytes]] = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "hwp": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "hwpx": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "pptx": b"PK\x03\x04",
}
_ACTING = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_STREAM_BYTES = 64 * MEBIBYTE
_NEEDED = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "hwpx": "contents/"}
_WORDS = {
    "macros": "active_content",
    **dict.fromkeys(("bomb", "damaged", "unsafe_archive", "password", "unknown_type"), "bad_paper"),
}


def admit_paper(content: bytes, *, name: str, door: Door = PAPERS) -> None:
    """Let a paper pass, or say why not; its content is looked at in the confined child.

    Raises
    ------
    FileRefused
        With a code that says why the file may not come in.
    """
    check_name(name, door)
    check_size(len(content), door)
    suffix = suffix_of(name)
    if not suffix:
        raise FileRefused("wrong_kind", allowed=door.allowed, found="–")
    mark = _MARKS.get(suffix)
    found = signature(content[:1024])
    if (mark is not None and not content.startswith(mark)) or (mark is None and found != "text"):
        raise FileRefused("wrong_name", suffix=suffix, found=KIND_NAMES[found])
    look = _LOOKS.get(suffix)
    if look is None:
        return
    try:
        limited.run(
            lambda: look(content, suffix),
            memory_mb=door.memory_mb,
            seconds=door.seconds,
            output_bytes=MEBIBYTE,
        )
    except FileRefused as refusal:
        if refusal.code not in _WORDS:
            raise
        raise FileRefused(_WORDS[refusal.code]) from refusal


def _look_at_packed(content: bytes, suffix: str) -> Iterator[Any]:
    with tempfile.NamedTemporaryFile(suffix=".paper") as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        names = archives.check_packed(path, LIMITS)
        if not any(name.startswith(_NEEDED[suffix]) for name in names):
            raise FileRefused("bad_paper")
        if any("/embeddings/" in name or name.endswith((".exe", ".dll")) for name in names):
            raise FileRefused("active_content")
        archives.check_truth(path, LIMITS)
    yield True


def _look_at_compound(content: bytes, suffix: str) -> Iterator[Any]:
    archives.check_compound(content)
    yield True


def _look_at_pdf(content: bytes, suffix: str) -> Iterator[Any]:
    left = _STREAM_BYTES
    if b"%%EOF" not in content[-2048:] or _acts(content):
        raise FileRefused("active_content" if _acts(content) else "bad_paper")
    for found in _STREAM.finditer(content):
        inner = zlib.decompressobj()
        try:
            unpacked = inner.decompress(found.group(1), left)
        except zlib.error:
            continue  # packed another way: pictures and fonts
        left -= len(unpacked)
        if left <= 0 or inner.unconsumed_tail:
            raise FileRefused("bad_paper")
        if b"/ObjStm" in content and _acts(unpacked):
            raise FileRefused("active_content")
    yield True


def _acts(part: bytes) -> bool:
    """Whether a part names something that acts; names may hide letters behind #4A."""
    return bool(_ACTING.search(_HEX.sub(lambda found: bytes([int(found.group(1), 16)]), part)))


def _look_at_text(content: bytes, suffix: str) -> Iterator[Any]:
    _, text = decode(content)
    if found := CONTROL.search(text):
        raise FileRefused("control_character", line=text.count("\n", 0, found.start()) + 1)
    yield True


_LOOKS: dict[str, Callable[[bytes, str], Iterator[Any]]] = {
    "pdf": _look_at_pdf,
    "hwp": _look_at_compound,
    "txt": _look_at_text,
    "csv": _look_at_text,
    **dict.fromkeys(("hwpx", "docx", "xlsx", "pptx"), _look_at_packed),
}
