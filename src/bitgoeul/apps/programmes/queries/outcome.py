"""What became of an application, as its author and the officers may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import Application, Selection
from bitgoeul.apps.programmes.queries.eligibility import reason_text
from bitgoeul.apps.programmes.queries.selection import has_few
from bitgoeul.apps.programmes.queries.stages import stages_told
from bitgoeul.apps.programmes.queries.waiting import place_of


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
        "stages_told": stages_told(application),
        **_offer_of(application, selection),
        "missing": missing_stages(selection) if selection is not None else [],
    }


def _offer_of(application: Application, selection: Selection | None) -> dict[str, Any]:
    if selection is None:
        return {"offer": None, "places": {}}
    offer = application.seat_offers.select_related("track").order_by("-made_at", "-id").first()
    waits = offer is None and application.state == ApplicationState.NOT_SELECTED
    waits = waits and application.cut_in_id is None and application.cohort.answer_days is not None
    return {"offer": offer, "places": place_of(application, selection.round) if waits else {}}


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
