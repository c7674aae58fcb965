"""Codabench bundles are read unchanged; what is wrong is named by member, key and line."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from bitgoeul.runner.bundles import BundleError, archive, missing, read_codabench
from bitgoeul.runner.bundles.boards import on_boards, rank_key, read_scores
from bitgoeul.runner.bundles.documents import read_moment, read_yaml
from bitgoeul.runner.bundles.reasons import PROBLEMS
from bitgoeul.runner.bundles.submissions import look_at_submission

from .bundle_files import CODABENCH, YAML, bundle, members, with_yaml, zipped

needs_contests = pytest.mark.skipif(
    not CODABENCH.is_dir(), reason="Codabench's files are not beside this checkout"
)


def test_a_bundle_of_version_2_is_read() -> None:
    found = read_codabench(bundle())
    assert (found.format, found.title) == ("codabench-2", "No")  # a title, no boolean
    first, final = found.phases
    assert first.start == dt.datetime(2019, 8, 7, tzinfo=dt.UTC)  # month first
    assert first.end == dt.datetime(2019, 9, 30, 9, tzinfo=dt.UTC)
    assert (first.hidden, first.most_per_day, first.seconds) == (("output",), 5, 5)
    assert final.start == dt.datetime(2019, 9, 30, 15, tzinfo=dt.UTC)
    assert (final.moves_on, final.end) == (True, None)
    (task,) = found.tasks
    assert dict(task.reference) == {"truth.txt": b"2 4 6 9"}
    assert dict(task.data) == {"questions.txt": b"1 2 3 4"}
    assert task.ingestion is not None
    assert task.ingestion.command.startswith("python3 $ingestion_program/ingestion.py")
    (board,) = found.leaderboards
    assert [(c.key, c.descending, c.precision) for c in board.columns] == [
        ("right", True, 2), ("wrong", False, 0), ("both", True, 2),
    ]  # fmt: skip
    assert [page.title for page in found.pages] == ["Start", "terms"]


def test_a_bundle_in_a_folder_and_a_program_in_a_folder_are_found() -> None:
    inner = {f"my contest/{name}": content for name, content in members().items()}
    assert read_codabench(zipped(inner)).title == "No"
    program = zipped({"p/score.py": "", "p/metadata": "command: python score.py"})
    assert read_codabench(
        bundle(competition_yaml=YAML.replace("scoring/", "s.zip"), **{"s.zip": program})
    ).tasks[0].scoring.files.keys() == {"score.py", "metadata"}


BAD = {
    "phases[0].start": ("8-7-2019", "13-13-2019", "not_a_date"),
    "phases[0].hide_output": ("YES", "perhaps", "not_yes_or_no"),
    "phases[0].tasks[0]": ("[0]", "[7]", "task_unknown"),
    "phases[0].execution_time_limit": ("execution_time_limit: 5", "execution_time_limit: soon",
                                       "not_a_number"),
    "phases[1].start": ("2019-10-01T", "2019-09-01T", "phases_overlap"),
    "phases[0].end": ("2019.09.30 9:00", "1.1.2019", "ends_before_it_starts"),
    "tasks[0].scoring_program": ("scoring/", "scorer/", "file_missing"),
    "tasks[0].reference_data": ("truth.txt", "../truth.txt", "leads_outside"),
    "tasks[0].name": ("name: First", "name: [First]", "not_a_text"),
    "leaderboards[0].columns[2].computation": ("sum", "median", "unknown_word"),
    "leaderboards[0].columns[2].computation_indexes": ("[0, 1]", "[0, 9]", "column_unknown"),
    "leaderboards[0].columns[1].key": ("key: wrong", "key: right", "key_twice"),
    "leaderboards[0].columns[1].sorting": ("asc", "up", "unknown_word"),
    "version": ("version: 2", "version: 3", "unknown_version"),
    "title": ("title: No\n", "", "key_missing"),
    "leaderboards": ("leaderboards:", "boards:", "key_missing"),
}  # fmt: skip


@pytest.mark.parametrize("key", BAD)
def test_a_bad_bundle_names_member_and_key(key: str) -> None:
    old, new, code = BAD[key]
    with pytest.raises(BundleError) as caught:
        read_codabench(with_yaml(old, new))
    assert (caught.value.code, caught.value.member, caught.value.key) == (
        code, "competition.yaml", key,
    )  # fmt: skip
    assert caught.value.code in PROBLEMS


BROKEN = {
    "no_competition_yaml": {"competition.yaml": None},
    "metadata_missing": {"scoring/metadata.yaml": None},
    "command_missing": {"scoring/metadata.yaml": "description: x"},
    "bad_command": {"scoring/metadata.yaml": "command: python 'a"},
    "not_a_zip": {"ingestion.zip": b"PK\3\4nothing"},
    "file_missing": {"pages/start.md": None},
    "not_yaml": {"competition.yaml": "title: [a"},
    "empty_yaml": {"competition.yaml": "# nothing"},
    "not_a_mapping": {"competition.yaml": "- a"},
    "yaml_tag": {"competition.yaml": "title: !!python/object/apply:os.system [id]"},
    "not_text": {"competition.yaml": b"title: \xc1"},
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_member_is_named(code: str) -> None:
    files = {**members(), **BROKEN[code]}
    with pytest.raises(BundleError) as caught:
        read_codabench(zipped({name: data for name, data in files.items() if data is not None}))
    assert caught.value.code == code
    assert caught.value.code in PROBLEMS


def test_yaml_that_unfolds_without_end_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    for text in ("\n".join(lines), "a: &a [*a]", "[" * 500, "a: " + "{b: " * 60 + "1" + "}" * 60):
        with pytest.raises(BundleError) as caught:
            read_yaml(text.encode(), member="x.yaml")
        assert caught.value.code in {"yaml_bomb", "not_yaml"}


def test_anchors_and_merges_are_known() -> None:
    found = read_yaml(b"a: &a {b: 1, c: on}\nd: {<<: *a, b: 2}\n", member="x").need("d")
    assert (found.need("b").text(), found.need("c").flag()) == ("2", True)


DATES = {
    "2019-09-24 17:00:00+00:00": dt.datetime(2019, 9, 24, 17, tzinfo=dt.UTC),
    "2019-09-24": dt.datetime(2019, 9, 24, tzinfo=dt.UTC),
    "9/24/2019": dt.datetime(2019, 9, 24, tzinfo=dt.UTC),
    "24-9-2019": dt.datetime(2019, 9, 24, tzinfo=dt.UTC),
    "2019.9.24 9:05": dt.datetime(2019, 9, 24, 9, 5, tzinfo=dt.UTC),
    "September 24, 2019": dt.datetime(2019, 9, 24, tzinfo=dt.UTC),
    "2019-09-24T17:00:00Z": dt.datetime(2019, 9, 24, 17, tzinfo=dt.UTC),
    "2019-09-24 17:00 +0900": dt.datetime(2019, 9, 24, 8, tzinfo=dt.UTC),
    "2019-13-41": None,
    "24.03.05": None,  # which of them is the year nobody can know
    "tomorrow": None,
}


@pytest.mark.parametrize("text", DATES)
def test_odd_dates_are_read_or_refused(text: str) -> None:
    assert read_moment(text) == DATES[text]


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "a/../../evil", "C:/evil", "..\\evil", "a\nb"]
)
def test_a_name_that_leads_outside_is_refused(name: str) -> None:
    with pytest.raises(BundleError, match="leads_outside"):
        archive.read_zip(zipped({name: "x"}))


def test_links_bombs_and_passwords_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BundleError, match="symbolic_link"):
        archive.read_zip(zipped({"a": "/etc/passwd"}, links=("a",)))
    with pytest.raises(BundleError, match="zip_bomb"):
        archive.read_zip(zipped({"a": b"\0" * (archive.SMALL + 1)}))
    with pytest.raises(BundleError, match="zip_too_large"):
        archive.read_zip(zipped({"a": "xx"}), budget=archive.Budget(bytes=1))
    with pytest.raises(BundleError, match="too_many_members"):
        archive.read_zip(zipped({"a": "", "b": ""}), budget=archive.Budget(members=1))
    locked = bytearray(zipped({"a": "x"}))
    locked[6] |= 1
    locked[locked.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(BundleError, match="encrypted"):
        archive.read_zip(bytes(locked))
    with pytest.raises(BundleError, match="member_twice"):
        archive.read_zip(zipped({"a": "x", "a/b": "y"}))


def test_a_submission_is_judged_by_its_directory_before_it_is_kept() -> None:
    look_at_submission(zipped({"model.py": "x"}), name="s.zip")
    look_at_submission(b"1,2", name="answers.csv")
    for content, code in (
        (zipped({"../x": "1"}), "leads_outside"), (zipped({}), "submission_empty"),
        (zipped({"a": "/etc"}, links=("a",)), "symbolic_link"), (b"PK", "not_a_zip"),
    ):  # fmt: skip
        with pytest.raises(BundleError, match=code):
            look_at_submission(content, name="s.zip")


def test_a_zip_inside_a_zip_takes_from_the_same_budget() -> None:
    inner = zipped({"score.py": "x" * 3000, "metadata": "command: python score.py"})
    files = members(competition_yaml=YAML.replace("scoring/", "s.zip"), **{"s.zip": inner})
    used = sum(len(data) for data in files.values()) + 3000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive.Budget.__init__, "__defaults__", (archive.MOST_MEMBERS, used))
        with pytest.raises(BundleError, match="zip_too_large"):
            read_codabench(zipped(files))


def test_a_directory_that_lies_about_a_size_is_refused() -> None:
    packed = bytearray(zipped({"a": "x" * 5000}))
    at = packed.index(b"PK\1\2") + 24
    packed[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(BundleError, match=r"zip_bomb|not_a_zip"):
        archive.read_zip(bytes(packed))


def test_a_damaged_lzma_member_is_no_zip() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a", b"x" * 5000)
    broken = bytearray(out.getvalue())
    broken[45:60] = b"\xff" * 15
    with pytest.raises(BundleError, match="not_a_zip"):
        archive.read_zip(bytes(broken))


def test_korean_names_of_windows_are_read() -> None:
    out = zipped({"a": "x"})
    name = "자료.csv".encode("cp949")
    raw = zipped({"x" * len(name): "y"}).replace(b"x" * len(name), name)
    assert set(archive.read_zip(raw)) == {"자료.csv"}
    assert zipfile.is_zipfile(__file__) is False
    assert set(archive.read_zip(out)) == {"a"}


SCORES = {
    "scores.json": (b'{"a": 1, "b": "0.5", "c": NaN, "d": [1], "e": true, "f": 1e999}',
                    {"a": 1.0, "b": 0.5, "c": None, "d": None, "e": 1.0, "f": None}),
    "scores.txt": (b"score: \na: 0.25\nDuration: 0\n", {"score": None, "a": 0.25, "Duration": 0.0}),
}  # fmt: skip


@pytest.mark.parametrize("name", SCORES)
def test_scores_are_read_and_only_finite_ones_count(name: str) -> None:
    content, expected = SCORES[name]
    assert read_scores({name: content}) == expected


def test_scores_that_cannot_be_read_are_an_error() -> None:
    for files in ({}, {"scores.json": b"[1]"}, {"scores.json": b"{"}, {"scores.json": b"[" * 9999},
                  {"scores.txt": b"nothing"}):  # fmt: skip
        with pytest.raises(BundleError):
            read_scores(files)


def test_a_column_without_all_its_parts_has_no_value_and_ranks_last() -> None:
    (board,) = read_codabench(bundle()).leaderboards
    whole = on_boards([board], {"right": 1.0, "wrong": 2.0})
    part = on_boards([board], {"right": 9.0, "wrong": None})
    assert (whole["both"], part["both"]) == (3.0, None)
    assert rank_key(board, {"right": 2.0}) < rank_key(board, whole)
    assert rank_key(board, whole) < rank_key(board, {"right": None, "wrong": 0.0})


def test_packages_that_are_not_here_are_listed() -> None:
    score = (
        "import json, os.path\nimport no_such_thing.x\n"
        "try:\n    import nor_this\nexcept ImportError:\n    pass\n"
    )
    assert missing(read_codabench(bundle(scoring__score_py=score))) == ["no_such_thing"]


@needs_contests
@pytest.mark.parametrize(
    ("name", "form", "tasks"),
    [
        ("competition", "codabench-2", 2),
        ("competition_v2_multi_task", "codabench-2", 4),
        ("competition_v2_multi_task_fact_sheet", "codabench-2", 4),
        ("competition_15", "codabench-1.5", 2),
        ("competition_15_iris", "codabench-1.5", 2),
    ],
)
def test_codabench_s_own_bundles_are_read(name: str, form: str, tasks: int) -> None:
    found = read_codabench((CODABENCH / "competitions" / f"{name}.zip").read_bytes())
    assert (found.format, len(found.tasks)) == (form, tasks)
    assert not found.warnings
