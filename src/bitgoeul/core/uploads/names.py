"""Names of files as they may be kept and shown: never a path, never a trick."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    # Control characters, signs that paths and shells read, invisible and direction-changing
    # signs, lone surrogates, noncharacters.
    r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
# Devices of Windows: no colleague could store such a file again.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
LONGEST = 100


def safe_name(name: str) -> str:
    """The name of a file as it may be shown: no path, no control or direction signs.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\a\\\\con.csv"), safe_name("  ..  ")
    ('passwd', '_con.csv', 'file')
    """
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    base = _UNSAFE.sub("_", base).strip(" .") or "file"
    if _RESERVED.fullmatch(base.split(".")[0].strip()):
        base = "_" + base
    if len(base) <= LONGEST:
        return base
    stem, dot, suffix = base.rpartition(".")
    return f"{stem[: LONGEST - 10]}.{suffix[:9]}" if dot else base[:LONGEST]


def suffix_of(name: str) -> str:
    """What follows the last point, in lower case; empty when the name has none.

    >>> suffix_of("명단.XLSX"), suffix_of("a.tar.gz"), suffix_of("README"), suffix_of(".csv")
    ('xlsx', 'gz', '', 'csv')
    """
    safe = unicodedata.normalize("NFKC", re.split(r"[/\\]", name)[-1])
    return _UNSAFE.sub("", safe).strip(" .").rpartition(".")[2].lower() if "." in safe else ""
