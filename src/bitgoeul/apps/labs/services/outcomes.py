"""From a kept file to what evaluating it comes to; nothing is written here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bitgoeul.apps.labs.enums import Failure, LabKind
from bitgoeul.apps.labs.models import Lab, LabFile, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.queries.feedback import CheckResult
from bitgoeul.apps.labs.queries.kept import file_of, function_spec_of, read
from bitgoeul.apps.labs.services import bundle_runs, grading
from bitgoeul.core.errors import Refused
from bitgoeul.engines import evidence
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import ENGINE_VERSION, ScoreResult, score

MOST_FAULTS = 100


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What evaluating a submission came to: a score, faults of the file, or a fault of ours.

    `public` and `private` are scores on the two parts of a truth that is `split`.
    """

    submission: UUID
    scorer_version: str
    inputs_digest: str = ""
    score: float | None = None
    split: bool = False
    public: float | None = None
    private: float | None = None
    rows: int = 0
    found: tuple[faults.Fault, ...] = ()
    fault_count: int = 0
    failure: str = ""
    checks: tuple[CheckResult, ...] = ()
    output: str = ""


def evaluate(*, submission: UUID, against: Lab | None = None) -> Outcome:
    """Evaluate a kept file. Slow, changes nothing: `record_outcome` writes what came of it.

    `against` is another lab of the same task, such as one with a corrected truth.
    """
    row = Submission.objects.select_related("lab").get(uuid=submission)
    if against is not None:
        row.lab = against
    return _EVALUATIONS[row.lab.kind](row)


def _evaluate_prediction(row: Submission) -> Outcome:
    submission = row.uuid
    truth = LabFile.objects.filter(lab=row.lab, kind=LabFile.Kind.TRUTH).first()
    if truth is None:
        return Outcome(
            submission=submission,
            scorer_version=f"{ENGINE_VERSION}+none",
            failure=Failure.NO_TRUTH,
        )
    version = f"{ENGINE_VERSION}+{truth.sha256[:12]}"
    try:
        known, handed_in = read(truth), read(row)
    except OSError:
        return Outcome(
            submission=submission,
            scorer_version=version,
            failure=Failure.UNREADABLE,
        )
    return _scored(row, known, handed_in, version=version, truth_sha256=truth.sha256)


def _scored(
    row: Submission, truth: bytes, handed_in: bytes, *, version: str, truth_sha256: str
) -> Outcome:
    lab = row.lab
    inputs = {
        "truth": truth_sha256,
        "submission": row.sha256,
        "metric": lab.metric,
        "id": lab.id_column,
        "target": lab.target_column,
        "engine": ENGINE_VERSION,
    }
    if lab.usage_column:
        inputs["usage"] = lab.usage_column
    digest = evidence.digest(inputs)
    try:
        result = score(
            truth,
            handed_in,
            metric=lab.metric,
            id=lab.id_column,
            target=lab.target_column,
            usage=lab.usage_column or None,
        )
    except EngineError as error:
        return _not_scored(row, error, version=version)
    return _outcome(row, result, version=version, digest=digest)


def _not_scored(row: Submission, error: EngineError, *, version: str) -> Outcome:
    if error.file == "truth" or error.code == "unknown_metric":
        return Outcome(
            submission=row.uuid,
            scorer_version=version,
            failure=Failure.TRUTH,
        )
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        found=(faults.of_error(error),),
        fault_count=1,
    )


def _outcome(row: Submission, result: ScoreResult, *, version: str, digest: str) -> Outcome:
    found = [faults.of_row(error) for error in result.errors]
    if result.score is None and not found:
        found = [faults.undefined(row.lab.metric)]
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=digest,
        score=result.score,
        split=bool(row.lab.usage_column),
        public=result.public,
        private=result.private,
        rows=result.rows,
        found=tuple(found[:MOST_FAULTS]),
        fault_count=len(found),
    )


def _evaluate_function(row: Submission) -> Outcome:
    checks = file_of(row.lab, LabFile.Kind.CHECKS)
    version = f"{grading.FUNCTION_GRADER}+{checks.sha256[:12] if checks else 'none'}"
    try:
        spec, source = function_spec_of(row.lab), read(row).decode("utf-8", "replace")
    except (OSError, Refused):
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.CHECKS)
    graded = grading.grade_function(source, spec, row.lab)
    inputs = {
        "checks": checks.sha256 if checks else "",
        "submission": row.sha256,
        "seconds": row.lab.seconds,
        "memory": row.lab.memory_mb,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=None if graded.failure else graded.points,
        rows=len(graded.checks),
        failure=graded.failure,
        checks=graded.checks,
        output=graded.output,
    )


def _evaluate_notebook(row: Submission) -> Outcome:
    source = file_of(row.lab, LabFile.Kind.SOURCE)
    version = f"{grading.NOTEBOOK_GRADER}+{source.sha256[:12] if source else 'none'}"
    try:
        asked, content = read(source) if source else b"", read(row)
        data = file_of(row.lab, LabFile.Kind.DATA)
        files = {data.name: read(data)} if data else {}
    except OSError:
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.UNREADABLE)
    graded = grading.grade_notebook(content, asked, files, row.lab)
    inputs = {
        "source": source.sha256 if source else "",
        "data": data.sha256 if data else "",
        "submission": row.sha256,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=None if graded.failure or graded.refused else graded.points,
        rows=len(graded.checks),
        found=graded.found,
        fault_count=len(graded.found),
        failure=graded.failure,
        checks=graded.checks,
        output=graded.output,
    )


def _evaluate_bundle(row: Submission) -> Outcome:
    kept = file_of(row.lab, LabFile.Kind.BUNDLE)
    version = f"{bundle_runs.BUNDLE_RUNNER}+{kept.sha256[:12] if kept else 'none'}"
    try:
        bundle, content = read(kept) if kept else b"", read(row)
    except OSError:
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.UNREADABLE)
    ran = bundle_runs.run(row.lab, bundle, content, name=row.name)
    inputs = {
        "bundle": kept.sha256 if kept else "",
        "task": row.lab.bundle_task,
        "submission": row.sha256,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=ran.score,
        found=ran.found,
        fault_count=len(ran.found),
        failure=ran.failure,
        output=ran.output,
    )


_EVALUATIONS: Mapping[str, Callable[[Submission], Outcome]] = {
    LabKind.PREDICTION: _evaluate_prediction,
    LabKind.FUNCTION: _evaluate_function,
    LabKind.NOTEBOOK: _evaluate_notebook,
    LabKind.BUNDLE: _evaluate_bundle,
}
"""How each kind of lab evaluates a file; answers in words wait for a person."""
