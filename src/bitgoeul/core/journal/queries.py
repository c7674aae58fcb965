"""Reading the journal: its head, whether it still stands, and what happened to an object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from bitgoeul.core.journal.models import Entry, Leaf, Reading, Seal
from bitgoeul.core.journal.services import moment
from bitgoeul.engines import evidence

_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether every sealed row stands as it was sealed; otherwise the first that does not."""

    ok: bool
    reason: str
    seals: int = 0
    entries: int = 0
    head: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the shape that `bitgoeul verify journal` prints."""
        return {
            "ok": self.ok,
            "reason": self.reason,
            "seals": self.seals,
            "entries": self.entries,
            "head": self.head,
        }


def head() -> str:
    """Return the digest of the newest seal, or an empty text before the first."""
    newest = Seal.objects.order_by("-number").values_list("digest", flat=True).first()
    return newest or ""


def entries_about(object_uuid: UUID) -> QuerySet[Entry]:
    """Return what happened to one object, oldest first."""
    return Entry.objects.filter(object_uuid=object_uuid).order_by("id")


def readings_about(subject_uuid: UUID) -> QuerySet[Reading]:
    """Return who read one person's data, newest first."""
    return Reading.objects.filter(of__subject_uuid=subject_uuid).order_by("-id")


def verify(*, heads: Iterable[str] = ()) -> Verdict:
    """Recompute every seal from its rows and name the first that does not agree.

    `heads` are digests of seals that were published elsewhere (in reports, on paper): a chain
    whose last seals were cut off still fits itself, but it no longer holds them all.
    """
    previous: Seal | None = None
    seals = entries = 0
    for made in Seal.objects.order_by("number").iterator(chunk_size=_CHUNK):
        fault = _fault_of_seal(made, previous)
        if fault:
            return Verdict(ok=False, reason=fault, seals=seals, entries=entries)
        previous, seals, entries = made, seals + 1, entries + made.entries
    for known in heads:
        if known and not Seal.objects.filter(digest=known).exists():
            reason = f"the seal {known}, which was published, is missing"
            return Verdict(ok=False, reason=reason, seals=seals, entries=entries)
    return Verdict(
        ok=True,
        reason="every sealed row stands",
        seals=seals,
        entries=entries,
        head=previous.digest if previous else "",
    )


def _fault_of_seal(made: Seal, previous: Seal | None) -> str:
    number = previous.number + 1 if previous else 1
    if made.number != number:
        return f"seal {number} is missing"
    digests: list[bytes] = []
    for leaf, entry in _leaves_with_entries(made):
        if leaf.position >= made.entries:
            return f"entry {leaf.entry_uuid} (seal {number}) was slipped in"
        if leaf.position != len(digests):
            return f"seal {number}: the row at place {len(digests)} is missing"
        if entry is None:
            return f"entry {leaf.entry_uuid} (seal {number}, place {leaf.position}) is missing"
        if evidence.digest(entry.content()) != leaf.digest:
            return f"entry {leaf.entry_uuid} (seal {number}, place {leaf.position}) was altered"
        digests.append(bytes.fromhex(leaf.digest))
    return _fault_of_chain(made, previous, digests)


def _fault_of_chain(made: Seal, previous: Seal | None, digests: list[bytes]) -> str:
    number = made.number
    if len(digests) != made.entries:
        return f"seal {number}: {made.entries - len(digests)} of its last rows are missing"
    if evidence.merkle_root(digests).hex() != made.merkle_root:
        return f"seal {number}: its Merkle root does not fit its rows"
    chained = evidence.seal_digest(
        number=made.number,
        previous=previous.digest if previous else "",
        root=made.merkle_root,
        count=made.entries,
        at=moment(made.at),
    )
    if chained != made.digest or made.previous_digest != (previous.digest if previous else ""):
        return f"seal {number} was altered"
    return ""


def _leaves_with_entries(made: Seal) -> Iterator[tuple[Leaf, Entry | None]]:
    leaves = list(Leaf.objects.filter(seal=made).order_by("position"))
    for start in range(0, len(leaves), 500):
        some = leaves[start : start + 500]
        entries = Entry.objects.in_bulk([leaf.entry_id for leaf in some])
        yield from ((leaf, entries.get(leaf.entry_id)) for leaf in some)
