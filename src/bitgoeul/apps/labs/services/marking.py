"""Short answers are handed in, and a person marks them by the rubric."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import rules, workflow
from bitgoeul.apps.labs.enums import LabKind, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, Submission
from bitgoeul.apps.labs.queries import specs
from bitgoeul.apps.labs.queries.feedback import CheckResult
from bitgoeul.apps.labs.queries.kept import (
    MARKED,
    answers_spec_of,
    checks_by_machine,
    questions_to_mark,
)
from bitgoeul.apps.labs.services.notices import tell_settled
from bitgoeul.apps.labs.services.proving import prove_skills
from bitgoeul.apps.labs.services.submissions import keep_submission
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.engines import evidence

LONGEST_ANSWER = 5_000
LONGEST_COMMENT = 1_000


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a person gives an answer."""

    points: float
    comment: str = ""


def receive_answers(
    *, lab: Lab, person: User, answers: Mapping[str, str], by: User | None, at: dt.datetime
) -> Submission:
    """Keep the answers to a lab's questions; they wait for a person who marks them.

    Raises
    ------
    Refused
        When the lab takes nothing now, attempts are used up, or nothing was answered.
    """
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone hands in for themselves."))
    if lab.kind != LabKind.ANSWERS:
        raise Refused(_("This lab asks for a file."), code="wrong_kind")
    kept = {
        question.key: answers.get(question.key, "").strip()[:LONGEST_ANSWER]
        for question in answers_spec_of(lab).questions
    }
    if not any(kept.values()):
        raise Refused(_("Answer at least one question."), code="empty")
    content = json.dumps(kept, ensure_ascii=False, indent=1).encode()
    submission = Submission(
        lab=lab,
        person=person,
        name="answers.json",
        received_at=at,
        state=SubmissionState.MARKING,
    )
    return keep_submission(submission, content, by=by, at=at, queue=False)


def mark_answers(
    *, submission: Submission, marks: Mapping[str, Mark], by: User | None, at: dt.datetime
) -> Evaluation:
    """Give every answer its points; marking again adds an evaluation and keeps the earlier one.

    Raises
    ------
    Refused
        When the person may not, a question has no mark, or a mark is out of its range.
    """
    if by is not None and not rules.can_mark_submission(by, submission):
        raise Refused(_("You may not mark this."), code="forbidden")
    asked = questions_to_mark(submission)
    given = [_result(question, marks.get(question.key)) for question in asked]
    checks = [*checks_by_machine(submission), *given]
    with transaction.atomic():
        rows = Submission.objects.select_for_update(of=("self",))
        row = rows.select_related("lab__achievement", "person").get(pk=submission.pk)
        row.state = workflow.submission_after(row.state, "mark")
        row.save(update_fields=["state"])
        number = row.evaluations.count() + 1
        found = Evaluation.objects.create(
            submission=row,
            scorer_version=f"{MARKED}{number}",
            metric=row.lab.metric,
            score=sum(check["points"] for check in checks),
            rows=len(checks),
            inputs_digest=evidence.digest({"answers": row.sha256, "marks": checks}),
            evaluated_at=at,
            checks=checks,
            marked_by=by,
        )
        journal.record(
            event="submission.marked",
            by=by,
            at=at,
            on=row,
            after={"score": found.score, "checks": checks},
            details={"scorer": found.scorer_version},
        )
        prove_skills(row, found, at=at)
        tell_settled(row, scored=True, at=at)
    return found


def _result(question: specs.Question, mark: Mark | None) -> CheckResult:
    if mark is None or not 0 <= mark.points <= question.points:
        raise Refused(
            _("“%(question)s” needs a mark from 0 to %(points)s.")
            % {"question": question.text, "points": f"{question.points:g}"},
            code="invalid",
        )
    return CheckResult(
        key=question.key,
        title_ko=question.text_ko,
        title_en=question.text_en,
        points=mark.points,
        of=question.points,
        code="marked",
        value=mark.comment[:LONGEST_COMMENT],
        hidden=False,
    )
