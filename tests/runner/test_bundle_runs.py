"""Submissions through bundles, on each tier: right scores, a verdict for everything else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from bitgoeul.runner import LocalRunner, Tier, Warmth
from bitgoeul.runner.bundles import (
    BundleResult,
    BundleVerdict,
    Kind,
    missing,
    read_codabench,
    run_submission,
)
from bitgoeul.runner.bundles.commands import Stage, _may_pass
from bitgoeul.runner.bundles.reasons import PROBLEMS, VERDICTS

from ..conftest import LONG
from .bundle_files import CODABENCH, DOUBLE, YAML, bundle, with_yaml, zipped
from .test_bundles import needs_contests


def score(here: LocalRunner, given: bytes, content: bytes, **more) -> BundleResult:
    result = run_submission(read_codabench(given), 0, content, runner=here, **more)
    assert result.verdict.value in VERDICTS
    assert not result.reason or result.reason in PROBLEMS
    return result


def test_code_is_ingested_and_scored(here: LocalRunner) -> None:
    found = score(here, bundle(), zipped({"model.py": DOUBLE}))
    assert found.verdict is BundleVerdict.SCORED
    assert found.scores == {"right": 3.0, "wrong": 1.0, "both": 4.0}
    assert found.unlisted == {"speed": 3.0}
    assert found.as_dict()["kind"] == "code"


@pytest.mark.parametrize(
    "content",
    [zipped({"answer.txt": "2 4 6 9"}), zipped({"my results/answer.txt": "2 4 6 9"}), b"2 4 6 9"],
    ids=["zip", "folder", "file"],
)
def test_results_are_scored(here: LocalRunner, content: bytes) -> None:
    found = score(here, bundle(), content, name="answer.txt")
    assert (found.scores["right"], found.kind) == (4.0, "results")


CODE = {
    "error": ("def answer(x): return 1 / 0", BundleVerdict.RUNTIME, "error"),
    "no_model": (None, BundleVerdict.FORMAT, "module_missing"),
    "package": ("import no_such_package", BundleVerdict.RUNTIME, "package_missing"),
    "time": ("while True: pass", BundleVerdict.TIME, "time"),
    "memory": ("x = bytearray(1 << 31)", BundleVerdict.MEMORY, "memory"),
    "crash": ("import os; os.abort()", BundleVerdict.RUNTIME, "crashed"),
    "flood": ("while True: print('A' * 65536)", BundleVerdict.RUNTIME, "output"),
}


@pytest.mark.parametrize("name", CODE)
def test_code_that_fails_has_a_verdict(here: LocalRunner, name: str) -> None:
    source, verdict, reason = CODE[name]
    files = {"model.py": source} if source else {"other.py": "x = 1"}
    found = score(
        here, bundle(), zipped(files), seconds=0.5 if name == "time" else 5, memory_mb=256
    )
    assert (found.verdict, found.reason) == (verdict, reason), found
    assert found.counts
    assert found.scores == {}


SCORERS = {
    "scorer_error": ("raise SystemExit(3)", BundleVerdict.SCORER),
    "no_scores": ("pass", BundleVerdict.SCORER),
    "bad_scores": ("open('/app/output/scores.json', 'w').write('[')", BundleVerdict.SCORER),
    "no_column": ("open('/app/output/scores.txt', 'w').write('right: nan')", BundleVerdict.SCORER),
    "package_missing": ("import no_such_package", BundleVerdict.PLATFORM),
}


@pytest.mark.parametrize("reason", SCORERS)
def test_a_scorer_that_fails_is_not_the_submission_s_fault(here: LocalRunner, reason: str) -> None:
    source, verdict = SCORERS[reason]
    found = score(here, bundle(scoring__score_py=source), zipped({"answer.txt": "1"}))
    assert (found.verdict, found.reason) == (verdict, reason), found
    assert not found.counts


FORMS = {
    "not_a_zip": b"PK\3\4",
    "submission_empty": zipped({}),
    "leads_outside": zipped({"../answer.txt": "x"}),
    "result_missing": zipped({"wrong name.txt": "x"}),
}


@pytest.mark.parametrize("reason", FORMS)
def test_what_is_no_submission_has_the_verdict_format(here: LocalRunner, reason: str) -> None:
    found = score(here, bundle(), FORMS[reason])
    assert (found.verdict, found.reason) == (BundleVerdict.FORMAT, reason)


def test_code_where_only_results_are_taken_is_refused(here: LocalRunner) -> None:
    only = bundle(competition_yaml=YAML.replace(
        "    execution_time_limit: 5\n",
        "    execution_time_limit: 5\n    accepts_only_result_submissions: True\n",
    ))  # fmt: skip
    assert score(here, only, zipped({"model.py": DOUBLE})).reason == "results_only"
    without = with_yaml("    ingestion_program: ingestion.zip\n", "")
    assert score(here, without, zipped({"a.py": ""}), kind=Kind.CODE).reason == "nobody_runs_it"


def test_a_submission_may_bring_its_own_command(here: LocalRunner) -> None:
    without = with_yaml("    ingestion_program: ingestion.zip\n", "")
    own = {
        "metadata": "command: sh run.sh $input $output",
        "run.sh": 'mkdir -p "$2"; for x in $(cat "$1/questions.txt"); do '
        'printf "%s " $((2 * x)) >> "$2/answer.txt"; done',
    }
    assert score(here, without, zipped(own)).scores["right"] == 3.0


LOOKS = """\
import os, sys, gc
seen = [p for p in ('/app/input', '/app/input/ref/truth.txt') if os.path.exists(p)]
for where, _, names in os.walk('/app'):
    seen += [n for n in names if n in ('truth.txt', 'score.py')]
