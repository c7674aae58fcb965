"""Which submissions resemble each other: winnowing over tokens, so that names do not matter.

Every name, number and text is one token of its kind; runs of twelve tokens are hashed, and of
each eight neighbouring hashes the smallest is kept. What the file to start from holds does not
count, and neither does what most people wrote.

References
----------
Schleimer, Wilkerson, Aiken: Winnowing: Local Algorithms for Document Fingerprinting, SIGMOD 2003.
"""

from __future__ import annotations

import hashlib
import io
import json
import keyword
import tokenize
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
RUN, WINDOW = 12, 8
LEAST = 6
"""With fewer fingerprints a program is too short to be compared."""
MANY, COMMON = 8, 0.6
"""Among so many submissions, what more than this share of them holds is everybody's idiom."""
_IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Pair(Generic[K]):
    """Two submissions: the share of the smaller one's fingerprints that both have."""

    first: K
    second: K
    share: float
    common: int


def similar_pairs(
    files: Mapping[K, str], *, known: Iterable[str] = (), least: float = 0.6, most: int = 200
) -> list[Pair[K]]:
    """Return the pairs that share at least so much, the most alike first.

    Examples
    --------
    >>> lines = [f"a{k} = b[{k}] * (c - {k}) if d > {k} else print(e" + ")" for k in range(9)]
    >>> code = ";".join(lines) + ";" + "x+y*z-(1/2)" + ";f(g)[1:2]" + ";h={i:j for i in k}"
    >>> similar_pairs({"x": code, "y": code.replace("d", "e"), "z": "print(1)"})[0].share
    1.0
    """
    leave_out = set().union(*(fingerprints(text) for text in known)) if known else set()
    prints = {key: fingerprints(text) - leave_out for key, text in files.items()}
    holders: dict[int, list[K]] = defaultdict(list)
    for key, found in prints.items():
        for one in found:
            holders[one].append(key)
    common: Counter[tuple[K, K]] = Counter()
    everybody = len(files) * COMMON if len(files) >= MANY else len(files) + 1
    idioms: Counter[K] = Counter()
    for keys in holders.values():
        if len(keys) > everybody:
            idioms.update(keys)
            continue
        for number, first in enumerate(keys):
            common.update((first, second) for second in keys[number + 1 :])
    sizes = {key: len(found) - idioms[key] for key, found in prints.items()}
    pairs = [
        Pair(first, second, shared / smaller, shared)
        for (first, second), shared in common.items()
        if (smaller := min(sizes[first], sizes[second])) >= LEAST and shared / smaller >= least
    ]
    pairs.sort(key=lambda pair: (-pair.share, -pair.common))
    return pairs[:most]


def fingerprints(text: str) -> set[int]:
    """Return the kept hashes of a program.

    >>> fingerprints("a = 1") == fingerprints("b = 2") == set()
    True
    """
    tokens = list(_tokens(text))
    hashes = [_hash(tokens[at : at + RUN]) for at in range(len(tokens) - RUN + 1)]
    if len(hashes) <= WINDOW:
        return set(hashes)
    return {min(hashes[at : at + WINDOW]) for at in range(len(hashes) - WINDOW + 1)}


def code_of(content: bytes, name: str) -> str:
    """Return the program in a file: of a notebook, its cells of code."""
    text = content.decode("utf-8", "replace")
    if not name.lower().endswith(".ipynb"):
        return text
    try:
        cells = json.loads(text).get("cells", [])
        parts = ["".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return "\n".join(parts)


def _tokens(text: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _IGNORED:
                continue
            if token.type == tokenize.NAME:
                yield token.string if keyword.iskeyword(token.string) else "n"
            elif token.type == tokenize.NUMBER:
                yield "0"
            elif token.type == tokenize.STRING:
                yield "s"
            else:
                yield token.string.strip() or tokenize.tok_name[token.type]
    except (tokenize.TokenError, SyntaxError, ValueError):
        # What came before the fault is compared; a program that cannot be read is handed in too.
        return


def _hash(run: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(run).encode(), digest_size=8).digest(), "big")
