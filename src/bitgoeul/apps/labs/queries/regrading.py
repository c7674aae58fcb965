"""What a new grading changed, what many got wrong, and which submissions are alike."""

from dataclasses import dataclass
from uuid import UUID

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.models import Evaluation, Lab, SimilarityReport, Submission
from bitgoeul.apps.labs.queries.feedback import Trouble, troubles_of
from bitgoeul.apps.labs.queries.scores import passes


@dataclass(frozen=True, kw_only=True)
class Change:
    """A submission whose newest evaluation differs from the one before."""

    submission: UUID
    person: User
    before: float
    after: float
    passed_before: bool
    passed_after: bool

    @property
    def lost(self) -> bool:
        """Whether it passed before and does not any more: its certificate has to be looked at."""
        return self.passed_before and not self.passed_after


def regrade_changes(lab: Lab) -> list[Change]:
    """Return what the newest evaluation of each submission changed, the largest loss first."""
    rows = Evaluation.objects.filter(submission__lab=lab).select_related("submission__person")
    series: dict[int, list[Evaluation]] = {}
    for row in rows.defer("checks", "output").order_by("evaluated_at", "id"):
        series.setdefault(row.submission_id, []).append(row)
    found = [
        Change(
            submission=after.submission.uuid,
            person=after.submission.person,
            before=before.score,
            after=after.score,
            passed_before=passes(lab, before.score),
            passed_after=passes(lab, after.score),
        )
        for *_earlier, before, after in (many for many in series.values() if len(many) > 1)
        if before.score != after.score
    ]
    return sorted(found, key=lambda change: (not change.lost, change.after - change.before))


def common_errors(lab: Lab) -> list[Trouble]:
    """Return, per check, how many people's newest evaluation did not earn all its points."""
    newest: dict[int, list[dict[str, object]]] = {}
    rows = Evaluation.objects.filter(submission__lab=lab).order_by(
        "submission__received_at", "evaluated_at", "id"
    )
    for person, checks in rows.values_list("submission__person_id", "checks"):
        if checks:
            newest[person] = checks
    return troubles_of(newest.values())


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Two submissions that resemble each other."""

    first: Submission
    second: Submission
    share: float
    common: int


def pairs_shown(report: SimilarityReport) -> list[Alike]:
    """Return a report's pairs with their submissions; what was erased since is left out."""
    uuids = {str(pair[side]) for pair in report.pairs for side in ("first", "second")}
    rows = Submission.objects.filter(uuid__in=uuids, lab=report.lab_id).select_related("person")
    known = {str(row.uuid): row for row in rows}
    return [
        Alike(
            first=known[pair["first"]],
            second=known[pair["second"]],
            share=pair["share"],
            common=pair["common"],
        )
        for pair in report.pairs
        if pair["first"] in known and pair["second"] in known
    ]
