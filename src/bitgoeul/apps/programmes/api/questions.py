"""The form of a cohort, likely duplicates, and what applicants need."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.enums import QuestionKind
from bitgoeul.apps.programmes.forms import QuestionForm
from bitgoeul.apps.programmes.forms.running import answers_of
from bitgoeul.apps.programmes.models import Application, Choice, Question
from bitgoeul.apps.programmes.queries.duplicates import duplicates_in
from bitgoeul.apps.programmes.queries.forms import versions_of
from bitgoeul.apps.programmes.views import questions as pages
from bitgoeul.apps.programmes.views.loading import cohort_for, managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import Made, Row, whole
from bitgoeul.core.api.values import Line, Long, Short
from bitgoeul.core.uploads import PAPERS


class OptionIn(Body):
    """A choice of a question."""

    key: Short
    ko: Line
    en: Line = ""


class QuestionIn(Body):
    """A question of the draft."""

    key: Short
    kind: Literal[tuple(QuestionKind.values)]  # type: ignore[valid-type]  # the room's own kinds
    label_ko: Line
    label_en: Line = ""
    help_ko: Long = ""
    help_en: Long = ""
    options: Annotated[list[OptionIn], Field(max_length=100)] = []
    required: bool = False
    blind: bool = False


class ActIn(Body):
    """Where a question goes."""

    action: Literal["up", "down", "remove"]


class FormRow(Row):
    """A version of a cohort's form with its questions."""

    uuid: UUID
    number: int
    published_at: dt.datetime | None
    questions: list[Any]


class DuplicatePairRow(Row):
    """Two applications that may be of one person."""

    first: UUID
    second: UUID
    reasons: list[str]
    verdict: str


class DuplicateIn(Body):
    """Whether two applications are of one person."""

    first: UUID
    second: UUID
    verdict: Literal["same", "different"]
    note: Line = ""


class AccommodationIn(Body):
    """The office's answer."""

    granted: bool
    answer: Long


@room.lists("/cohorts/{uuid:uuid}/form", FormRow)
def form_detail(request: Request, uuid: UUID) -> Any:
    """Read every version of a cohort's form, newest first."""
    versions = versions_of(_cohort(request, uuid))
    return whole(
        [
            {
                "uuid": version.uuid,
                "number": version.number,
                "published_at": version.published_at,
                "questions": [_question(row) for row in version.questions.all()],
            }
            for version in versions
        ]
    )


@room.writes("/cohorts/{uuid:uuid}/form/questions", Made, status=201, body=QuestionIn)
def question_add(request: Request, uuid: UUID) -> Any:
    """Add a question to the draft; without one it begins from the version that counts."""
    return _write(request, uuid, "")


@room.writes("/cohorts/{uuid:uuid}/form/questions/{slug:key}", Made, method="PUT", body=QuestionIn)
def question_change(request: Request, uuid: UUID, key: str) -> Any:
    """Replace a question of the draft."""
    newest = next(iter(versions_of(_cohort(request, uuid))), None)
    access.require(newest is not None and newest.questions.filter(key=key).exists())
    return _write(request, uuid, key)


@room.writes("/cohorts/{uuid:uuid}/form/questions/{slug:key}/place", None, status=204, body=ActIn)
def question_act(request: Request, uuid: UUID, key: str) -> Any:
    """Move a question up or down, or take it out of the draft."""
    cohort, action = _cohort(request, uuid), given(request).action
    facts: dict[str, Any] = {"cohort": cohort, "key": key, "by": request.user, "at": clock.now()}
    if action == "remove":
        services.remove_question(**facts)
    else:
        services.move_question(way=action, **facts)


@room.writes("/cohorts/{uuid:uuid}/form/publication", Made)
def form_publish(request: Request, uuid: UUID) -> Any:
    """Freeze the draft: applicants answer it from now on."""
    cohort = _cohort(request, uuid)
    return {"uuid": services.publish_form(cohort=cohort, by=request.user, at=clock.now()).uuid}


