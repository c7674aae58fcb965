"""Functions graded behind walls, answers marked by people, skills proved, marks kept."""

import copy
import datetime as dt
import json
from typing import Any

import pytest
from django.utils import translation

from bitgoeul import runner
from bitgoeul.apps.credentials.models import Credential
from bitgoeul.apps.labs import queries, services
from bitgoeul.apps.labs.enums import Failure, SubmissionState
from bitgoeul.apps.labs.models import Lab, Participant, Submission
from bitgoeul.apps.labs.queries import feedback, specs
from bitgoeul.apps.labs.queries.kept import answers_of
from bitgoeul.apps.labs.services import Mark, grading
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.runner.warm import ParentGone, RequestTooLarge, Unavailable
from tests.apps.credentials.given import make_achievement
from tests.apps.labs.kinds import (
    CARELESS,
    CHECKS,
    GOOD,
    answer_lab,
    as_file,
    facts,
    function_lab,
    hand_in_code,
)
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def graded(submission: Submission, at: dt.datetime = AT) -> Submission:
    services.record_outcome(outcome=services.evaluate(submission=submission.uuid), at=at)
    submission.refresh_from_db()
    return submission


def codes(submission: Submission) -> dict[str, str]:
    newest = submission.evaluations.order_by("-id")[0]
    return {check["key"]: check["code"] for check in newest.checks}


def test_a_right_function_earns_all_points(world: World, here: Any) -> None:
    lab = function_lab(world)
    row = graded(hand_in_code(lab, world, GOOD))
    assert row.state == SubmissionState.SCORED
    found = row.evaluations.get()
    assert (found.score, found.rows, found.metric) == (10.0, 3, "points")
    assert found.scorer_version.startswith("function-1+")
    # What the hidden inputs made it print is not shown, for it would show the inputs.
    assert found.output == "called [1, 2, 3, 4]"
    assert queries.best_score_of(lab, row.person).passed  # type: ignore[union-attr]  # it has one


def test_a_careless_one_is_told_what_and_not_on_which_input(world: World, here: Any) -> None:
    row = graded(hand_in_code(function_lab(world), world, CARELESS))
    assert codes(row) == {"small": "ok", "one": "ok", "empty": "raised"}
    kept = row.evaluations.get().checks
    with translation.override("en"):
        own = feedback.lines_of(kept)[2]
        staff = feedback.lines_of(kept, staff=True)[2]
    assert "no values" not in own.message
    assert "ValueError" in own.message
    assert "no values: ([], 3)" in staff.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (b"def other(): pass", "raised"),
        (b"def moving_average(values, window): return 1", "different"),
        (b"def moving_average(values, window): return lambda: 1", "not_plain"),
        (b"raise SystemExit(3)", "raised"),
        (b"this is no python", "raised"),
        (b"import time\ndef moving_average(values, window): time.sleep(30)", "time"),
    ],
)
def test_every_bad_program_ends_with_points_and_a_reason(
    world: World, here: Any, code: bytes, said: str
) -> None:
    lab = function_lab(world, seconds=1)
    row = graded(hand_in_code(lab, world, code))
    assert row.state == SubmissionState.SCORED
    assert row.evaluations.get().score == 0
    assert codes(row)["small"] == said
    for line in feedback.lines_of(row.evaluations.get().checks):
        assert line.message
        assert "%(" not in line.message


def test_where_no_sandbox_stands_it_says_so_and_costs_no_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    lab = function_lab(world)
    with translation.override("en"):
        row = graded(hand_in_code(lab, world, GOOD))
    assert (row.state, row.reason_code) == (SubmissionState.FAILED, "no_sandbox")
    assert row.reason == "Not graded: no sandbox here."
    assert queries.attempts_left(lab, row.person, at=AT) == 3


