"""States of labs and submissions, and the metrics in words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LabKind(TextChoices):
    """What is handed in, and so how it is evaluated."""

    PREDICTION = "prediction", _("File of predictions")
    FUNCTION = "function", _("Python function")
    NOTEBOOK = "notebook", _("Notebook")
    ANSWERS = "answers", _("Short answers")
    BUNDLE = "bundle", _("Task of a contest bundle")


class LabState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class SubmissionState(TextChoices):
    QUEUED = "queued", _("Waiting to be scored")
    MARKING = "marking", _("Handed in: a person marks it")
    SCORED = "scored", _("Scored")
    REFUSED = "refused", _("Refused: the file is not as asked")
    FAILED = "failed", _("Not scored: a fault on our side")


class PracticeState(TextChoices):
    QUEUED = "queued", _("Being tried")
    DONE = "done", _("Tried")
    REFUSED = "refused", _("Refused: the file is not as asked")
    FAILED = "failed", _("Not tried: a fault on our side")


class Failure(TextChoices):
    """Why a submission was not evaluated, where that was no fault of the file."""

    NO_SANDBOX = "no_sandbox", _("Not graded: no sandbox here.")
    TOO_LARGE = (
        "request_too_large",
        _(
            "Not graded: with the lab's data this is larger than a run may be. Its instructors "
            "have to make the data smaller."
        ),
    )
    PARENT_GONE = (
        "parent_gone",
        _(
            "Not graded: the sandbox ended before this could run in it. It can be scored again as "
            "it is."
        ),
    )
    PLATFORM = (
        "platform",
        _("Not graded: the sandbox failed. Nothing was wrong with what was handed in."),
    )
    NO_TRUTH = "no_truth", _("This lab has no truth to score against.")
    TRUTH = "truth", _("The truth of this lab is damaged. Its instructors have to repair it.")
    CHECKS = "checks", _("The checks of this lab are damaged. Its instructors have to repair them.")
    SOURCE = (
        "source",
        _("The source notebook of this lab is damaged. Its instructors have to repair it."),
    )
    BUNDLE = (
        "bundle",
        _("The bundle of this task is damaged. Whoever runs the contest has to repair it."),
    )
    SCORER = (
        "scorer",
        _("The contest's own scoring program failed. Nothing was wrong with what was handed in."),
    )
    PACKAGE = (
        "package",
        _("The contest's own programs need a package that is not installed here."),
    )
    UNREADABLE = "unreadable", _("A file that was kept could not be read.")
    LOST = "lost", _("The task that should score it is gone.")


class Metric(TextChoices):
    """What a prediction is measured by: the metrics of the scoring engine, in words."""

    ACCURACY = "accuracy", _("Accuracy")
    MACRO_F1 = "macro_f1", _("Macro F1")
    ROC_AUC = "roc_auc", _("Area under the ROC curve")
    LOG_LOSS = "log_loss", _("Log loss")
    RMSE = "rmse", _("Root mean squared error")
    MAE = "mae", _("Mean absolute error")
    POINTS = "points", _("Points")
    OWN = "own", _("Score of the contest's own program")


METRIC_EXPLANATIONS = {
    Metric.ACCURACY: _("The share of rows whose class was predicted right. 1 is perfect."),
    Metric.MACRO_F1: _(
        "The mean of each class's F1, so that rare classes count as much as common ones. "
        "1 is perfect."
    ),
    Metric.ROC_AUC: _(
        "How often a positive row gets a higher value than a negative one. 0.5 is guessing, "
        "1 is perfect."
    ),
    Metric.LOG_LOSS: _(
        "How surprised the predicted probabilities are by the truth. 0 is perfect; lower is better."
    ),
    Metric.RMSE: _(
        "The typical distance from the true value, where large misses weigh more. 0 is perfect; "
        "lower is better."
    ),
    Metric.MAE: _("The mean distance from the true value. 0 is perfect; lower is better."),
    Metric.POINTS: _("The sum of the points that the checks or questions earned."),
    Metric.OWN: _("What the scoring program that came with the contest writes."),
}

PREDICTION_METRICS = [
    choice for choice in Metric.choices if choice[0] not in {Metric.POINTS, Metric.OWN}
]
"""What a file of predictions can be measured by."""
