"""What a candidate scorer would change: scores and places, entry by entry."""

from dataclasses import dataclass

from bitgoeul.apps.contests.enums import EntryState, ScorerState
from bitgoeul.apps.contests.models import Entry, Score, Scorer


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One entry under the scorer in force and under the candidate."""

    entry: Entry
    public_before: float | None
    public_after: float | None
    private_before: float | None
    private_after: float | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many entries a candidate has tried, of how many."""

    tried: int
    total: int
    waiting: int

    @property
    def ready(self) -> bool:
        """Nothing is left to try."""
        return self.tried >= self.total and self.waiting == 0


def progress_of(scorer: Scorer) -> Progress:
    """Return how far a candidate is."""
    scored = Entry.objects.filter(task=scorer.task_id, state=EntryState.SCORED)
    return Progress(
        tried=Score.objects.filter(scorer=scorer, entry__in=scored).count(),
        total=scored.count(),
        waiting=Entry.objects.filter(task=scorer.task_id, state=EntryState.QUEUED).count(),
    )


def changes_of(scorer: Scorer) -> list[Difference]:
    """Return the entries whose scores a candidate would change, the largest change first."""
    rows = Score.objects.filter(entry__task=scorer.task_id).select_related("entry__team", "scorer")
    before: dict[int, Score] = {}
    after: dict[int, Score] = {}
    for row in rows:
        if row.scorer_id == scorer.pk:
            after[row.entry_id] = row
        elif row.scorer.state == ScorerState.CURRENT:
            before[row.entry_id] = row
    found = [
        Difference(
            entry=new.entry,
            public_before=before[key].public if key in before else None,
            public_after=new.public,
            private_before=before[key].private if key in before else None,
            private_after=new.private,
        )
        for key, new in after.items()
        if key not in before
        or (before[key].public, before[key].private) != (new.public, new.private)
    ]
    return sorted(found, key=_size, reverse=True)


def _size(one: Difference) -> float:
    if one.public_before is None or one.public_after is None:
        return float("inf")
    return abs(one.public_after - one.public_before)