held = b'0 0 ' + b'0 0'
seen += [1 for o in gc.get_objects() if isinstance(o, bytes) and held in o and o is not held]
def answer(x): return len(seen)
"""


def test_the_submitted_code_sees_no_reference(here: LocalRunner) -> None:
    given = read_codabench(bundle(**{"truth.txt": "0 0 0 0"}))
    found = run_submission(given, 0, zipped({"model.py": LOOKS}), runner=here)
    assert found.scores["right"] == 4.0


def test_links_and_scores_in_the_output_give_nothing(here: LocalRunner) -> None:
    """What the code leaves is read as plain files; a link to the system's files is none."""
    forge = (
        f"{DOUBLE}\nimport os\nos.symlink('/etc/hostname', '/app/output/link')\n"
        "open('/app/output/scores.json', 'w').write('{\"right\": 99}')"
    )
    lists = (
        "import os\nfound = len(os.listdir('/app/input/res'))\n"
        "open('/app/output/scores.txt', 'w').write(f'right: {found}')"
    )
    found = score(here, bundle(scoring__score_py=lists), zipped({"model.py": forge}))
    assert found.scores["right"] == 2.0  # answer.txt, and a scores.json that nobody takes for one


GUESSING = {
    "competition.yaml": """\
version: 2
title: Guess
tasks:
  - {index: 0, scoring_program: s/, ingestion_program: i/, reference_data: secret,
     ingestion_only_during_scoring: yes}
phases: [{name: P, tasks: [0], execution_time_limit: 10}]
leaderboards: [{columns: [{key: guesses, sorting: asc}]}]
""",
    "secret": "37",
    "s/metadata": "command: python3 score.py",
    "i/metadata": "command: python3 ingest.py",
    "s/score.py": """\
import json, os, time
secret, n = int(open('/app/input/ref/secret').read()), 0
while True:
    if not os.path.exists(f'/app/shared/guess{n}'):
        time.sleep(0.005)
        continue
    guess = int(open(f'/app/shared/guess{n}').read())
    open('/app/shared/t', 'w').write(str((secret > guess) - (secret < guess)))
    os.rename('/app/shared/t', f'/app/shared/answer{n}')
    n += 1
    if guess == secret:
        break
json.dump({'guesses': n}, open('/app/output/scores.json', 'w'))
""",
    "i/ingest.py": """\
import os, sys, time
sys.path.append('/app/ingested_program')
import model
def ask(n, guess):
    open(f'/app/shared/t{n}', 'w').write(str(guess))
    os.rename(f'/app/shared/t{n}', f'/app/shared/guess{n}')
    while not os.path.exists(f'/app/shared/answer{n}'):
        time.sleep(0.005)
    return int(open(f'/app/shared/answer{n}').read())
open('/app/output/scores.json', 'w').write('{"guesses": 0}')
model.play(ask, os.path.exists('/app/input/ref'))
""",
}
HALVES = """\
def play(ask, cheat):
    assert not cheat
    low, high, n = 0, 100, 0
    while True:
        guess = (low + high) // 2
        way = ask(n, guess)
        n += 1
        if not way:
            return
        low, high = (guess + 1, high) if way > 0 else (low, guess - 1)
"""


def test_ingestion_and_scoring_run_at_once_and_share_files(here: LocalRunner) -> None:
    found = score(here, zipped(GUESSING), zipped({"model.py": HALVES}))
    assert (found.verdict, dict(found.scores)) == (BundleVerdict.SCORED, {"guesses": 3.0})


