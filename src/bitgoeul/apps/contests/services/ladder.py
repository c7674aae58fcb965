"""The Ladder: the public board of a phase changes by improvements larger than chance only."""

import datetime as dt
import math

from bitgoeul.apps.contests.models import Rung, Score, Scorer
from bitgoeul.apps.contests.queries.ladder import climbs
from bitgoeul.apps.labs import services as labs
from bitgoeul.engines.scoring import Ladder, Metric, metric_named, score_of_loss


def add_rung(score: Score, *, at: dt.datetime) -> Rung | None:
    """Keep what the board shows of a score; None where the board shows every score as it is.

    The caller holds the team's lock, so that two entries never climb over the same best.
    """
    if score.public is None or not climbs(score.entry.task, score.scorer.lab):
        return None
    metric = metric_named(score.scorer.lab.metric)
    best = _best(score, metric)
    if best is not None and not _ahead(score.public, best.score.public, metric):
        # No better than the best: nothing has to be read to know that.
        improved, shown = False, best.shown
    else:
        improved, shown = _climb(score, score.public, best, metric)
    return Rung.objects.create(score=score, shown=shown, improved=improved, made_at=at)


def add_rungs(scorer: Scorer, *, at: dt.datetime) -> int:
    """Let every score of a scorer that begins to rule climb, in the order of handing in."""
    rows = Score.objects.filter(scorer=scorer, rung__isnull=True)
    rows = rows.select_related("entry__task__phase", "entry__submission", "scorer__lab")
    ordered = rows.order_by("entry__received_at", "entry_id")
    return sum(add_rung(row, at=at) is not None for row in ordered)


def _best(score: Score, metric: Metric) -> Rung | None:
    # After a merge a team has the rungs of both: the better one stands.
    own = Rung.objects.filter(
        score__scorer=score.scorer_id, score__entry__team=score.entry.team_id, improved=True
    )
    order = "-shown" if metric.higher_is_better else "shown"
    return own.select_related("score__entry__submission").order_by(order, "id").first()


def _ahead(new: float, old: float | None, metric: Metric) -> bool:
    if old is None:
        return True
    return new > old if metric.higher_is_better else new < old


def _climb(score: Score, public: float, best: Rung | None, metric: Metric) -> tuple[bool, float]:
    new = labs.public_losses(submission=score.entry.submission, against=score.scorer.lab)
    if new is None:
        return (True, public) if best is None else (False, best.shown)
    first = Ladder().climb(new)[1]
    own = score_of_loss(metric, first.shown)
    if best is None:
        return True, own
    old = labs.public_losses(submission=best.score.entry.submission, against=score.scorer.lab)
    if old is None or len(old) != len(new):
        # The best's file is gone: then a step as if the two had nothing in common.
        spread = float(new.std(ddof=1)) if len(new) > 1 else 0.0
        far = _loss(metric, best.shown) - float(new.mean()) > 2 * spread / math.sqrt(len(new))
        return far, own if far else best.shown
    improved = Ladder(old).climb(new)[1].improved
    return improved, own if improved else best.shown


def _loss(metric: Metric, shown: float) -> float:
    if metric.higher_is_better:
        return 1 - shown
    return shown**2 if score_of_loss(metric, 4.0) == 2.0 else shown
