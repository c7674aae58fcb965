"""Who may reach the pages of programmes.

In the world the cohort is running: its applications are decided, nothing is open for applying, no
selection round was run. Each of those roles owns an application (applicant, trainee, graduate) or
an enrolment (trainee, graduate); the stranger's rows are somebody else's.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile

from bitgoeul.apps.programmes.models import (
    AllowanceRun,
    Answer,
    Appeal,
    Application,
    Cohort,
    CompletionVerdict,
    CounselNote,
    Enrolment,
    FormVersion,
    Question,
    SeatOffer,
    SelectionRound,
    Track,
    WarningModel,
)
from bitgoeul.apps.programmes.services import issue_transcript
from tests.web.access import (
    EVERYONE,
    NOBODY,
    OFFICERS,
    Kwargs,
    Route,
    action,
    fixed,
    page,
)
from tests.world import AT, World

TEACHING = OFFICERS | {"instructor"}
AUTHORS = frozenset({"applicant", "trainee", "graduate"})
TRAINEES = frozenset({"trainee", "graduate"})
COHORT = fixed(uuid=lambda w: w.cohort.uuid)
DAY = fixed(uuid=lambda w: w.cohort.uuid, day=lambda w: "2025-06-02")


def row_of(kind: str) -> Kwargs:
    """One's own row, and the stranger's."""

    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        rows = getattr(world, kind)
        if ownership == "own" and role in rows:
            return {"uuid": rows[role].uuid}
        return {"uuid": rows["stranger"].uuid} if ownership == "other" else None

    return kwargs


def _paper(world: World) -> Answer:
    """A published form that asks for a file, and the applicant's answer to it."""
    if "answer" not in world.more:
        version = FormVersion.objects.create(cohort=world.cohort, number=1, published_at=AT)
        asked = Question.objects.create(
            version=version, key="paper", order=1, kind="file", label_ko="서류", label_en="Paper"
        )
        answer = Answer(
            application=world.applications["applicant"], question=asked, name="paper.txt"
        )
        answer.file.save("paper.txt", ContentFile(b"one"))
        world.more["answer"] = answer
    return world.more["answer"]  # type: ignore[no-any-return]  # made just above


def _published(world: World) -> SelectionRound:
    """Another cohort of the programme with a published round, and a seat offered to the trainee."""
    if "offer" not in world.more:
        planned = world.cohort
        cohort = Cohort.objects.create(
            programme=world.programme, number=7, state="selecting", rule_set=planned.rule_set,
            applications_open_at=planned.applications_open_at,
            applications_close_at=planned.applications_close_at, starts_on=planned.starts_on,
            ends_on=planned.ends_on, hours=10, answer_days=3,
        )  # fmt: skip
        track = Track.objects.create(
            cohort=cohort, key="a", name_ko="가", name_en="a", field="modelling", seats=1
        )
        application = Application.objects.create(
            cohort=cohort, person=world.people["trainee"], number="B-001", state="selected"
        )
        store = {"rows": [], "stages": [], "pools": []}
        made = SelectionRound.objects.create(
            cohort=cohort, state="published", run_at=AT, published_at=AT, store=store,
            store_digest="0" * 64, inputs={"applicants": [], "seed": "x", "round": "y"},
        )  # fmt: skip
        world.more["offer"] = SeatOffer.objects.create(
            round=made, application=application, track=track, made_at=AT,
            answer_by=AT + dt.timedelta(days=9000),
        )  # fmt: skip
        world.more["round"] = made
    return world.more["round"]  # type: ignore[no-any-return]  # made just above