def test_code_that_fails_beside_its_scorer_explains_both(here: LocalRunner) -> None:
    found = score(here, zipped(GUESSING), zipped({"model.py": "1 / 0"}), seconds=0.6)
    assert (found.verdict, found.reason) == (BundleVerdict.RUNTIME, "error")
    assert "ZeroDivisionError" in found.detail


@pytest.mark.parametrize(
    ("name", "to_scorer", "to_code"),
    [
        ("shared/a", True, True), ("output/prediction", True, False),
        ("output/scores.json", False, False), ("output/a/detailed_results.html", False, False),
        ("program/score.py", False, False), ("input/ref/truth.txt", False, False),
        ("input/res/answer.txt", False, False), ("sharedx", False, False),
    ],
)  # fmt: skip
def test_only_shared_files_and_results_pass(name: str, to_scorer: bool, to_code: bool) -> None:
    assert (_may_pass(name, to_scorer=True), _may_pass(name, to_scorer=False)) == (
        to_scorer, to_code,
    )  # fmt: skip


def test_placeholders_have_their_documented_places() -> None:
    command = "python $program/s.py $input $output $hidden $predictions $shared $unknown"
    scoring = Stage(command, {}, "scoring").words()
    assert scoring[1:] == [
        "/app/program/s.py", "/app/input", "/app/output", "/app/input/ref", "/app/input/res",
        "/app/shared", "$unknown",
    ]  # fmt: skip
    ingestion = Stage("$input $predictions $ingestion_program", {}, "ingestion").words()
    assert ingestion == ["/app/input_data", "/app/output", "/app/program"]


