"""From a cohort's rows to a market of the matching engine, by way of a frozen document.

The frozen document is everything the result depends on. It is stored with its digest; the market
is built from the document alone, so whoever holds it can repeat the round without our database.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Prefetch

from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import Application, Choice, Cohort, RuleValues, Stage
from bitgoeul.engines import matching
from bitgoeul.engines.evidence import digest

LOCAL = "local"
_THOUSANDTH = Decimal("0.001")


def freeze(cohort: Cohort, *, round_name: str) -> dict[str, Any]:
    """Read everything a selection depends on into one plain document."""
    values = cohort.rule_set.thresholds
    stages = list(cohort.stages.order_by("order"))
    tracks = list(cohort.tracks.order_by("key"))
    ranked: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    for application in _applications(cohort):
        row = _frozen_application(application, cohort, stages, values)
        (left_out if row["missing"] else ranked).append(row)
    return {
        "format": "bitgoeul-selection/2",
        "cohort": str(cohort.uuid),
        "round": round_name,
        "seed": cohort.lottery_seed,
        "band_width": str(cohort.band_width.normalize()),
        "local": {
            "share": str(Decimal(str(cohort.local_share))),
            "regions": sorted(cohort.local_regions),
            "definition": values.local_definition,
            "rounding": values.local_seat_rounding,
        },
        "stages": [
            {"key": stage.key, "weight": stage.weight, "top_score": stage.top_score}
            for stage in stages
        ],
        "tracks": [{"key": track.key, "seats": track.seats} for track in tracks],
        "applicants": ranked,
        "left_out": left_out,
    }


def digest_of(frozen: Mapping[str, Any]) -> str:
    """Return the digest under which a frozen document is known."""
    return digest(frozen)


def problem_of(frozen: Mapping[str, Any]) -> matching.Problem:
    """Build the market of a frozen document."""
    local = frozen["local"]
    reserves: tuple[matching.Reserve, ...] = ()
    if Decimal(local["share"]):
        reserve = matching.Reserve(
            LOCAL, "yes", share=Decimal(local["share"]), rounding=local["rounding"]
        )
        reserves = (reserve,)
    rules = matching.Rules(
        lottery=matching.Lottery(seed=frozen["seed"], round=frozen["round"]), reserves=reserves
    )
    return matching.Problem.build(
        choices=_choices(frozen["applicants"]),
        positions=[matching.Position(track["key"], track["seats"]) for track in frozen["tracks"]],
        rules=rules,
    )


def _choices(applicants: Iterable[Mapping[str, Any]]) -> Iterable[matching.Choice]:
    for row in applicants:
        for rank, track in enumerate(row["choices"], start=1):
            yield matching.Choice(
                applicant=row["number"],
                position=track,
                rank=rank,
                score=standing_score(row),
                groups={LOCAL: "yes" if row["local"] else "no"},
            )


def weighted_total(scores: Mapping[str, Decimal], stages: Iterable[Stage]) -> Decimal:
    """Return the weighted score out of 100, to three decimals, half up; a missing one is 0."""
    total = sum(
        (scores.get(stage.key, Decimal(0)) * stage.weight / stage.top_score for stage in stages),
        Decimal(0),
    )
    return total.quantize(_THOUSANDTH, ROUND_HALF_UP)


def band_of(total: Decimal, width: Decimal) -> Decimal:
    """Return the lowest score of the band in which a total lies; without a width the total."""
    if not width:
        return total
    band: Decimal = (total // width) * width
    return band.quantize(_THOUSANDTH)


def standing_score(row: Mapping[str, Any]) -> str:
    """Return the score by which a frozen applicant stands; rounds of before knew no bands."""
    return str(row.get("band", row["total"]))


def is_local(application: Application, cohort: Cohort, values: RuleValues) -> bool:
    """Tell whether an applicant counts as local by the cohort's definition."""
    regions = set(cohort.local_regions)
    by_residence = application.residence in regions
    by_school = application.school_region in regions
    if values.local_definition == "residence":
        return by_residence
    return by_school if values.local_definition == "school" else by_residence or by_school


def _applications(cohort: Cohort) -> Iterable[Application]:
    return (
        Application.objects.filter(cohort=cohort, state=ApplicationState.SUBMITTED)
        .prefetch_related(
            "stage_scores__stage",
            Prefetch("choices", Choice.objects.select_related("track").order_by("rank")),
        )
        .order_by("number")
    )


def _frozen_application(
    application: Application, cohort: Cohort, stages: list[Stage], values: RuleValues
) -> dict[str, Any]:
    scores = {score.stage.key: score.score for score in application.stage_scores.all()}
    missing = [stage.key for stage in stages if stage.key not in scores]
    total = weighted_total(scores, stages)
    return {
        "number": application.number,
        "uuid": str(application.uuid),
        "choices": [choice.track.key for choice in application.choices.all()],
        "scores": {key: str(score) for key, score in sorted(scores.items())},
        "total": str(total),
        "band": str(band_of(total, cohort.band_width)),
        "local": is_local(application, cohort, values),
        "missing": missing if values.all_stages_needed else [],
    }