def offer(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The trainee's offer, to the trainee and to everybody else."""
    _published(world)
    if ownership != ("own" if role == "trainee" else "other"):
        return None
    return {"uuid": world.more["offer"].uuid}


PUBLISHED = fixed(uuid=lambda w: _published(w).cohort.uuid)
STAGE = fixed(uuid=lambda w: w.stages[0].uuid)
STAGE_DECIDE = fixed(uuid=lambda w: w.stages[0].uuid, action=lambda w: "decide")


def answer(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The applicant's answer with a file, to the applicant and to everybody else."""
    if ownership != ("own" if role == "applicant" else "other"):
        return None
    return {"uuid": _paper(world).uuid}


def asked_key(world: World) -> str:
    """The key of the question that stands."""
    return _paper(world).question.key


QUESTION = fixed(uuid=lambda w: w.cohort.uuid, key=asked_key)
QUESTION_UP = fixed(uuid=lambda w: w.cohort.uuid, key=asked_key, action=lambda w: "up")
DUPLICATE = fixed(
    uuid=lambda w: w.cohort.uuid,
    first=lambda w: w.applications["trainee"].uuid,
    second=lambda w: w.applications["graduate"].uuid,
)


def owned(own: frozenset[str], other: frozenset[str], kwargs: Kwargs, **more: Any) -> Route:
    """A route whose answer depends on whose row it is."""
    return Route(allowed={"own": own, "same": NOBODY, "other": other}, kwargs=kwargs, **more)


def _run(world: World) -> Any:
    """Return a calculation of allowances, made once a world."""
    made, _new = AllowanceRun.objects.get_or_create(
        cohort=world.cohort, unit=1, defaults={
            "starts_on": world.cohort.starts_on, "ends_on": world.cohort.starts_on,
            "rule_set": world.cohort.rule_set, "made_at": AT,
        },
    )  # fmt: skip
    return made.uuid


def _appeal(world: World) -> Any:
    enrolment = world.enrolments["stranger"]
    verdict, _new = CompletionVerdict.objects.get_or_create(
        enrolment=enrolment, rule_set=world.cohort.rule_set, completed=False, decided_at=AT
    )
    made, _new = Appeal.objects.get_or_create(
        verdict=verdict, enrolment=enrolment, defaults={"words": "출석", "made_at": AT}
    )
    return made.uuid


def _note(world: World) -> Any:
    made, _new = CounselNote.objects.get_or_create(
        enrolment=world.enrolments["stranger"], action="talk", words="상담",
        defaults={"written_by": world.people["officer_city"], "written_at": AT},
    )  # fmt: skip
    return made.uuid


def transcript(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """A transcript of one's own, and the stranger's."""
    found = row_of("enrolments")(world, role, ownership)
    if found is None:
        return None
    enrolment = Enrolment.objects.get(uuid=found["uuid"])
    return {"uuid": issue_transcript(enrolment=enrolment, by=None, at=AT).uuid}


def _trained(world: World) -> Any:
    """The programme, once a model of it was trained."""
    WarningModel.objects.get_or_create(
        programme=world.programme, version=1, defaults={
            "figures": {"held_out": []}, "engine": "x", "inputs_digest": "0" * 64, "trained_at": AT,
        },
    )  # fmt: skip
    return world.programme.uuid


TRAINED = fixed(uuid=_trained)
APPEAL, COUNSEL = fixed(uuid=_appeal), fixed(uuid=_note)
ALLOWANCES = fixed(uuid=_run)
POST = {"method": "post", "ok": frozenset({200, 302, 422})}

ROUTES: dict[str, Route] = {
    "programmes:programme_list": page(EVERYONE),
    # Officers of the city or university that signed; the company's officer sets nothing up.
    "programmes:programme_create": page(OFFICERS),
    "programmes:rule_set_list": page(EVERYONE, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:rule_set_propose": page(OFFICERS, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:rule_set_approve": action(OFFICERS, fixed(uuid=lambda w: w.cohort.rule_set.uuid)),
    "programmes:rule_set_withdraw": action(OFFICERS, fixed(uuid=lambda w: w.cohort.rule_set.uuid)),
    "programmes:cohort_create": page(OFFICERS, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:programme_detail": page(EVERYONE, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:cohort_detail": page(EVERYONE, COHORT),
    "programmes:cohort_action": action(
        OFFICERS, fixed(uuid=lambda w: w.cohort.uuid, action=lambda w: "end")
    ),
    "programmes:assignment_list": page(TEACHING, COHORT),
    # The world's cohort takes no applications any more, so nobody finds the form.
    "programmes:apply": page(NOBODY, COHORT),
    "programmes:apply_save": action(NOBODY, COHORT),
    "programmes:form_detail": page(OFFICERS, COHORT),
    "programmes:form_publish": action(OFFICERS, COHORT),
    "programmes:question_add": page(OFFICERS, COHORT),
    "programmes:question_change": page(OFFICERS, QUESTION),
    "programmes:question_act": action(OFFICERS, QUESTION_UP),
    "programmes:duplicate_list": page(OFFICERS, COHORT),
    "programmes:duplicate_decide": action(OFFICERS, DUPLICATE),
    "programmes:accommodation_answer": owned(NOBODY, OFFICERS, row_of("applications"), **POST),
    "programmes:answer_file": owned(frozenset({"applicant"}), OFFICERS, answer),
    "programmes:application_bulk": page(OFFICERS, COHORT),
    "programmes:stage_list": page(OFFICERS, COHORT),
    "programmes:stage_action": action(OFFICERS, STAGE_DECIDE),
    "programmes:panel_create": page(OFFICERS, STAGE),
    "programmes:waiting_list": page(OFFICERS, PUBLISHED),
    "programmes:selection_store": page(OFFICERS | {"researcher"}, PUBLISHED),
    "programmes:seat_answer": owned(frozenset({"trainee"}), NOBODY, offer, **POST),
    "programmes:application_list": page(OFFICERS, COHORT),
    "programmes:applications_csv": page(OFFICERS, COHORT),
    "programmes:applications_xlsx": page(OFFICERS, COHORT),
    "programmes:application_detail": owned(AUTHORS, OFFICERS, row_of("applications")),
    "programmes:application_withdraw": owned(NOBODY, NOBODY, row_of("applications"), **POST),
    "programmes:application_judge": owned(NOBODY, OFFICERS, row_of("applications"), **POST),
    "programmes:selection": page(OFFICERS, COHORT),
    "programmes:selection_run": action(OFFICERS, COHORT),
    "programmes:selection_verify": action(OFFICERS, COHORT),
    "programmes:selection_publish": action(OFFICERS, COHORT),
    # No round was run in the world: there is nothing to download, for officers either.
    "programmes:selection_bundle": page(NOBODY, COHORT),
    "programmes:enrolment_list": page(TEACHING, COHORT),
    "programmes:enrolments_csv": page(TEACHING, COHORT),
    "programmes:enrolments_xlsx": page(TEACHING, COHORT),
    "programmes:enrolment_detail": owned(TRAINEES, TEACHING, row_of("enrolments")),
    "programmes:remote_list": page(TEACHING, COHORT),
    "programmes:remote_csv": page(TEACHING, COHORT),
    "programmes:remote_xlsx": page(TEACHING, COHORT),
    "programmes:limit_list": page(TEACHING, COHORT),
    "programmes:limits_csv": page(TEACHING, COHORT),
    "programmes:limits_xlsx": page(TEACHING, COHORT),
    "programmes:allowance_list": page(OFFICERS, COHORT),
    "programmes:allowance_calculate": action(OFFICERS, COHORT),
    "programmes:allowance_run": page(OFFICERS, ALLOWANCES),
    "programmes:allowance_approve": action(OFFICERS, ALLOWANCES),
    "programmes:allowance_csv": page(OFFICERS, ALLOWANCES),
    "programmes:allowance_xlsx": page(OFFICERS, ALLOWANCES),
    "programmes:enrolment_allowances": owned(TRAINEES, OFFICERS, row_of("enrolments")),
    "programmes:enrolment_appeal": owned(TRAINEES, NOBODY, row_of("enrolments")),
    "programmes:appeal_list": page(OFFICERS, COHORT),
    "programmes:appeal_answer": action(OFFICERS, APPEAL),
    "programmes:counsel_list": owned(NOBODY, TEACHING, row_of("enrolments")),
    "programmes:counsel_settle": action(OFFICERS, COUNSEL),
    "programmes:enrolment_replay": owned(TRAINEES, TEACHING, row_of("enrolments")),
    "programmes:enrolment_end": owned(NOBODY, OFFICERS, row_of("enrolments"), **POST),
    "programmes:enrolment_exam": owned(NOBODY, TEACHING, row_of("enrolments"), **POST),
    "programmes:attendance_list": page(TEACHING, COHORT),
    "programmes:attendance_day": page(TEACHING, DAY),
    "programmes:completion": page(OFFICERS, COHORT),
    "programmes:completion_decide": action(OFFICERS, COHORT),
    "programmes:completion_certificates": action(OFFICERS, COHORT),
    "programmes:enrolment_decide": owned(NOBODY, OFFICERS, row_of("enrolments"), **POST),
    "programmes:enrolment_certificate": owned(NOBODY, OFFICERS, row_of("enrolments"), **POST),
    "programmes:enrolment_transcript": owned(TRAINEES, OFFICERS, row_of("enrolments")),
    "programmes:transcript_issue": owned(TRAINEES, OFFICERS, row_of("enrolments"), **POST),
    "programmes:transcript_paper": owned(TRAINEES, OFFICERS, transcript),
    "programmes:transcript_check": page(EVERYONE),
    "programmes:transcript_code": page(EVERYONE, fixed(code=lambda w: "AAAAA-AAAAA-AAAAA-AAAAA")),
    "programmes:warning_model": page(OFFICERS, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:warning_train": action(OFFICERS, fixed(uuid=lambda w: w.programme.uuid)),
    "programmes:warning_csv": page(OFFICERS, TRAINED),
    "programmes:warning_xlsx": page(OFFICERS, TRAINED),
    "programmes:completion_csv": page(OFFICERS, COHORT),
    "programmes:completion_xlsx": page(OFFICERS, COHORT),
}