def test_the_command_prints_scores_as_json(tmp_path, capsys, monkeypatch) -> None:
    from bitgoeul.__main__ import main
    from bitgoeul.cli import contest_bundle

    monkeypatch.setattr(
        contest_bundle, "LocalRunner", lambda tiers: LocalRunner(tiers=tiers, warmth=Warmth(()))
    )
    if LocalRunner(warmth=Warmth(())).tier is None:
        pytest.skip("no sandbox works here")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.zip").write_bytes(bundle())
    (tmp_path / "s.zip").write_bytes(zipped({"model.py": DOUBLE}))
    assert main(["contest", "run-bundle", "b.zip", "s.zip", "--task", "0", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["task"] == 0
    assert said["scores"] == {"right": 3.0, "wrong": 1.0, "both": 4.0}
    assert said["verdict"] == "scored"
    assert said["seconds"] > 0
    assert main(["contest", "run-bundle", "b.zip", "s.zip", "--task", "4", "--lang", "ko"]) == 1
    assert "b.zip: 없는 과제입니다: 4" in capsys.readouterr().err
    (tmp_path / "b.zip").write_bytes(with_yaml("8-7-2019", "soon"))
    assert main(["contest", "run-bundle", "b.zip", "s.zip", "--lang", "en"]) == 1
    assert capsys.readouterr().err == (
        "b.zip: competition.yaml: phases[0].start (line 16): "
        "This is no date that can be read: soon\n"
    )
    assert main(["contest", "run-bundle", "nowhere.zip", "s.zip"]) == 1


# --- Codabench's own bundles and sample submissions -------------------------------------------


@pytest.fixture(scope="module")
def warm() -> Iterator[LocalRunner]:
    runner = LocalRunner(warmth=Warmth(("numpy", "pandas", "sklearn.metrics", "sklearn.cluster")))
    if runner.tier is None:
        pytest.skip("no sandbox works here")
    yield runner
    runner.close()


long_run = pytest.mark.skipif(not LONG, reason="imports scikit-learn in sandboxes: BITGOEUL_LONG=1")


def sample(name: str) -> bytes:
    return (CODABENCH / "submissions" / f"{name}.zip").read_bytes()


def repaired() -> bytes:
    """`competition_15` with the scoring program that Codabench keeps beside it.

    The one in the bundle mixes tabs and spaces, and no Python 3 takes it.
    """
    from zipfile import ZipFile

    source = ZipFile(CODABENCH / "competitions" / "competition_15.zip")
    program = ZipFile(CODABENCH / "Task" / "Scoring Program" / "scoring_program.zip")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for member in source.infolist():
            if not member.is_dir() and not member.filename.startswith("scoring_program/"):
                made.writestr(member.filename, source.read(member))
        for name in program.namelist():
            made.writestr(f"scoring_program/{name}", program.read(name))
    return out.getvalue()


@needs_contests
@long_run
def test_codabench_s_samples_get_their_scores(warm: LocalRunner) -> None:
    folder = CODABENCH / "competitions"
    iris = read_codabench((folder / "competition_15_iris.zip").read_bytes())
    for name in ("submission_15_iris_result", "submission_15_iris_code"):
        for task in (0, 1):
            found = run_submission(iris, task, sample(name), runner=warm)
            assert (found.verdict, found.scores["Duration"]) == (BundleVerdict.SCORED, 0.0), found
            assert found.scores["set1_score"] == IRIS[name][task]
    series = read_codabench(repaired())
    for task in (0, 1):
        found = run_submission(series, task, sample("submission_15"), runner=warm)
        assert found.scores["prediction_score"] == 1.129450297619, found
    broken = read_codabench((folder / "competition_15.zip").read_bytes())
    found = run_submission(broken, 0, sample("submission_15"), runner=warm)
    assert (found.verdict, found.detail[:8]) == (BundleVerdict.SCORER, "TabError")


# What the bundle's own scoring program wrote outside of every sandbox, by hand, on 28 November 2026
# (numpy 2.4 with `np.float` put back).
IRIS = {
    "submission_15_iris_result": (0.333333333333, 0.333333333333),
    "submission_15_iris_code": (0.333333333333, 0.333333333333),
}
NEAREST = """\
import numpy as np
class Model:
    def fit(self, X, y):
        self.kinds = np.unique(y)
        self.means = np.array([X[y == kind].mean(axis=0) for kind in self.kinds])
    def predict(self, X):
        return self.kinds[((X[:, None] - self.means) ** 2).sum(axis=2).argmin(axis=1)]
"""


@needs_contests
@long_run
@pytest.mark.parametrize("name", ["competition", "competition_v2_multi_task"])
def test_wheat_seeds_are_scored_as_their_own_scorer_does(warm: LocalRunner, name: str) -> None:
    import numpy as np

    wheat = read_codabench((CODABENCH / "competitions" / f"{name}.zip").read_bytes())
    for number, task in enumerate(wheat.tasks):
        rows = {key: np.genfromtxt(io.BytesIO(text)) for key, text in task.data.items()}
        truth = np.genfromtxt(io.BytesIO(task.reference["testing_label"]))
        model: dict = {}
        exec(NEAREST, model)
        twin = model["Model"]()
        twin.fit(rows["training_data"], rows["training_label"])
        right = float(np.mean(twin.predict(rows["testing_data"]) == truth))
        found = run_submission(wheat, number, zipped({"model.py": NEAREST}), runner=warm)
        assert found.scores["accuracy"] == pytest.approx(right, abs=1e-12), found
        results = {"prediction": "\n".join(map(str, truth)), "metadata.json": '{"duration": 2}'}
        found = run_submission(wheat, number, zipped(results), runner=warm)
        assert dict(found.scores) == {"accuracy": 1.0, "duration": 2.0}
        # The sample clusters without labels, each time otherwise: any share is right.
        found = run_submission(wheat, number, sample("submission"), runner=warm)
        assert 0 <= (found.scores["accuracy"] or 0) <= 1


MEANS = """\
import os, numpy as np, pandas as pd
class Model:
    def __init__(self, info): pass
    def train(self, X, y):
        X, y = X.fillna(0).to_numpy(float), y.to_numpy()
        self.w = X[y == y.max()].mean(0) - X[y == y.min()].mean(0)
    def save(self, folder): np.save(os.path.join(folder, 'w.npy'), self.w)
    def load(self, folder): self.w = np.load(os.path.join(folder, 'w.npy'))
    def predict(self, X): return pd.Series(X.fillna(0).to_numpy(float) @ self.w)
"""


@needs_contests
@long_run
def test_the_bundle_of_parallel_datasets_runs(warm: LocalRunner) -> None:
    if warm.tier is not Tier.BUBBLEWRAP:
        pytest.skip("its ingestion starts a second Python, which may lie in a closed folder")
    autowsl = read_codabench((CODABENCH / "competitions" / "competition_18.zip").read_bytes())
    assert [notice.code for notice in autowsl.warnings] == ["parent_phase"]
    assert missing(autowsl) == []
    for task in (0, 1):
        found = run_submission(autowsl, task, zipped({"model.py": MEANS}), runner=warm)
        assert (found.scores.get("score") or 0) > 0.99, found
        found = run_submission(autowsl, task, sample("submission_18"), runner=warm)
        assert (found.verdict, found.reason) == (BundleVerdict.RUNTIME, "package_missing")
        assert found.detail == "hyperopt"
