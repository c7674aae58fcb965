"""Where the public board shows significant improvements only."""

from bitgoeul.apps.contests.enums import BoardMode
from bitgoeul.apps.contests.models import Task
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.models import Lab
from bitgoeul.engines.scoring import metric_named


def climbs(task: Task, lab: Lab | None = None) -> bool:
    """Tell whether a task's board is climbed by the Ladder.

    The phase asks for it, and the metric grows or falls with a mean over rows.
    """
    lab = lab or task.lab
    if lab is None or task.phase.board != BoardMode.LADDER or lab.kind != LabKind.PREDICTION:
        return False
    return metric_named(lab.metric).losses is not None
