"""EvalAI challenges: read with errors by member and key, `evaluate` called in its own sandbox."""

from __future__ import annotations

import datetime as dt

import pytest

from bitgoeul.runner import LocalRunner
from bitgoeul.runner.bundles import (
    Bundle,
    BundleError,
    BundleVerdict,
    missing,
    read_bundle,
    run_submission,
)
from bitgoeul.runner.bundles.reasons import PROBLEMS

from .bundle_files import CONTESTS, bundle, zipped

EXAMPLES = CONTESTS / "evalai" / "examples"
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="EvalAI's files are not beside this checkout"
)

CONFIG = """\
title: Digits
short_description: Which digit is it?
description: d.html
evaluation_script: evaluation_script.zip
leaderboard:
  - id: 1
    schema:
      labels: ["yes/no", Error, Total]
      default_order_by: Total
      metadata: {Error: {sort_ascending: True}}
challenge_phases:
  - {id: 10, name: Dev, codename: dev phase, test_annotation_file: truth.txt,
     start_date: 2026-06-09 20:00:00, end_date: 2026-06-19, max_submissions_per_day: 3,
     max_submissions: 30, max_submissions_per_month: 9,
     allowed_submission_file_types: ".txt, .zip"}
  - {id: 11, name: Test, codename: test, test_annotation_file: truth.txt}
dataset_splits:
  - {id: 1, name: Small, codename: small}
  - {id: 2, name: Large, codename: large}
challenge_phase_splits:
  - {challenge_phase_id: 10, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 3, is_leaderboard_order_descending: True}
  - {challenge_phase_id: 11, leaderboard_id: 1, dataset_split_id: 2, visibility: 1}
"""
SCRIPT = """\
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth = open(test_annotation_file).read().split()
    given = open(user_submission_file).read().split()
    right = sum(a == b for a, b in zip(truth, given))
    split = {'dev phase': 'small', 'test': 'large'}[phase_codename]
    assert kwargs['submission_metadata'] == {}
    return {'result': [{split: {'yes/no': 1, 'Error': len(truth) - right, 'Total': right}}]}
"""


def challenge(config: str = CONFIG, script: str = SCRIPT, **more: str) -> bytes:
    inner = zipped({"__init__.py": "from .main import evaluate\n", "main.py": script})
    files = {"d.html": "<p>d", "truth.txt": "1\n2\n3\n", "evaluation_script.zip": inner}
    return zipped({f"c/{name}": text for name, text in {
        "challenge_config.yaml": config, **files, **more}.items()})  # fmt: skip


def read(content: bytes) -> Bundle:
    return read_bundle(content)


def test_a_challenge_is_read() -> None:
    found = read(challenge())
    assert (found.format, found.title, len(found.tasks)) == ("evalai", "Digits", 2)
    dev = found.phases[0]
    assert (dev.start, dev.most_per_day) == (dt.datetime(2026, 6, 9, 20, tzinfo=dt.UTC), 3)
    small, large = found.leaderboards
    assert [(c.title, c.key, c.descending) for c in small.columns] == [
        ("Total", "small/Total", True), ("yes/no", "small/yes/no", True),
        ("Error", "small/Error", False),
    ]  # fmt: skip
    assert (small.hidden, large.hidden, small.task, large.task) == (False, True, 0, 1)
    assert [notice.code for notice in found.warnings] == ["monthly_limit"]
    assert missing(found) == []


