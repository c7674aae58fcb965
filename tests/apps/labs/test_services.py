"""Labs from draft to score; scikit-learn is the oracle of the score."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from bitgoeul.apps.labs import queries, services, tasks
from bitgoeul.apps.labs.enums import LabState, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, LabFile, Participant, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.services import Content
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from bitgoeul.engines.scoring import METRICS
from tests.apps.labs.bench import Bench, hand_in, make_lab
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def kept_files() -> set[str]:
    root = Path(default_storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_real_prediction_gets_scikit_learns_score(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    assert submission.state == SubmissionState.QUEUED
    assert jobs.run_pending(at=AT) == 2, "the evaluation, and the letter about it"
    told = Notice.objects.get(person=submission.person)
    assert (told.message, told.path) == ("labs.scored", f"/labs/submissions/{submission.uuid}/")
    submission.refresh_from_db()
    evaluation = submission.evaluations.get()
    assert submission.state == SubmissionState.SCORED
    assert evaluation.score == pytest.approx(bench.accuracy, abs=1e-12)
    assert evaluation.rows == len(bench.truth)
    best = queries.best_score_of(lab, world.people["trainee"])
    assert best is not None
    assert best.passed is (bench.accuracy >= 0.9) is True
    job = Job.objects.get(uuid=submission.job_uuid)
    assert job.result == {"state": "scored", "score": evaluation.score}
    events = Entry.objects.filter(object_uuid=submission.uuid).values_list("event", flat=True)
    assert list(events) == ["submission.received", "submission.scored"]


def test_a_ranking_metric_reads_probabilities(world: World, bench: Bench) -> None:
    lab = make_lab(world, bench, key="auc", metric="roc_auc", pass_score=0.95)
    submission = hand_in(lab, world, bench.predictions(bench.chances))
    jobs.run_pending(at=AT)
    assert submission.evaluations.get().score == pytest.approx(bench.roc_auc, abs=1e-12)


def test_the_best_counts_and_the_first_of_equals(lab: Lab, world: World, bench: Bench) -> None:
    first = hand_in(lab, world, bench.good)
    hand_in(lab, world, bench.wrong, at=AT + dt.timedelta(minutes=1))
    hand_in(lab, world, bench.good, at=AT + dt.timedelta(minutes=2))
    hand_in(lab, world, bench.wrong, who="graduate")
    jobs.run_pending(at=AT)
    best = queries.best_evaluations(lab)
    mine, theirs = best[world.people["trainee"].pk], best[world.people["graduate"].pk]
    assert (mine.submission, mine.passed) == (first.uuid, True)
    assert (theirs.score, theirs.passed) == (0.0, False)


def test_lower_is_better_turns_best_and_pass_line(world: World, bench: Bench) -> None:
    lab = make_lab(world, bench, key="mae", metric="mae", pass_score=0.1)
    assert lab.higher_is_better is False
    hand_in(lab, world, bench.wrong)
    good = hand_in(lab, world, bench.good, at=AT + dt.timedelta(minutes=1))
    jobs.run_pending(at=AT)
    best = queries.best_score_of(lab, world.people["trainee"])
    assert best is not None
    assert (best.submission, best.passed) == (good.uuid, True)


def test_a_score_that_is_no_number_never_ranks(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    outcome = services.Outcome(
        submission=submission.uuid, scorer_version="x", score=float("nan"), rows=1
    )
    with pytest.raises(Refused):
        services.record_evaluation(submission=submission, outcome=outcome, at=AT)
    assert not Evaluation.objects.exists()
    assert not queries.passes(lab, float("nan"))
    assert not queries.passes(lab, None)


@pytest.mark.parametrize(
    ("content", "korean", "english"),
    [
        (
            b"id,target\n1,x\n",
            "2행: 숫자가 아닙니다: “x”.",
            "Line 2: “x” is not a number.",
        ),
        (
            b"id,target\n999,1\n",
            "2행: 시험 데이터에 없는 행입니다: “999”.",
            "Line 2: the test data have no row “999”.",
        ),
        (b"id,answer\n1,0\n", "“target” 열이 없습니다", "The column “target” is missing."),
        (b"id,target\n1,0,7\n", "2행의 칸은 3개인데 제목 행은 2개입니다.", "Line 2 has 3 cells"),
    ],
)
def test_faults_of_form_refuse_in_plain_words(
    lab: Lab, world: World, content: bytes, korean: str, english: str
) -> None:
    submission = hand_in(lab, world, content)
    jobs.run_pending(at=AT)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.REFUSED
    assert submission.reason
    with translation.override("en"):
        assert any(english in text for text in faults.phrased(submission.faults))
    with translation.override("ko"):
        assert any(korean in text for text in faults.phrased(submission.faults))
    assert not submission.evaluations.exists()


def test_a_file_with_every_row_missing_keeps_a_hundred_faults(lab: Lab, world: World) -> None:
    rows = "".join(f"x{number},1\n" for number in range(400))
    submission = hand_in(lab, world, f"id,target\n{rows}".encode())
    jobs.run_pending(at=AT)
    submission.refresh_from_db()
    assert len(submission.faults) == 100
    assert "460" in submission.reason
    told = faults.phrased(submission.faults)
    assert len(told) == 6
    assert "95" in told[-1]


def test_attempts_are_counted_by_the_day_in_seoul(lab: Lab, world: World, bench: Bench) -> None:
    late = dt.datetime(2025, 6, 2, 14, 59, tzinfo=dt.UTC)  # 23:59 in Seoul
    for _ in range(3):
        hand_in(lab, world, bench.good, at=late)
    with pytest.raises(Refused) as refusal:
        hand_in(lab, world, bench.good, at=late)
    assert refusal.value.code == "daily_limit"
    hand_in(lab, world, bench.good, at=late + dt.timedelta(minutes=2))
    assert queries.attempts_left(lab, world.people["trainee"], at=late) == 0


def test_our_own_faults_cost_no_attempt(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    assert queries.attempts_left(lab, world.people["trainee"], at=AT) == 2
    services.fail_submission(submission=submission, reason="fire", at=AT)
    assert queries.attempts_left(lab, world.people["trainee"], at=AT) == 3


def test_what_is_refused_at_the_door_leaves_no_file(lab: Lab, world: World, bench: Bench) -> None:
    before = kept_files()
    for content, at, who, code in (
        (b"", AT, "trainee", "empty"),
        (b"x" * (5 * 1024**2 + 1), AT, "trainee", "too_big"),
        (b"\n\n", AT, "trainee", "empty"),
        (b"\xff\xfe\x00", AT, "trainee", "encoding"),
        (b"%PDF-1.7", AT, "trainee", "wrong_kind"),
        (b"id,target\n1,\x00\n", AT, "trainee", "control_character"),
        (bench.good, AT, "applicant", "not_admitted"),
        (bench.good, lab.opens_at - dt.timedelta(seconds=1), "trainee", "not_open"),
        (bench.good, lab.closes_at + dt.timedelta(seconds=1), "trainee", "too_late"),
    ):
        with pytest.raises(Refused) as refusal:
            hand_in(lab, world, content, who=who, at=at)
        assert refusal.value.code == code
    services.close_lab(lab=lab, by=None, at=AT)
    with pytest.raises(Refused):
        hand_in(lab, world, bench.good)
    assert kept_files() == before
    assert not lab.submissions.exists()


def test_nobody_hands_in_for_somebody_else(lab: Lab, world: World, bench: Bench) -> None:
    with pytest.raises(Refused):
        services.receive_submission(
            lab=lab,
            person=world.people["trainee"],
            name="a.csv",
            content=bench.good,
            by=world.people["graduate"],
            at=AT,
        )


def test_a_rolled_back_upload_leaves_neither_row_nor_job(
    lab: Lab, world: World, bench: Bench
) -> None:
    class PowerCut(Exception):
        pass

    def upload_and_crash() -> None:
        with transaction.atomic():
            hand_in(lab, world, bench.good)
            raise PowerCut

    with pytest.raises(PowerCut):
        upload_and_crash()
    assert not lab.submissions.exists()
    assert not Job.objects.filter(task__endswith="score_submission").exists()


def test_running_the_task_twice_records_once(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    first = services.evaluate(submission=submission.uuid)
    again = services.evaluate(submission=submission.uuid)
    assert first == again
    with clock.freeze(AT):
        commit = tasks.score_submission(str(submission.uuid))
        assert commit.apply()["state"] == "scored"
        assert commit.apply()["state"] == "scored"
    assert Evaluation.objects.filter(submission=submission).count() == 1


def test_a_worker_killed_in_the_middle_leaves_everything_as_it_was(
    lab: Lab, world: World, bench: Bench
) -> None:
    submission = hand_in(lab, world, bench.good)
    services.evaluate(submission=submission.uuid)  # killed before its commit
    submission.refresh_from_db()
    assert submission.state == SubmissionState.QUEUED
    assert not Evaluation.objects.exists()
    jobs.run_pending(at=AT)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.SCORED


@pytest.mark.parametrize("gone", [False, True])
def test_no_submission_outlives_its_job(lab: Lab, world: World, bench: Bench, gone: bool) -> None:
    submission = hand_in(lab, world, bench.good)
    assert services.settle_stuck(at=AT) == len([*world.submissions])  # they never had a job
    submission.refresh_from_db()
    assert submission.state == SubmissionState.QUEUED
    job = Job.objects.get(uuid=submission.job_uuid)
    if gone:
        job.delete()
    else:
        jobs.cancel(job, at=AT)
    assert services.settle_stuck(at=AT) == 1
    submission.refresh_from_db()
    assert submission.state == SubmissionState.FAILED
    assert submission.reason
    assert services.settle_stuck(at=AT) == 0


def test_a_lost_file_is_our_fault(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    default_storage.delete(submission.file.name)
    jobs.run_pending(at=AT)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.FAILED
    assert submission.reason


def test_a_damaged_truth_is_our_fault(lab: Lab, world: World, bench: Bench) -> None:
    truth = lab.files.get(kind=LabFile.Kind.TRUTH)
    Path(truth.file.path).write_bytes(b"nonsense")
    submission = hand_in(lab, world, bench.good)
    jobs.run_pending(at=AT)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.FAILED


def test_rescoring_keeps_what_was_scored(lab: Lab, world: World, bench: Bench) -> None:
    submission = hand_in(lab, world, bench.good)
    jobs.run_pending(at=AT)
    truth = lab.files.get(kind=LabFile.Kind.TRUTH)
    Path(truth.file.path).write_bytes(bench.wrong)
    LabFile.objects.filter(pk=truth.pk).update(sha256=Content("t", bench.wrong).sha256)
    person = world.people["trainee"]
    assert services.rescore(lab=lab, by=None, at=AT + dt.timedelta(hours=1)) == 1
    waiting = queries.best_score_of(lab, person)
    assert waiting is not None
    assert waiting.score == bench.accuracy
    jobs.run_pending(at=AT + dt.timedelta(hours=1))
    assert submission.evaluations.count() == 2
    now = queries.best_score_of(lab, person)
    assert now is not None
    assert now.score == pytest.approx(1 - bench.accuracy)
    assert services.rescore(lab=lab, by=None, at=AT + dt.timedelta(hours=2)) == 1
    jobs.run_pending(at=AT + dt.timedelta(hours=2))
    assert submission.evaluations.count() == 2


def test_a_lab_whose_files_do_not_fit_is_refused(world: World, bench: Bench) -> None:
    before = kept_files()
    short = bench.predictions(bench.truth[:-1])
    for more, code in (
        ({"sample": Content("sample.csv", short)}, "sample"),
        ({"test": Content("test.csv", b"id,target\n1,0\n")}, "leak"),
        ({"test": Content("test.csv", b"number\n1\n")}, "missing_column"),
        ({"truth": Content("truth.csv", b"id,target\n1,0\n1,1\n")}, "duplicate_id"),
        ({"metric": "guess"}, "refused"),
        ({"pass_score": float("nan")}, "refused"),
        ({"train": Content("train.csv", b"")}, "empty"),
        ({"train": Content("train.svg", b"id,a\n1,2\n")}, "wrong_suffix"),
        ({"truth": Content("truth.csv", b"<svg onload='x'/>")}, "wrong_kind"),
        ({"test": Content("test.csv", b"PK\x03\x04" + bytes(99))}, "wrong_name"),
        ({"key": "not a key"}, "invalid"),
    ):
        with pytest.raises(Refused) as refusal:
            make_lab(world, bench, **more)
        assert refusal.value.code == code
    assert kept_files() == before
    assert not Lab.objects.filter(title_en="Breast cancer").exists()


def test_states_follow_the_table(lab: Lab) -> None:
    with pytest.raises(Refused):
        services.open_lab(lab=lab, by=None, at=AT)
    assert services.close_lab(lab=lab, by=None, at=AT).state == LabState.CLOSED
    with pytest.raises(Refused):
        services.close_lab(lab=lab, by=None, at=AT)
    assert services.open_lab(lab=lab, by=None, at=AT).state == LabState.OPEN


def test_only_the_owners_staff_runs_a_lab(lab: Lab, world: World) -> None:
    for role in ("trainee", "officer_company", "recruiter", "administrator", "officer_city"):
        with pytest.raises(Refused):
            services.close_lab(lab=lab, by=world.people[role], at=AT)
    services.close_lab(lab=lab, by=world.people["instructor"], at=AT)


def test_admission_is_counted_once_and_remembers_who_admitted(lab: Lab, world: World) -> None:
    people = [world.people["trainee"], world.people["stranger"]]
    facts = {"lab": lab, "people": people, "admitted_by": world.cohort, "at": AT}
    assert services.admit_people(**facts, by=world.people["officer_city"]) == 1
    assert services.admit_people(**facts, by=None) == 0
    place = Participant.objects.get(lab=lab, person=world.people["stranger"])
    assert place.admitted_by_kind == "programmes.cohort"
    assert place.admitted_by_uuid == world.cohort.uuid
    with pytest.raises(Refused):
        services.admit_people(**facts, by=world.people["recruiter"])


def test_every_metric_of_a_lab_is_the_engine_s_and_has_words() -> None:
    from bitgoeul.apps.labs.enums import METRIC_EXPLANATIONS, Metric

    # The engine knows more, for contests; a lab offers those that a class is taught.
    assert set(Metric.values) - {Metric.POINTS, Metric.OWN} <= set(METRICS)
    assert set(METRIC_EXPLANATIONS) == set(Metric)


def test_the_truth_is_in_no_evaluation_digest_by_content(
    lab: Lab, world: World, bench: Bench
) -> None:
    one = hand_in(lab, world, bench.good)
    other = hand_in(lab, world, bench.good, who="graduate")
    jobs.run_pending(at=AT)
    digests = set(Evaluation.objects.values_list("inputs_digest", flat=True))
    assert len(digests) == 1  # the same inputs, the same digest, whoever handed them in
    assert Submission.objects.filter(pk__in=[one.pk, other.pk]).count() == 2
