"""The metrics, on arrays. scikit-learn is the oracle of their tests."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bitgoeul.engines.scoring.metrics.curves import average_precision, roc_auc, roc_auc_ovo
from bitgoeul.engines.scoring.metrics.labels import (
    accuracy,
    balanced_accuracy,
    macro_f1,
    mcc,
    mean_iou,
    micro_f1,
    misses,
    quadratic_kappa,
    weighted_f1,
)
from bitgoeul.engines.scoring.metrics.lists import (
    gain_lost,
    mask_iou,
    mean_average_precision,
    ndcg,
    overlap_lost,
    parse_gains,
    parse_items,
    parse_mask,
    precision_lost,
)
from bitgoeul.engines.scoring.metrics.metric import (
    EPSILON,
    Codes,
    Floats,
    Metric,
    Needs,
    Parameter,
    Reads,
)
from bitgoeul.engines.scoring.metrics.values import (
    distances,
    even_shares,
    log_loss,
    log_squares,
    mae,
    mape,
    pinball,
    r2,
    rmse,
    rmsle,
    shares,
    slopes,
    smape,
    squares,
    surprises,
)
from bitgoeul.engines.scoring.result import ScoringError

__all__ = [
    "EPSILON", "METRICS", "Codes", "Floats", "Metric", "Needs", "Parameter", "Reads",
    "metric_named", "parse_gains", "parse_items", "parse_mask",
]  # fmt: skip

_TWO = Needs.TWO_CLASSES
_K = Parameter("k", least=1, most=10_000, whole=True)
_QUANTILE = Parameter("quantile", least=0, most=1, whole=False)

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", Reads.LABELS, True, accuracy, losses=misses),
        Metric("balanced_accuracy", Reads.LABELS, True, balanced_accuracy),
        Metric("macro_f1", Reads.LABELS, True, macro_f1),
        Metric("micro_f1", Reads.LABELS, True, micro_f1, losses=misses),
        Metric("weighted_f1", Reads.LABELS, True, weighted_f1),
        Metric("quadratic_kappa", Reads.LABELS, True, quadratic_kappa, _TWO),
        Metric("mcc", Reads.LABELS, True, mcc, _TWO),
        Metric("mean_iou", Reads.LABELS, True, mean_iou),
        Metric("roc_auc", Reads.SCORES, True, roc_auc, _TWO),
        Metric("roc_auc_ovo", Reads.SCORES, True, roc_auc_ovo, _TWO),
        Metric("average_precision", Reads.SCORES, True, average_precision, _TWO),
        Metric("log_loss", Reads.PROBABILITIES, False, log_loss, _TWO, losses=surprises),
        Metric("rmse", Reads.VALUES, False, rmse, losses=squares),
        Metric("mae", Reads.VALUES, False, mae, losses=distances),
        Metric("rmsle", Reads.VALUES, False, rmsle, Needs.NOT_NEGATIVE, losses=log_squares),
        Metric("mape", Reads.VALUES, False, mape, losses=shares),
        Metric("smape", Reads.VALUES, False, smape, losses=even_shares),
        Metric("r2", Reads.VALUES, True, r2, Needs.SPREAD),
        Metric("pinball", Reads.VALUES, False, pinball, parameter=_QUANTILE, losses=slopes),
        Metric(
            "map", Reads.LISTS, True, mean_average_precision, parameter=_K, losses=precision_lost
        ),
        Metric("ndcg", Reads.GAINS, True, ndcg, parameter=_K, losses=gain_lost),
        Metric("mask_iou", Reads.MASKS, True, mask_iou, losses=overlap_lost),
    )
}


def metric_named(name: str) -> Metric:
    """The metric of a name; a parameter follows an at sign.

    Raises
    ------
    ScoringError
        ``unknown_metric``, ``missing_parameter`` or ``bad_parameter``.

    Examples
    --------
    >>> metric_named("rmse").higher_is_better, metric_named("map@5").name
    (False, 'map@5')
    >>> metric_named("map")
    Traceback (most recent call last):
    bitgoeul.engines.scoring.result.ScoringError: missing_parameter: value=map expected=map@<k>
    """
    stem, at, given = name.partition("@")
    found = METRICS.get(stem)
    if found is None or (at and found.parameter is None):
        known = (
            m.name + (f"@<{m.parameter.name}>" if m.parameter else "") for m in METRICS.values()
        )
        raise ScoringError("unknown_metric", value=name, expected=", ".join(known))
    if found.parameter is None:
        return found
    pattern = f"{stem}@<{found.parameter.name}>"
    if not given:
        raise ScoringError("missing_parameter", value=name, expected=pattern)
    value = found.parameter.parse(given)
    if value is None:
        raise ScoringError("bad_parameter", value=name, expected=found.parameter.range)
    given_value = {found.parameter.name: value}
    losses = found.losses and partial(found.losses, **given_value)
    compute = partial(found.compute, **given_value)
    return replace(found, name=name, compute=compute, parameter=None, losses=losses)
