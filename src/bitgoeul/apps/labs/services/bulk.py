"""What many people handed in is graded at once: each distinct text runs once, rows come in bulk."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials import services as credentials
from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import Failure, LabKind, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, LabFile, Submission
from bitgoeul.apps.labs.queries import passes
from bitgoeul.apps.labs.queries.kept import file_of, function_spec_of
from bitgoeul.apps.labs.services import grading
from bitgoeul.apps.labs.services.proving import award_for
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs import Progress, Silent
from bitgoeul.core.journal.services import Change
from bitgoeul.engines import evidence

_CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What one person handed in, and when."""

    person: User
    content: bytes
    at: dt.datetime

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def grade_texts(
    *, lab: Lab, texts: Iterable[bytes], progress: Progress | None = None
) -> dict[str, grading.Graded]:
    """Run each distinct text against a function lab's checks; writes nothing.

    The same text under the same checks gives the same points, so it runs once.
    """
    if lab.kind != LabKind.FUNCTION:
        raise Refused(_("Only a lab with a Python function has checks."), code="wrong_kind")
    told, spec = progress or Silent(), function_spec_of(lab)
    distinct = {hashlib.sha256(text).hexdigest(): text for text in texts}
    found = {}
    for number, (digest, text) in enumerate(distinct.items(), start=1):
        found[digest] = grading.grade_function(text.decode("utf-8", "replace"), spec, lab)
        told.step(number, len(distinct))
    return found


def receive_graded(
    *,
    lab: Lab,
    handed: Sequence[HandedIn],
    graded: Mapping[str, grading.Graded],
    name: str,
    by: User | None,
    at: dt.datetime,
) -> int:
    """Keep what many handed in together with its evaluation; returns how many.

    For whole classes whose files come from elsewhere: who runs the lab answers for limits and
    deadlines, nobody is told news, and whoever passes is given the lab's certificate.

    Raises
    ------
    Refused
        When the person may not run the lab, or somebody has no place in it.
    """
    if by is not None and not rules.can_manage_lab(by, lab):
        raise Refused(_("You may not run this lab."))
    places = set(lab.participants.values_list("person_id", flat=True))
    if any(one.person.pk not in places for one in handed):
        raise Refused(_("You were not admitted to this lab."), code="not_admitted")
    rows = [_row(lab, one, graded[one.sha256], name) for one in handed]
    kept: list[str] = []
    try:
        with transaction.atomic():
            for row, one in zip(rows, handed, strict=True):
                row.file.save(name, ContentFile(one.content), save=False)
                kept.append(str(row.file.name))
            Submission.objects.bulk_create(rows, batch_size=_CHUNK)
            found = _evaluations(lab, rows, graded, at=at)
            Evaluation.objects.bulk_create(found, batch_size=_CHUNK)
            journal.record_many(event="submission.graded_in_bulk", by=by, at=at,
                                changes=[_change(row) for row in rows])  # fmt: skip
            _prove(lab, found, at=at)
    except BaseException:
        # The rows are gone with the transaction; their files must not outlive them.
        for path in kept:
            rows[0].file.storage.delete(path)
        raise
    return len(rows)


def _row(lab: Lab, one: HandedIn, graded: grading.Graded, name: str) -> Submission:
    failed = bool(graded.failure)
    return Submission(
        lab=lab,
        person=one.person,
        name=name,
        sha256=one.sha256,
        received_at=one.at,
        state=SubmissionState.FAILED if failed else SubmissionState.SCORED,
        reason=str(Failure(graded.failure).label) if failed else "",
        reason_code=graded.failure,
    )


def _evaluations(
    lab: Lab, rows: Sequence[Submission], graded: Mapping[str, grading.Graded], *, at: dt.datetime
) -> list[Evaluation]:
    checks = file_of(lab, LabFile.Kind.CHECKS)
    version = f"{grading.FUNCTION_GRADER}+{checks.sha256[:12] if checks else 'none'}"
    return [
        Evaluation(
            submission=row,
            scorer_version=version,
            metric=lab.metric,
            score=graded[row.sha256].points,
            rows=len(graded[row.sha256].checks),
            inputs_digest=evidence.digest({"submission": row.sha256, "engine": version}),
            evaluated_at=at,
            checks=list(graded[row.sha256].checks),
            output=graded[row.sha256].output,
        )
        for row in rows
        if row.state == SubmissionState.SCORED
    ]


def _change(row: Submission) -> Change:
    return Change(
        on=row,
        after={"lab": row.lab.uuid, "person": row.person.uuid, "sha256": row.sha256},
        details={"lab": str(row.lab.uuid), "state": row.state},
    )


def _prove(lab: Lab, found: Sequence[Evaluation], *, at: dt.datetime) -> None:
    if lab.achievement is None or lab.achievement.retired_at is not None:
        return
    best: dict[int, Evaluation] = {}
    for one in found:
        known = best.get(one.submission.person_id)
        if passes(lab, one.score) and (known is None or one.score > known.score):
            best[one.submission.person_id] = one
    if best:
        awards = [award_for(one.submission, one) for one in best.values()]
        credentials.issue_credentials(achievement=lab.achievement, awards=awards, by=None, at=at)
