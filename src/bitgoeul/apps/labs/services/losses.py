"""What a kept file of predictions lost on each row, for boards that compare files row by row."""

from bitgoeul.apps.labs.models import Lab, LabFile, Submission
from bitgoeul.apps.labs.queries.kept import file_of, read
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import metric_named, read_predictions, read_truth
from bitgoeul.engines.scoring.metrics import Floats


def public_losses(*, submission: Submission | None, against: Lab) -> Floats | None:
    """Return the loss of each public row; of every row where the truth is not split.

    Slow, and changes nothing. None where the file is gone, or does not fit the truth.
    """
    truth = file_of(against, LabFile.Kind.TRUTH)
    if submission is None or not submission.file or truth is None:
        return None
    usage = against.usage_column or None
    try:
        known = read_truth(
            read(truth),
            id=against.id_column,
            target=against.target_column,
            usage=usage,
            as_text=metric_named(against.metric).reads.is_text,
        )
        found = read_predictions(known, read(submission), metric=against.metric)
        return found.losses("public" if usage else "all")
    except (OSError, EngineError):
        return None
