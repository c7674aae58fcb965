"""Applying, one's own application, and the officers' list of all."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.alliance.queries import current_consent_texts
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import asked_of, room
from bitgoeul.apps.programmes.forms import ApplicationFilter, ApplicationForm
from bitgoeul.apps.programmes.forms.questions import PREFIX
from bitgoeul.apps.programmes.forms.running import CHOICES, answers_of
from bitgoeul.apps.programmes.models import Application, Choice, StageScore
from bitgoeul.apps.programmes.queries.forms import answers_to, questions_asked
from bitgoeul.apps.programmes.queries.listings import applications_listed
from bitgoeul.apps.programmes.views import applications as pages
from bitgoeul.apps.programmes.views.loading import cohort_for, managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, body_of, errors_of, given
from bitgoeul.core.api.problems import Problem
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.api.values import Line, Long, Short


class ApplicationRow(Row):
    """An application in a list."""

    uuid: UUID
    cohort: Annotated[UUID, At("cohort__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    number: str
    state: str
    residence: str
    school_region: str
    major: str
    work_status: str
    submitted_at: dt.datetime | None


class ChoiceRow(Row):
    """A track that one wants."""

    rank: int
    track: Annotated[str, At("track__key")]


class ScoreRow(Row):
    """The score of a stage."""

    stage: Annotated[str, At("stage__key")]
    score: float | None


class ApplicationOut(ApplicationRow):
    """An application with its choices; the scores are for those who decide."""

    motivation: str
    choices: Annotated[list[ChoiceRow], At("")]
    scores: Annotated[list[ScoreRow] | None, At("")]
    answers: Annotated[dict[str, Any], At("")]


AnswerValue = bool | Long | Annotated[list[Short], Field(max_length=100)]
"""An answer to one of the cohort's own questions; files are sent on their own."""

_Answers = body_of(
    ApplicationForm, partial=True, leave_out=CHOICES, replace={"sex": Short}, suffix="Answers"
)


class ApplicationIn(_Answers):  # type: ignore[valid-type,misc]  # made at run time
    """An application: what is not known yet, answers, tracks in order, consents to texts."""

    choices: Annotated[list[Short], Field(max_length=len(CHOICES))] = []
    consents: Annotated[list[UUID], Field(max_length=20)] = []
    answers: Annotated[dict[Short, AnswerValue], Field(max_length=60)] = {}
    draft: bool = False


class JudgeIn(Body):
    """Whether an application is eligible, and why not; the applicant reads the reason."""

    eligible: bool
    reason: Line = ""


@room.writes("/cohorts/{uuid:uuid}/applications", Made, status=201, body=ApplicationIn)
def apply(request: Request, uuid: UUID) -> Any:
    """Write one's application: as a draft, or hand it in until the deadline."""
    cohort = cohort_for(rules.cohorts_open_to(request.user), uuid)
    values = given(request).model_dump(exclude_unset=True)
    draft = values.pop("draft", False)
    standing = Application.objects.filter(cohort=cohort, person=request.user).first()
    texts = current_consent_texts(purposes=services.PURPOSES, on=clock.today())
    form = bind(
        request,
        ApplicationForm,
        data={**answers_of(standing), **_flat(values)},
        initial=answers_of(standing),
        cohort=cohort,
        person=request.user,
        texts=texts,
        questions=questions_asked(cohort),
        submitting=not draft,
    )
    facts = {**form.facts(), "cohort": cohort, "person": request.user}
    facts |= {"by": request.user, "at": clock.now()}
    if draft:
        return {"uuid": services.save_application_draft(**facts).uuid}
    return {"uuid": services.submit_application(consents=form.consents(), **facts).uuid}


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Return a body as the form names its fields."""
    flat = {name: value for name, value in values.items() if value is not None}
    if "choices" in flat:
        keys = [*flat.pop("choices"), *[""] * len(CHOICES)]
        flat |= dict(zip(CHOICES, keys, strict=False))
    flat |= {PREFIX + key: value for key, value in flat.pop("answers", {}).items()}
    return flat | {f"consent_{text}": True for text in flat.pop("consents", ())}


@room.lists("/applications", ApplicationRow)
def applications_own(request: Request) -> Any:
    """List one's own applications."""
    return listed(request, Application.objects.filter(person=request.user), ApplicationRow)


@room.lists("/cohorts/{uuid:uuid}/applications", ApplicationRow, filters=ApplicationFilter)
def application_list(request: Request, uuid: UUID) -> Any:
    """List a cohort's applications; the reading is recorded."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    filters = ApplicationFilter(asked_of(request, "q", "state", "region", "outcome"))
    if not filters.is_valid():
        # As on the page: a result that no stage has is no side of its cut.
        raise Problem("invalid", errors=errors_of(filters, place="query"))
    asked = filters.cleaned_data
    found = applications_listed(
        cohort, name=asked["q"], state=asked["state"], region=asked["region"],
        outcome=asked["outcome"],
    )  # fmt: skip
    page = listed(request, found.prefetch_related("stage_scores__stage"), ApplicationRow)
    _note(request, [row["person"] for row in page["items"]], what="application_list")
    return page


room.hands_out(
    "/cohorts/{uuid:uuid}/applications.{form}",
    pages.application_export,
    CSV,
    XLSX,
    name="application_file",
    filters=ApplicationFilter,
)


@room.reads("/applications/{uuid:uuid}", ApplicationOut)
def application_detail(request: Request, uuid: UUID) -> Any:
    """Read an application; the reading is recorded."""
    user = request.user
    rows = Application.objects.select_related("cohort__programme", "person")
    application = access.get(rows, rules.applications_visible_to(user), uuid=uuid)
    _note(request, [application.person.uuid], what="application_detail")
    manages = rules.can_manage_application(user, application)
    choices = Choice.objects.filter(application=application).order_by("rank")
    scores = StageScore.objects.filter(application=application)
    return one(Application.objects.all(), access.EVERYBODY, ApplicationOut, uuid=uuid) | {
        "choices": every(choices, ChoiceRow),
        "scores": every(scores, ScoreRow) if manages else None,
        "answers": dict(answers_to(application)),
    }


@room.writes("/applications/{uuid:uuid}/withdrawal", Made)
def application_withdraw(request: Request, uuid: UUID) -> Any:
    """Take one's application back."""
    visible = rules.applications_changeable_by(request.user)
    application = access.get(Application.objects.all(), visible, uuid=uuid)
    services.withdraw_application(application=application, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/applications/{uuid:uuid}/eligibility", Made, body=JudgeIn)
def application_judge(request: Request, uuid: UUID) -> Any:
    """Declare an application not eligible, or readmit it."""
    visible = rules.applications_managed_by(request.user)
    rows = Application.objects.select_related("cohort__programme", "person")
    application = access.get(rows, visible, uuid=uuid)
    facts = {**given(request).model_dump(), "by": request.user, "at": clock.now()}
    services.judge_eligibility(application=application, **facts)
    return {"uuid": uuid}


def _note(request: Request, of: list[UUID], *, what: str) -> None:
    note_reading(request, of, what=what)  # type: ignore[arg-type]  # the same for both doors
