"""What became of an application, as its author and the officers may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.programmes.models import Application, Selection
from bitgoeul.apps.programmes.queries.eligibility import reason_text
from bitgoeul.apps.programmes.queries.selection import has_few


@dataclass(frozen=True, kw_only=True)
class PoolReason:
    """Why one seat pool did not take a person: its cut-off and the place in its queue."""

    pool: str
    cutoff: str | None
    places_behind: int
    lottery_decided: bool


@dataclass(frozen=True, kw_only=True)
class ChoiceReason:
    """A wanted track that another applicant got, with the reason per seat pool."""

    number: int
    track: str
    pools: tuple[PoolReason, ...]


def outcome_of(application: Application, *, show_scores: bool) -> dict[str, Any]:
    """Return state, scores (after publishing, or for officers) and the reasons of the selection."""
    selection = (
        Selection.objects.filter(application=application, round__published_at__isnull=False)
        .select_related("round", "track")
        .first()
    )
    scores = []
    if show_scores or selection is not None:
        scores = list(application.stage_scores.select_related("stage").order_by("stage__order"))
    return {
        "reason": reason_text(application.state_reason),
        "selection": selection,
        "scores": scores,
        "reasons": reasons_of(selection) if selection is not None else [],
        "missing": missing_stages(selection) if selection is not None else [],
    }


def reasons_of(selection: Selection) -> list[ChoiceReason]:
    """Return, per track wanted more than the outcome, why it was not given."""
    cohort_tracks = {track.key: track.name for track in selection.round.cohort.tracks.all()}
    filled = {
        (pool["position"], pool["pool"]): pool["filled"]
        for pool in selection.round.certificate.get("pools", [])
    }
    return [
        ChoiceReason(
            number=choice["choice"],
            track=cohort_tracks.get(choice["position"], choice["position"]),
            pools=tuple(_pool(choice["position"], pool, filled) for pool in choice["pools"]),
        )
        for choice in selection.why.get("choices", [])
    ]


def missing_stages(selection: Selection) -> list[str]:
    """Return the names of the stages without a score, because of which nobody can be ranked."""
    keys = set(selection.why.get("missing", []))
    stages = selection.round.cohort.stages.order_by("order") if keys else []
    return [stage.name for stage in stages if stage.key in keys]


def _pool(track: str, pool: Mapping[str, Any], filled: Mapping[tuple[str, str], int]) -> PoolReason:
    # The last one admitted to a small pool would be recognised by the score.
    public = not has_few(filled.get((track, pool["pool"]), 0))
    cutoff = pool["cutoff"]["score"] if pool["cutoff"] and public else None
    return PoolReason(
        pool=pool["pool"],
        cutoff=cutoff,
        places_behind=pool["places_behind"],
        lottery_decided=pool["lottery_decided"],
    )