@room.writes(
    "/cohorts/{uuid:uuid}/application/files/{slug:key}",
    Made,
    files=("file",),
    most_bytes=PAPERS.most_bytes,
)
def answer_file_send(request: Request, uuid: UUID, key: str) -> Any:
    """Answer a question with a file; the application stays a draft or is one from now on."""
    cohort = cohort_for(rules.cohorts_open_to(request.user), uuid)
    file = request.FILES.get("file")
    if file is None:
        raise Problem("invalid", errors=[FieldError(place="body.file", message="file")])
    rows = Application.objects.filter(cohort=cohort, person=request.user)
    standing = answers_of(rows.first())
    chosen = Choice.objects.filter(application__in=rows).select_related("track").order_by("rank")
    saved = services.save_application_draft(
        cohort=cohort,
        person=request.user,
        answers=services.Answers(**{n: standing.get(n, "") for n in services.ANSWER_NAMES}),
        choices=[choice.track for choice in chosen],
        given=services.Given(papers={key: Paper(name=file.name or "", content=file.read())}),
        by=request.user,
        at=clock.now(),
    )
    return {"uuid": saved.uuid}


room.hands_out(
    "/answers/{uuid:uuid}/file", pages.answer_file, "application/octet-stream", name="answer_file"
)


@room.lists("/cohorts/{uuid:uuid}/duplicates", DuplicatePairRow)
def duplicate_list(request: Request, uuid: UUID) -> Any:
    """List applications that may be of one person; the reading is recorded."""
    pairs = duplicates_in(_cohort(request, uuid))
    people = {row.person.uuid for pair in pairs for row in pair.both}
    note_reading(request, people, what="duplicates")  # type: ignore[arg-type]  # both doors
    return whole(
        [
            {
                "first": pair.first.uuid,
                "second": pair.second.uuid,
                "reasons": list(pair.reasons),
                "verdict": pair.decision.verdict if pair.decision else "",
            }
            for pair in pairs
        ]
    )


@room.writes("/cohorts/{uuid:uuid}/duplicates", Made, body=DuplicateIn)
def duplicate_decide(request: Request, uuid: UUID) -> Any:
    """Say whether two applications are of one person; nothing is merged."""
    cohort, said = _cohort(request, uuid), given(request)
    wanted = {said.first, said.second}
    pairs = duplicates_in(cohort)
    pair = next((one for one in pairs if {row.uuid for row in one.both} == wanted), None)
    access.require(pair is not None)
    assert pair is not None
    first, second = pair.both
    facts: dict[str, Any] = {"reasons": list(pair.reasons), "by": request.user, "at": clock.now()}
    made = services.decide_duplicate(
        first=first, second=second, verdict=said.verdict, note=said.note, **facts
    )
    return {"uuid": made.uuid}


@room.writes("/applications/{uuid:uuid}/accommodation", Made, body=AccommodationIn)
def accommodation_answer(request: Request, uuid: UUID) -> Any:
    """Answer what an applicant needs to take part."""
    rows = Application.objects.select_related("cohort__programme", "person")
    application = access.get(rows, rules.applications_managed_by(request.user), uuid=uuid)
    facts = {**given(request).model_dump(), "by": request.user, "at": clock.now()}
    return {"uuid": services.answer_accommodation(application=application, **facts).uuid}


def _write(request: Request, uuid: UUID, replaces: str) -> Any:
    cohort, said = _cohort(request, uuid), given(request).model_dump()
    lines = (" | ".join((each["key"], each["ko"], each["en"])) for each in said["options"])
    form = bind(request, QuestionForm, data=said | {"options": "\n".join(lines)})
    facts: dict[str, Any] = {"by": request.user, "at": clock.now()}
    made = services.write_question(cohort=cohort, plan=form.plan(), replaces=replaces, **facts)
    return {"uuid": made.uuid}


def _question(row: Question) -> dict[str, Any]:
    said = ("key", "kind", "label_ko", "label_en", "help_ko", "help_en", "options")
    return {name: getattr(row, name) for name in (*said, "required", "blind")}


def _cohort(request: Request, uuid: UUID) -> Any:
    return managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