BAD = {
    "leaderboard[0].schema.default_order_by": ("default_order_by: Total", "default_order_by: aa",
                                               "label_unknown"),
    "challenge_phases[1].test_annotation_file": ("test, test_annotation_file: truth.txt",
                                                 "test, test_annotation_file: no.txt",
                                                 "file_missing"),
    "challenge_phase_splits[1].dataset_split_id": ("dataset_split_id: 2", "dataset_split_id: 9",
                                                   "split_unknown"),
    "challenge_phase_splits[1].challenge_phase_id": ("challenge_phase_id: 11",
                                                     "challenge_phase_id: 9", "phase_unknown"),
    "challenge_phase_splits[0].leaderboard_id": ("leaderboard_id: 1, dataset_split_id: 1",
                                                 "leaderboard_id: 7, dataset_split_id: 1",
                                                 "board_unknown"),
    "challenge_phases[0].end_date": ("2026-06-19", "2026-06-01", "ends_before_it_starts"),
    "challenge_phases[1].codename": ("codename: test, ", "", "key_missing"),
    "is_docker_based": ("title: Digits", "title: Digits\nis_docker_based: True", "runs_elsewhere"),
    "title": ("title: Digits\n", "", "key_missing"),
}  # fmt: skip


@pytest.mark.parametrize("key", BAD)
def test_a_bad_challenge_names_member_and_key(key: str) -> None:
    old, new, code = BAD[key]
    assert old in CONFIG
    with pytest.raises(BundleError) as caught:
        read(challenge(CONFIG.replace(old, new)))
    assert (caught.value.code, caught.value.key) == (code, key)
    assert caught.value.member == "challenge_config.yaml"
    assert caught.value.code in PROBLEMS


def test_a_zip_that_is_neither_says_what_it_looked_for() -> None:
    with pytest.raises(BundleError, match="no_competition_yaml"):
        read(zipped({"readme.txt": "x"}))
    with pytest.raises(BundleError, match="several_challenges"):
        read(zipped({"a.yaml": "challenge_phases: 1", "b.yaml": "x: 1"}))
    assert read(bundle()).format == "codabench-2"


def test_evaluate_runs_in_its_own_sandbox(here: LocalRunner) -> None:
    given = read(challenge())
    found = run_submission(given, 0, b"1\n2\n9\n", name="s.txt", runner=here)
    assert found.verdict is BundleVerdict.SCORED, found
    assert dict(found.scores) == {"small/Total": 2.0, "small/yes/no": 1.0, "small/Error": 1.0}
    found = run_submission(given, 1, b"1\n2\n3\n", name="s.txt", runner=here)
    assert found.scores["large/Total"] == 3.0
    found = run_submission(given, 0, b"1", name="s.exe", runner=here)
    assert (found.verdict, found.reason) == (BundleVerdict.FORMAT, "file_type")


EVALUATIONS = {
    "scorer_error": "def evaluate(*given, **more): return ValueError('no')",
    "no_column": "def evaluate(*given, **more): return {'result': [{'other': {'x': 1}}]}",
}


@pytest.mark.parametrize("reason", EVALUATIONS)
def test_an_evaluation_that_fails_is_the_scorer_s(here: LocalRunner, reason: str) -> None:
    given = read(challenge(script=EVALUATIONS[reason]))
    found = run_submission(given, 0, b"1", name="s.txt", runner=here)
    assert (found.verdict, found.reason) == (BundleVerdict.SCORER, reason)


@needs_examples
@pytest.mark.parametrize(("name", "phases"), [("example1", 1), ("example2", 1), ("example4", 2)])
def test_evalai_s_own_examples_are_read_and_run(here: LocalRunner, name: str, phases: int) -> None:
    given = read((EXAMPLES / name / "test_zip_file.zip").read_bytes())
    assert len(given.phases) == phases
    found = run_submission(given, 0, b"1\n2\n9\n", name="s.txt", runner=here)
    # Their script answers for splits that their configuration does not have: EvalAI fails, too.
    assert (found.verdict, found.reason) == (BundleVerdict.SCORER, "no_column")
    assert found.unlisted == {"split1/score": 3.0, "split2/score": 3.0}  # as its own annotations


@needs_examples
def test_evalai_s_wrong_example_is_refused_with_its_key() -> None:
    with pytest.raises(BundleError) as caught:
        read((EXAMPLES / "example3" / "incorrect_zip_file.zip").read_bytes())
    assert (caught.value.code, caught.value.member, caught.value.key) == (
        "key_missing", "challenge_config.yaml", "title",
    )  # fmt: skip
