"""Where the public board shows significant improvements only."""

from bitgoeul.apps.contests.enums import BoardMode
from bitgoeul.apps.contests.models import Task
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.models import Lab
from bitgoeul.engines.scoring import has_bounded_losses


def climbs(task: Task, lab: Lab | None = None) -> bool:
    """Tell whether a task's board is climbed by the Ladder.

    The phase asks for it, and the metric is a mean over rows of losses between 0 and 1.
    """
    lab = lab or task.lab
    if lab is None or task.phase.board != BoardMode.LADDER or lab.kind != LabKind.PREDICTION:
        return False
    return has_bounded_losses(lab.metric)
