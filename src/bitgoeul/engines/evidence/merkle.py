"""Merkle trees as in Certificate Transparency: one root for many rows, short proofs for one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bitgoeul.engines.evidence.canonical import EvidenceError


def _leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _level_up(level: list[bytes]) -> list[bytes]:
    # A lone last node moves up unchanged, which is the same tree as RFC 9162's split at the
    # largest power of two.
    paired = [_node(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
    return paired + level[len(paired) * 2 :]


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root hash over the leaves, in their order.

    Leaves and inner nodes are hashed with different prefixes, so an inner node can never be
    passed off as a leaf.

    Notes
    -----
    O(number of leaves) hashes. The root of no leaves is SHA-256 of nothing.

    References
    ----------
    RFC 9162, Certificate Transparency Version 2.0, section 2.1, 2021.

    Examples
    --------
    >>> merkle_root([]).hex()[:16]
    'e3b0c44298fc1c14'
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _level_up(level)
    return level[0]


@dataclass(frozen=True)
class InclusionProof:
    """The sibling hashes from one leaf up to the root."""

    index: int
    size: int
    path: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.size:
            raise EvidenceError("no_such_leaf", value=self.index, expected=f"0..{self.size - 1}")


def inclusion_proof(leaves: Sequence[bytes], index: int) -> InclusionProof:
    """Proof that ``leaves[index]`` is under the root of all leaves.

    >>> proof = inclusion_proof([b"a", b"b", b"c"], 2)
    >>> verify_inclusion(merkle_root([b"a", b"b", b"c"]), b"c", proof)
    True
    >>> verify_inclusion(merkle_root([b"a", b"b", b"c"]), b"d", proof)
    False
    """
    size = len(leaves)
    proof = InclusionProof(index=index, size=size, path=())
    level = [_leaf(leaf) for leaf in leaves]
    path: list[bytes] = []
    place = index
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _level_up(level)
        place //= 2
    return InclusionProof(index=proof.index, size=size, path=tuple(path))


def verify_inclusion(root: bytes, leaf: bytes, proof: InclusionProof) -> bool:
    """Whether the proof leads from the leaf to the root.

    References
    ----------
    RFC 9162, section 2.1.3.2.
    """
    node = _leaf(leaf)
    place, last = proof.index, proof.size - 1
    for sibling in proof.path:
        if last == 0:
            return False
        if place % 2 or place == last:
            node = _node(sibling, node)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            node = _node(node, sibling)
        place, last = place // 2, last // 2
    return last == 0 and node == root
