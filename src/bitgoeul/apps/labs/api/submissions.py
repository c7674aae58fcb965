"""What is handed in: received, listed, read; answers and their marks."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.api.room import note_reading, room, staffed_lab, visible_lab
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.forms import (
    AnswersForm,
    MarksForm,
    SubmissionFilter,
    SubmissionForm,
    content_of,
)
from bitgoeul.apps.labs.models import Evaluation, Lab, Submission
from bitgoeul.apps.labs.queries import faults, feedback
from bitgoeul.apps.labs.queries.kept import answers_spec_of, questions_to_mark
from bitgoeul.apps.labs.views import submissions as handed
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind, given
from bitgoeul.core.api.rooms import CSV, XLSX, Request, require_files
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.api.values import Long, Short


class SubmissionRow(Row):
    """A submission in a list."""

    uuid: UUID
    lab: Annotated[UUID, At("lab__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    name: str
    sha256: str
    received_at: dt.datetime
    state: str
    job: Annotated[UUID | None, At("job_uuid")]


class EvaluationRow(Row):
    """The score by one version of the scorer."""

    uuid: UUID
    scorer_version: str
    metric: str
    score: float
    rows: int
    inputs_digest: str
    evaluated_at: dt.datetime


class LabCheckRow(Row):
    """What one check found."""

    title: str
    points: float
    of: float
    code: str
    message: str
    hidden: bool


class SubmissionOut(SubmissionRow):
    """What became of a submission: scores and checks, or every fault with its place."""

    reason: str
    reason_code: str
    checks: Annotated[list[LabCheckRow], At("")]
    evaluations: Annotated[list[EvaluationRow], At("")]
    faults: Annotated[list[str], At("")]


Points = Annotated[float, Field(ge=0, le=1000, strict=True)]


class Answered(BaseModel):
    """Answers or marks, by the key of their field."""

    model_config = ConfigDict(extra="forbid")
    fields: dict[Short, Points | Long]


@room.writes(
    "/labs/{uuid:uuid}/submissions",
    Made,
    status=202,
    body=SubmissionForm,
    files=("file",),
    most_bytes=services.SUBMISSION_DOOR.most_bytes,
)
def submit(request: Request, uuid: UUID) -> Any:
    """Hand in a file of predictions; it is scored in the background."""
    lab = visible_lab(request, uuid)
    access.require(rules.can_submit_to_lab(request.user, lab))
    require_files(request)
    content = content_of(
        bind(request, SubmissionForm).cleaned_data["file"], services.SUBMISSION_DOOR
    )
    made = services.receive_submission(
        lab=lab,
        person=request.user,
        name=content.name,
        content=content.data,
        by=request.user,
        at=clock.now(),
    )
    return {"uuid": made.uuid}


@room.lists("/labs/{uuid:uuid}/submissions", SubmissionRow, filters=SubmissionFilter)
def submission_list(request: Request, uuid: UUID) -> Any:
    """List everybody's submissions to a lab; the reading is recorded."""
    lab, asked = staffed_lab(request, uuid), request.asked
    visible = rules.submissions_visible_to(request.user)
    name, state = asked["q"] or "", asked["state"] or ""
    page = listed(
        request, queries.submissions_listed(lab, visible, name=name, state=state), SubmissionRow
    )
    people = [row["person"] for row in page["items"]]
    note_reading(request, people, what="labs.submission_list", about=uuid)
    return page


room.hands_out("/labs/{uuid:uuid}/marks.{form}", handed.mark_list, CSV, XLSX, name="mark_file")


@room.lists("/submissions", SubmissionRow)
def submissions_own(request: Request) -> Any:
    """List one's own submissions."""
    return listed(request, Submission.objects.filter(person=request.user), SubmissionRow)


@room.reads("/submissions/{uuid:uuid}", SubmissionOut)
def submission_detail(request: Request, uuid: UUID) -> Any:
    """Read what became of a submission; the reading is recorded."""
    visible = rules.submissions_visible_to(request.user)
    submission = access.get(Submission.objects.select_related("lab"), visible, uuid=uuid)
    found = one(Submission.objects.all(), access.EVERYBODY, SubmissionOut, uuid=uuid)
    note_reading(
        request, [found["person"]], what="labs.submission_detail", about=submission.lab.uuid
    )
    scores = Evaluation.objects.filter(submission=submission).order_by("-id")
    said = [str(fault) for fault in faults.phrased(submission.faults)]
    newest, staff = scores.first(), rules.can_view_submissions(request.user, submission.lab)
    lines = feedback.lines_of(newest.checks if newest else (), staff=staff)
    checks = [vars(line) for line in lines]
    return found | {
        "reason": submission.told,
        "evaluations": every(scores, EvaluationRow),
        "faults": said,
        "checks": checks,
    }


room.hands_out("/submissions/{uuid:uuid}/file", handed.submission_file, CSV, name="submission_file")


@room.writes("/labs/{uuid:uuid}/answers", Made, status=201, body=Answered)
def answer(request: Request, uuid: UUID) -> Any:
    """Hand in answers to a lab's questions; a person marks them."""
    rows = Lab.objects.select_related("owner").filter(kind=LabKind.ANSWERS)
    lab = access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_submit_to_lab(request.user, lab))
    questions = answers_spec_of(lab).questions
    form = bind(request, AnswersForm, data=given(request).fields, questions=questions)
    made = services.receive_answers(
        lab=lab,
        person=request.user,
        answers=form.cleaned_data,
        by=request.user,
        at=clock.now(),
    )
    return {"uuid": made.uuid}


@room.writes("/submissions/{uuid:uuid}/marks", Made, body=Answered)
def mark(request: Request, uuid: UUID) -> Any:
    """Mark answers: `points_…` and `comment_…` for the key of each question."""
    rows = Submission.objects.select_related("lab__owner").exclude(lab__kind=LabKind.PREDICTION)
    row = access.get(rows, rules.submissions_visible_to(request.user), uuid=uuid)
    access.require(rules.can_mark_submission(request.user, row))
    questions = questions_to_mark(row)
    form = bind(request, MarksForm, data=given(request).fields, questions=questions)
    at = clock.now()
    services.mark_answers(submission=row, marks=form.marks(), by=request.user, at=at)
    return {"uuid": uuid}
