"""The Ladder: the public board of a phase changes by improvements larger than chance only."""

import datetime as dt
import math

from bitgoeul.apps.contests.models import Rung, Score, Scorer
from bitgoeul.apps.contests.queries.ladder import climbs
from bitgoeul.apps.labs import services as labs
from bitgoeul.engines.scoring import Ladder


def add_rung(score: Score, *, at: dt.datetime) -> Rung | None:
    """Keep what the board shows of a score; None where the board shows every score as it is.

    The caller holds the team's lock, so that two entries never climb over the same best.
    """
    if score.public is None or not climbs(score.entry.task, score.scorer.lab):
        return None
    best = _best(score)
    improved, shown = True, score.public
    if best is None or score.public > (best.score.public or 0.0):
        improved, shown = _climb(score, best)
    elif best is not None:
        # No better than the best: nothing has to be read to know that.
        improved, shown = False, best.shown
    return Rung.objects.create(score=score, shown=shown, improved=improved, made_at=at)


def add_rungs(scorer: Scorer, *, at: dt.datetime) -> int:
    """Let every score of a scorer that begins to rule climb, in the order of handing in."""
    rows = Score.objects.filter(scorer=scorer, rung__isnull=True)
    rows = rows.select_related("entry__task__phase", "entry__submission", "scorer__lab")
    ordered = rows.order_by("entry__received_at", "entry_id")
    return sum(add_rung(row, at=at) is not None for row in ordered)


def _best(score: Score) -> Rung | None:
    # After a merge a team has the rungs of both: the higher one stands.
    own = Rung.objects.filter(
        score__scorer=score.scorer_id, score__entry__team=score.entry.team_id, improved=True
    )
    return own.select_related("score__entry__submission").order_by("-shown", "id").first()


def _climb(score: Score, best: Rung | None) -> tuple[bool, float]:
    new = labs.public_losses(submission=score.entry.submission, against=score.scorer.lab)
    if new is None:
        return (True, score.public or 0.0) if best is None else (False, best.shown)
    if best is None:
        return True, 1 - Ladder().climb(new)[1].shown
    old = labs.public_losses(submission=best.score.entry.submission, against=score.scorer.lab)
    if old is None or len(old) != len(new):
        # The best's file is gone: then the largest step that losses between 0 and 1 can need.
        shown = 1 - Ladder().climb(new)[1].shown
        far = shown - best.shown > 1 / math.sqrt(len(new))
        return far, shown if far else best.shown
    rung = Ladder(old).climb(new)[1]
    return rung.improved, 1 - rung.shown if rung.improved else best.shown
