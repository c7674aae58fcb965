"""Contest bundles of other platforms: read unchanged, run in sandboxes, scored to a verdict.

    bundle = bundles.read_bundle(content)       # Codabench, EvalAI; BundleError: member and key
    bundles.run_submission(bundle, 0, submission, runner=here)   # -> BundleResult, whatever it was

Codes of errors and reasons are phrased by `bundles.reasons`.
"""

from . import codabench, evalai
from .archive import read_zip
from .codabench import read_codabench
from .evalai import read_evalai
from .grading import BundleResult, BundleVerdict, run_submission
from .kaggle import KaggleContest, read_kaggle
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
    "KaggleContest",
    "Kind",
    "Leaderboard",
    "Notice",
    "SubmissionError",
    "missing",
    "read_bundle",
    "read_codabench",
    "read_evalai",
    "read_kaggle",
    "run_submission",
]


def read_bundle(content: bytes) -> Bundle:
    """Read a competition of Codabench or a challenge of EvalAI, whichever it is.

    Raises
    ------
    BundleError
        It names the member of the zip and the key in it.
    """
    archive = read_zip(content)
    if codabench.is_codabench(archive) or not evalai.is_evalai(archive):
        return codabench.from_archive(archive)
    return evalai.from_archive(archive)