class _Refusing:
    """A runner that takes nothing, for a reason."""

    tier = None

    def __init__(self, error: Exception) -> None:
        self.error = error

    def begin(self, task: Any) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [(Unavailable("no walls"), "no_sandbox"), (ParentGone("gone"), "parent_gone"),
     (RequestTooLarge("9 bytes"), "request_too_large")],
)  # fmt: skip
def test_each_reason_why_nothing_ran_has_its_own_words(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    monkeypatch.setattr(grading, "here", lambda: _Refusing(error))
    row = graded(hand_in_code(function_lab(world), world, GOOD))
    told = {}
    for language in ("ko", "en"):
        with translation.override(language):
            told[language] = row.told
    assert (row.state, row.reason_code) == (SubmissionState.FAILED, code)
    assert told["ko"] != told["en"]
    assert ("no sandbox here" in told["en"]) == (code == "no_sandbox")
    assert queries.attempts_left(row.lab, row.person, at=AT) == 3


def test_every_reason_of_the_runner_is_known_to_the_room() -> None:
    assert set(Failure.values) >= runner.reasons.NO_RUN


def test_a_lab_that_its_own_solution_fails_is_not_made(world: World, here: Any) -> None:
    made: dict[str, Any] = {"checks": as_file(CHECKS), "by": None, "at": AT}
    with pytest.raises(Refused, match="빈 목록"):
        services.create_function_lab(
            **made, solution=services.Content("s.py", CARELESS), **facts(world)
        )
    assert not Lab.objects.filter(key="moving-average").exists()
    services.create_function_lab(**made, solution=services.Content("s.py", GOOD), **facts(world))
    with pytest.raises(Refused):
        services.create_function_lab(**made, **facts(world, key="high", pass_score=11.0))


def _changed(**changes: Any) -> dict[str, Any]:
    made = copy.deepcopy(CHECKS)
    made["checks"][1] |= changes
    return made


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"[]",
        b"{}",
        json.dumps({"function": "1x", "checks": CHECKS["checks"]}).encode(),
        json.dumps({"function": "f", "checks": []}).encode(),
        json.dumps({"function": "f", "checks": [1]}).encode(),
        json.dumps(_changed(points=True)).encode(),
        json.dumps(_changed(points=-1)).encode(),
        json.dumps(_changed(key="small")).encode(),
        json.dumps(_changed(args={})).encode(),
        json.dumps(_changed(tolerance="x")).encode(),
        json.dumps(_changed(title_ko="")).encode(),
    ],
)
def test_bad_checks_are_refused_with_their_place(content: bytes) -> None:
    with pytest.raises(Refused):
        specs.function_spec(content)


def test_answers_wait_for_a_person_and_may_be_marked_again(world: World) -> None:
    lab = answer_lab(world)
    person, teacher = world.people["trainee"], world.people["instructor"]
    give: dict[str, Any] = {"lab": lab, "person": person, "by": person, "at": AT}
    with pytest.raises(Refused):
        services.receive_answers(answers={"why": " "}, **give)
    row = services.receive_answers(answers={"why": "과적합을 보려고", "x": "?"}, **give)
    assert row.state == SubmissionState.MARKING
    assert answers_of(row) == {"why": "과적합을 보려고", "how": ""}
    services.settle_stuck(at=AT)
    row.refresh_from_db()
    assert row.state == SubmissionState.MARKING
    marks = {"why": Mark(points=4, comment="좋아요"), "how": Mark(points=0)}
    mark: dict[str, Any] = {"submission": row, "at": AT}
    for by, given in ((person, marks), (teacher, {"why": Mark(points=5)}), (teacher, {})):
        with pytest.raises(Refused):
            services.mark_answers(marks=given, by=by, **mark)
    services.mark_answers(marks=marks, by=teacher, **mark)
    services.mark_answers(marks=marks | {"how": Mark(points=3)}, by=teacher, **mark)
    assert [found.score for found in row.evaluations.order_by("id")] == [4, 7]
    assert queries.best_score_of(lab, person).score == 7  # type: ignore[union-attr]  # it has one
    assert Entry.objects.filter(event="submission.marked", object_uuid=row.uuid).count() == 2
    with pytest.raises(Refused):
        services.rescore(lab=lab, by=None, at=AT)


def test_whoever_passes_is_given_the_certificate_once(world: World, here: Any) -> None:
    achievement = make_achievement(world, "moving-average", kind="lab")
    lab = services.change_lab(lab=function_lab(world), achievement=achievement, by=None, at=AT)
    graded(hand_in_code(lab, world, b"def moving_average(values, window): return 0"))
    assert not Credential.objects.exists()
    for _time in range(2):
        graded(hand_in_code(lab, world, GOOD))
    row = Credential.objects.get()
    assert (row.evidence_kind, row.evidence_uuid) == ("labs.lab", lab.uuid)
    foreign = make_achievement(world, "of-the-city", issuer=world.city)
    with pytest.raises(Refused):
        services.change_lab(lab=lab, achievement=foreign, by=None, at=AT)


def test_new_checks_keep_old_marks_and_show_what_changed(world: World, here: Any) -> None:
    lab = function_lab(world)
    row = graded(hand_in_code(lab, world, CARELESS))
    lenient = copy.deepcopy(CHECKS)
    del lenient["checks"][2]
    lenient["checks"][1]["points"] = 8
    old = lab.files.get(kind="checks").file.name
    services.replace_checks(lab=lab, checks=as_file(lenient), by=None, at=AT)
    assert lab.files.get(kind="checks").file.name != old
    assert services.rescore(lab=lab, by=None, at=AT) == 1
    graded(row, at=AT + dt.timedelta(hours=1))
    assert [found.score for found in row.evaluations.order_by("id")] == [5, 10]
    (change,) = queries.regrade_changes(lab)
    assert (change.before, change.after, change.person) == (5, 10, row.person)
    with pytest.raises(Refused):
        services.replace_checks(
            lab=lab, checks=as_file({"function": "f", "checks": lenient["checks"][:1]}),
            by=None, at=AT,
        )  # fmt: skip


