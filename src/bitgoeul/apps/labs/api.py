"""The room's operations for programs: labs, their files, submissions and scores."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field

from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.forms import (
    AnswerLabForm,
    AnswersForm,
    CatalogueFilter,
    ChecksForm,
    FunctionLabForm,
    LabFilter,
    LabForm,
    LabSettingsForm,
    MarksForm,
    NotebookLabForm,
    SubmissionFilter,
    SubmissionForm,
    content_of,
)
from bitgoeul.apps.labs.models import Evaluation, Lab, LabFile, Submission
from bitgoeul.apps.labs.queries import faults, feedback
from bitgoeul.apps.labs.queries.kept import answers_spec_of, questions_to_mark
from bitgoeul.apps.labs.views import labs as pages
from bitgoeul.apps.labs.views import submissions as handed
from bitgoeul.apps.labs.views import task_labs
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind, given
from bitgoeul.core.api.rooms import CSV, XLSX, Request, Room, require_files
from bitgoeul.core.api.rows import At, JobMade, Made, Row, every, listed, one, sliced
from bitgoeul.core.api.values import Long, Short

room = Room("labs", title=gettext_lazy("Labs"))
FILES = ("train", "test", "sample", "truth")


class LabRow(Row):
    """A lab in a list."""

    uuid: UUID
    key: str
    kind: str
    title_ko: str
    title_en: str
    owner: Annotated[UUID, At("owner__uuid")]
    metric: str
    pass_score: float
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    open_to_all: bool
    max_points: float | None


class FileRow(Row):
    """A file that one may have."""

    kind: str
    name: str
    sha256: str


class LabOut(LabRow):
    """A lab with its task and files; to a participant how many attempts are left today."""

    task_ko: str
    task_en: str
    source: str
    id_column: str
    target_column: str
    daily_limit: int
    total_limit: int | None
    seconds: int
    memory_mb: int
    achievement: Annotated[UUID | None, At("achievement__uuid")]
    skills: Annotated[list[str], At("")]
    files: Annotated[list[FileRow], At("")]
    best_score: Annotated[float | None, At("")]
    attempts_left: Annotated[int | None, At("")]


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


class Rescored(Row):
    """How many submissions are being scored again."""

    submissions: int


@room.lists("/labs", LabRow, filters=LabFilter, public=True)
def lab_list(request: Request) -> Any:
    """List labs by a part of the title and a state."""
    asked, visible = request.asked, rules.labs_visible_to(request.user)
    found = queries.labs_listed(visible, name=asked["q"] or "", state=asked["state"] or "")
    return listed(request, found, LabRow)


@room.reads("/labs/{uuid:uuid}", LabOut, public=True)
def lab_detail(request: Request, uuid: UUID) -> Any:
    """Read a lab's task and files."""
    user = request.user
    lab = _lab(request, uuid)
    files = LabFile.objects.filter(rules.files_visible_to(user), lab=lab).distinct()
    admitted = user.is_authenticated and rules.can_submit_to_lab(user, lab)
    best = queries.best_score_of(lab, user) if admitted else None
    left = queries.attempts_left(lab, user, at=clock.now()) if admitted else None
    return one(Lab.objects.all(), access.EVERYBODY, LabOut, uuid=uuid) | {
        "files": every(files, FileRow),
        "skills": list(lab.skills.values_list("key", flat=True)),
        "best_score": best.score if best else None,
        "attempts_left": left,
    }


room.hands_out(
    "/labs/{uuid:uuid}/files/{slug:kind}", pages.lab_file, CSV, name="lab_file", public=True
)


@room.writes(
    "/labs",
    Made,
    status=201,
    body=LabForm,
    files=FILES,
    most_bytes=4 * services.LAB_DOOR.most_bytes,
)
def lab_create(request: Request) -> Any:
    """Make a lab with its four files, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, LabForm, person=request.user)
    lab = services.create_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/{uuid:uuid}/opening", Made)
def lab_open(request: Request, uuid: UUID) -> Any:
    """Open a lab."""
    services.open_lab(lab=_managed(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/closing", Made)
def lab_close(request: Request, uuid: UUID) -> Any:
    """Close a lab."""
    services.close_lab(lab=_managed(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/rescoring", Rescored, status=202)
def lab_rescore(request: Request, uuid: UUID) -> Any:
    """Have every submission of a lab scored again."""
    lab = _managed(request, uuid)
    return {"submissions": services.rescore(lab=lab, by=request.user, at=clock.now())}


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
    lab = _lab(request, uuid)
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
    lab, asked = _staffed(request, uuid), request.asked
    visible = rules.submissions_visible_to(request.user)
    name, state = asked["q"] or "", asked["state"] or ""
    page = listed(
        request, queries.submissions_listed(lab, visible, name=name, state=state), SubmissionRow
    )
    people = [row["person"] for row in page["items"]]
    _note(request, people, what="labs.submission_list", about=uuid)
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
    _note(request, [found["person"]], what="labs.submission_detail", about=submission.lab.uuid)
    scores = Evaluation.objects.filter(submission=submission).order_by("-id")
    said = [str(fault) for fault in faults.phrased(submission.faults)]
    newest, staff = scores.first(), rules.can_view_submissions(request.user, submission.lab)
    lines = feedback.lines_of(newest.checks if newest else (), staff=staff)
    checks = [vars(line) for line in lines]
    return found | {"evaluations": every(scores, EvaluationRow), "faults": said, "checks": checks}


room.hands_out("/submissions/{uuid:uuid}/file", handed.submission_file, CSV, name="submission_file")


class Trouble(Row):
    """How often one check went wrong."""

    title: str
    people: int
    wrong: int
    reasons: list[str]


class Troubles(Row):
    """The checks that most people do not pass, first."""

    checks: list[Trouble]


class ChangeRow(Row):
    """What the newest grading changed for one submission."""

    submission: UUID
    person: UUID
    before: float
    after: float
    lost: bool


Points = Annotated[float, Field(ge=0, le=1000, strict=True)]


class Answered(BaseModel):
    """Answers or marks, by the key of their field."""

    model_config = ConfigDict(extra="forbid")
    fields: dict[Short, Points | Long]


@room.lists("/labs/open", LabRow, filters=CatalogueFilter, public=True)
def open_list(request: Request) -> Any:
    """List the labs that whoever has an account may do now."""
    asked = request.asked
    found = queries.open_labs(
        at=clock.now(),
        name=asked["q"] or "",
        kind=asked["kind"] or "",
        skill=asked["skill"] or "",
    )
    return listed(request, found, LabRow)


@room.writes("/labs/functions", Made, status=201, body=FunctionLabForm, files=("checks",),
             most_bytes=4 * services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_create_function(request: Request) -> Any:
    """Make a lab that asks for a Python function, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, FunctionLabForm, person=request.user)
    lab = services.create_function_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/notebooks", Made, status=201, body=NotebookLabForm, files=("source_notebook",),
             most_bytes=task_labs.NOTEBOOK_BYTES)  # fmt: skip
