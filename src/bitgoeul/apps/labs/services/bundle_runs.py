"""Submissions run through one task of a contest bundle, in the sandboxes of the runner."""

from dataclasses import dataclass

from bitgoeul.apps.labs.enums import Failure
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.services import grading
from bitgoeul.runner import bundles, reasons
from bitgoeul.runner.bundles import BundleVerdict
from bitgoeul.runner.bundles.submissions import look_at_submission

BUNDLE_RUNNER = "bundle-1"
_MOST_OUTPUT = 20_000


@dataclass(frozen=True, kw_only=True)
class BundleRun:
    """What a run came to: the score of the first column, what was wrong, or a fault of ours."""

    score: float | None = None
    found: tuple[faults.Fault, ...] = ()
    failure: str = ""
    output: str = ""


def run(lab: Lab, content: bytes, handed_in: bytes, *, name: str) -> BundleRun:
    """Run a submission through the lab's task. Slow, changes nothing."""
    try:
        bundle = bundles.read_bundle(content)
        result = bundles.run_submission(
            bundle,
            lab.bundle_task or 0,
            handed_in,
            name=name,
            runner=grading.here(),
            seconds=float(lab.seconds),
            memory_mb=lab.memory_mb,
        )
    except bundles.BundleError:
        return BundleRun(failure=Failure.BUNDLE)
    hides = bundle.hides_output(bundle.tasks[result.task].index)
    output = _output(result, with_text=not hides)
    if not result.counts:
        return BundleRun(failure=_failure(result), output=output)
    if result.verdict is not BundleVerdict.SCORED:
        fault = faults.of_bundle(result.reason or result.verdict, result.detail, result.member)
        return BundleRun(found=(fault,), output=output)
    first = next(iter(bundle.boards_of(bundle.tasks[result.task].index))).columns[0]
    score = result.scores.get(first.key)
    if score is None:
        return BundleRun(failure=Failure.SCORER, output=output)
    return BundleRun(score=score, output=output)


def fault_of(handed_in: bytes, *, name: str) -> str:
    """Say what no bundle takes, before it is anything; the bundle itself is read by the job."""
    try:
        look_at_submission(handed_in, name=name)
    except bundles.SubmissionError as error:
        return faults.phrase(faults.of_bundle(error.code, error.value, error.member))
    return ""


def _failure(result: bundles.BundleResult) -> Failure:
    if result.reason == "package_missing":
        return Failure.PACKAGE
    if result.verdict is BundleVerdict.SCORER:
        return Failure.SCORER
    return Failure(result.reason) if result.reason in reasons.NO_RUN else Failure.PLATFORM


def _output(result: bundles.BundleResult, *, with_text: bool) -> str:
    """The columns, and what the submitted code wrote; never what the scorer wrote: it may quote."""
    lines = [f"{key}: {value:g}" for key, value in result.scores.items() if value is not None]
    parts = ["\n".join(lines)]
    if with_text and result.ingestion is not None:
        parts += [result.ingestion.stdout.strip(), result.ingestion.stderr.strip()]
    return "\n\n".join(part for part in parts if part).replace("\x00", "")[:_MOST_OUTPUT]