def test_in_an_open_lab_everybody_with_an_account_hands_in(world: World, here: Any) -> None:
    lab = function_lab(world, open_to_all=True, total_limit=2)
    row = graded(hand_in_code(lab, world, GOOD, "applicant"))
    assert row.state == SubmissionState.SCORED
    place = Participant.objects.get(lab=lab, person=row.person)
    assert place.admitted_by_kind == "labs.lab"
    hand_in_code(lab, world, GOOD, "applicant")
    assert queries.attempts_left_altogether(lab, row.person) == 0
    with pytest.raises(Refused) as refused:
        hand_in_code(lab, world, GOOD, "applicant")
    assert refused.value.code == "total_limit"


def test_errors_that_many_make_are_counted(world: World, here: Any) -> None:
    lab = function_lab(world)
    graded(hand_in_code(lab, world, CARELESS))
    graded(hand_in_code(lab, world, GOOD, "graduate"))
    first = queries.common_errors(lab)[0]
    assert (first.people, first.wrong) == (2, 1)
    assert "ValueError" in first.reasons[0][0]


def _handed(world: World, *texts: tuple[str, bytes]) -> list[services.HandedIn]:
    return [services.HandedIn(person=world.people[who], content=text, at=AT) for who, text in texts]


def test_a_lab_that_a_room_above_holds_gives_no_certificate(world: World, here: Any) -> None:
    achievement = make_achievement(world, "moving-average", kind="lab")
    lab = services.change_lab(lab=function_lab(world), achievement=achievement, by=None, at=AT)
    row = hand_in_code(lab, world, GOOD)
    Lab.objects.filter(pk=lab.pk).update(
        held_by_kind="contests.contest", held_by_uuid=world.cohort.uuid
    )
    graded(row)
    assert row.evaluations.count() == 1
    assert not Credential.objects.exists()


def test_a_whole_class_is_graded_at_once_and_each_text_runs_once(
    world: World, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    achievement = make_achievement(world, "moving-average", kind="lab")
    lab = services.change_lab(lab=function_lab(world), achievement=achievement, by=None, at=AT)
    handed = _handed(world, ("trainee", GOOD), ("graduate", GOOD), ("trainee", CARELESS))
    asked: list[str] = []
    grade = grading.grade_function

    def counted(text: str, spec: Any, lab: Lab) -> Any:
        asked.append(text)
        return grade(text, spec, lab)

    monkeypatch.setattr(grading, "grade_function", counted)
    graded_texts = services.grade_texts(lab=lab, texts=[one.content for one in handed])
    assert len(asked) == 2
    facts_given: dict[str, Any] = {"lab": lab, "graded": graded_texts, "name": "a.py", "at": AT}
    with pytest.raises(Refused):
        services.receive_graded(handed=handed, by=world.people["trainee"], **facts_given)
    strange = _handed(world, ("applicant", GOOD))
    with pytest.raises(Refused):
        services.receive_graded(handed=strange, by=None, **facts_given)
    assert services.receive_graded(handed=handed, by=None, **facts_given) == 3
    assert sorted(row.evaluations.get().score for row in lab.submissions.all()) == [5, 10, 10]
    assert Credential.objects.count() == 2
    assert all(row.file.storage.exists(row.file.name) for row in lab.submissions.all())


def test_a_class_is_kept_where_nothing_may_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    lab = function_lab(world)
    handed = _handed(world, ("trainee", GOOD))
    found = services.grade_texts(lab=lab, texts=[GOOD])
    services.receive_graded(lab=lab, handed=handed, graded=found, name="a.py", by=None, at=AT)
    row = lab.submissions.get()
    assert (row.state, row.reason_code) == (SubmissionState.FAILED, "no_sandbox")


def test_alike_submissions_are_found_in_the_background(world: World) -> None:
    from tests.apps.labs.test_similarity import COPY, ONE

    lab = function_lab(world)
    hand_in_code(lab, world, ONE.encode())
    hand_in_code(lab, world, COPY.encode(), "graduate")
    services.ask_comparison(lab=lab, by=world.people["instructor"], at=AT)
    found = services.compare(lab=lab.uuid)
    services.record_similarity(found=found, at=AT)
    report = lab.similarity_reports.get()
    (pair,) = queries.pairs_shown(report)
    assert {pair.first.person, pair.second.person} == {
        world.people["trainee"],
        world.people["graduate"],
    }
    assert (report.compared, pair.share) == (2, 1.0)
    with pytest.raises(Refused):
        services.ask_comparison(lab=answer_lab(world), by=None, at=AT)
    with pytest.raises(Refused):
        services.ask_comparison(lab=lab, by=world.people["trainee"], at=AT)