def lab_create_notebook(request: Request) -> Any:
    """Make a lab from a source notebook of nbgrader or otter, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, NotebookLabForm, person=request.user)
    lab = services.create_notebook_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/answers", Made, status=201, body=AnswerLabForm, files=("questions",),
             most_bytes=4 * services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_create_answers(request: Request) -> Any:
    """Make a lab whose questions are answered in words, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, AnswerLabForm, person=request.user)
    lab = services.create_answer_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/{uuid:uuid}", Made, method="PATCH", body=LabSettingsForm)
def lab_change(request: Request, uuid: UUID) -> Any:
    """Change a lab's words, limits, skills and certificate."""
    lab = _managed(request, uuid)
    form = bind(request, LabSettingsForm, instance=lab)
    services.change_lab(lab=lab, **form.facts(), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/checks", Made, body=ChecksForm, files=("checks",),
             most_bytes=services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_checks(request: Request, uuid: UUID) -> Any:
    """Put new checks in place of a function lab's."""
    lab = _managed(request, uuid)
    require_files(request)
    upload = bind(request, ChecksForm).cleaned_data["checks"]
    content = content_of(upload, services.CHECKS_DOOR)
    services.replace_checks(lab=lab, checks=content, by=request.user, at=clock.now())
    return {"uuid": uuid}


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


@room.reads("/labs/{uuid:uuid}/errors", Troubles)
def error_list(request: Request, uuid: UUID) -> Any:
    """Read which checks many do not pass, and what they are told."""
    found = queries.common_errors(_staffed(request, uuid))
    return {
        "checks": [
            {
                "title": one.title,
                "people": one.people,
                "wrong": one.wrong,
                "reasons": [text for text, _number in one.reasons],
            }
            for one in found
        ]
    }


@room.lists("/labs/{uuid:uuid}/changes", ChangeRow)
def change_list(request: Request, uuid: UUID) -> Any:
    """List what the newest grading changed; the reading is recorded."""
    lab = _staffed(request, uuid)
    page = sliced(request, queries.regrade_changes(lab))
    people = [one.person.uuid for one in page["items"]]
    _note(request, people, what="labs.change_list", about=uuid)
    names = ("submission", "before", "after", "lost")
    page["items"] = [
        {name: getattr(one, name) for name in names} | {"person": one.person.uuid}
        for one in page["items"]
    ]
    return page


class SimilarPairRow(Row):
    """Two submissions that resemble each other."""

    first: UUID
    second: UUID
    share: float
    common: int


class Similarity(Row):
    """What the last comparison found."""

    made_at: dt.datetime | None
    compared: int
    pairs: list[SimilarPairRow]


@room.reads("/labs/{uuid:uuid}/similarity", Similarity)
def similarity(request: Request, uuid: UUID) -> Any:
    """Read which submissions resemble each other, by their identifiers."""
    report = _staffed(request, uuid).similarity_reports.first()
    return {
        "made_at": report.made_at if report else None,
        "compared": report.compared if report else 0,
        "pairs": report.pairs if report else [],
    }


@room.writes("/labs/{uuid:uuid}/similarity", JobMade, status=202)
def similarity_ask(request: Request, uuid: UUID) -> Any:
    """Have everybody's newest submission compared with all others."""
    lab = _staffed(request, uuid)
    return {"job": services.ask_comparison(lab=lab, by=request.user, at=clock.now()).uuid}


def _lab(request: Request, uuid: UUID) -> Lab:
    rows = Lab.objects.select_related("owner")
    return access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)


def _managed(request: Request, uuid: UUID) -> Lab:
    lab = _lab(request, uuid)
    access.require(rules.can_manage_lab(request.user, lab))
    return lab


def _staffed(request: Request, uuid: UUID) -> Lab:
    lab = _lab(request, uuid)
    access.require(rules.can_view_submissions(request.user, lab))
    return lab


def _note(request: Request, of: list[UUID], *, what: str, about: UUID) -> None:
    journal.note_page(request, of, what=what, purpose=_("Teaching and marking"), about=about)
