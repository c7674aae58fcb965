"""Contest bundles of other platforms: read unchanged, run in sandboxes, scored to a verdict.

    bundle = bundles.read_codabench(content)             # BundleError names member and key
    bundles.run_submission(bundle, 0, submission, runner=here)   # -> BundleResult, whatever it was

Codes of errors and reasons are phrased by `bundles.reasons`.
"""

from .codabench import read_codabench
from .grading import BundleResult, BundleVerdict, run_submission
from .model import Bundle, BundlePhase, BundleTask, Column, Leaderboard, Notice
from .packages import missing
from .problems import BundleError, SubmissionError
from .submissions import Kind

__all__ = [
    "Bundle",
    "BundleError",
    "BundlePhase",
    "BundleResult",
    "BundleTask",
    "BundleVerdict",
    "Column",
    "Kind",
    "Leaderboard",
    "Notice",
    "SubmissionError",
    "missing",
    "read_codabench",
    "run_submission",
]
