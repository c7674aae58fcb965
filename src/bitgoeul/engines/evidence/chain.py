"""A chain of seals: each seal commits to a batch of rows and to every seal before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bitgoeul.engines.evidence.canonical import digest
from bitgoeul.engines.evidence.merkle import merkle_root
from bitgoeul.engines.evidence.verdict import PASSED, Verdict, failed

GENESIS = "0" * 64


@dataclass(frozen=True)
class Seal:
    """One link of the chain.

    Parameters
    ----------
    number : int
        1 for the first seal, then without gaps.
    previous : str
        Digest of the seal before; 64 zeros for the first.
    root : str
        Merkle root of the sealed rows, hexadecimal.
    count : int
        How many rows the root covers.
    at : str
        When it was made, ISO 8601 with offset.
    digest : str
        See `seal_digest`.
    """

    number: int
    previous: str
    root: str
    count: int
    at: str
    digest: str


def seal_digest(*, number: int, previous: str, root: str, count: int, at: str) -> str:
    """Digest over all fields of a seal."""
    fields = {"number": number, "previous": previous, "root": root, "count": count, "at": at}
    return digest(fields)


def make_seal(*, previous: Seal | None, leaves: Sequence[bytes], at: str) -> Seal:
    """The next seal of the chain over one batch of rows.

    >>> first = make_seal(previous=None, leaves=[b"row 1"], at="2026-11-22T15:00:00+09:00")
    >>> second = make_seal(previous=first, leaves=[], at="2026-11-22T15:01:00+09:00")
    >>> second.number, second.previous == first.digest
    (2, True)
    """
    number = previous.number + 1 if previous else 1
    before = previous.digest if previous else GENESIS
    root = merkle_root(leaves).hex()
    sealed = seal_digest(number=number, previous=before, root=root, count=len(leaves), at=at)
    return Seal(number=number, previous=before, root=root, count=len(leaves), at=at, digest=sealed)


def verify_seals(
    links: Iterable[tuple[Seal, Sequence[bytes] | None]], *, head: str | None = None
) -> Verdict:
    """Check a whole chain, oldest seal first.

    Parameters
    ----------
    links : iterable of (Seal, leaves)
        Leaves are the rows as they are now; None checks the link without its rows.
    head : str, optional
        Digest of the last seal as somebody else remembers it: without it, cutting off the
        newest seals cannot be seen.

    Returns
    -------
    Verdict
        Codes ``seal_number``, ``seal_link``, ``seal_digest``, ``row_count``, ``row_content``
        or ``head``; ``where`` is ``seal N``.

    Notes
    -----
    One pass, O(rows) hashes, holds one batch at a time.
    """
    number, previous = 0, GENESIS
    for seal, leaves in links:
        number += 1
        where = f"seal {number}"
        if seal.number != number:
            return failed("seal_number", where, expected=number, found=seal.number)
        if seal.previous != previous:
            return failed("seal_link", where, expected=previous, found=seal.previous)
        content = seal_digest(
            number=seal.number, previous=seal.previous, root=seal.root, count=seal.count, at=seal.at
        )
        if content != seal.digest:
            return failed("seal_digest", where, expected=content, found=seal.digest)
        if leaves is not None and len(leaves) != seal.count:
            return failed("row_count", where, expected=seal.count, found=len(leaves))
        if leaves is not None and merkle_root(leaves).hex() != seal.root:
            return failed("row_content", where, expected=seal.root)
        previous = seal.digest
    if head is not None and head != previous:
        return failed("head", f"seal {number}", expected=head, found=previous)
    return PASSED
