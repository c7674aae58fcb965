"""`bitgoeul match`: files in, files out; bad input is named and writes nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bitgoeul.__main__ import main

APPLICANTS = """applicant,position,rank,score,local
kim,lab,1,90,no
kim,it,2,90,no
lee,lab,1,80,yes
park,it,1,70,no
"""
POSITIONS = "position,capacity,company,region\nlab,1,a,gwangju\nit,1,b,gwangju\n"
RULES = """[lottery]
seed = "s"
round = "1"
[[reserve]]
column = "local"
value = "yes"
seats = 1
positions = ["lab"]
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    for name, text in (("a.csv", APPLICANTS), ("p.csv", POSITIONS), ("r.toml", RULES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_round_from_files_to_files_and_its_check(files, capsys):
    assert main(["match", "a.csv", "p.csv", "--rules", "r.toml", "--out", "out"]) == 0
    shown = capsys.readouterr()
    assert (files / "out" / "matches.csv").read_text() == (
        "applicant,position,pool\nkim,it,open\nlee,lab,local=yes\npark,,\n"
    )
    summary = json.loads((files / "out" / "summary.json").read_text(encoding="utf-8"))
    assert json.loads(shown.out) == summary
    assert (summary["matched"], summary["unmatched"]) == (2, 1)
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "certificate.json",
        "matches.csv",
        "summary.json",
    ]
    assert main(["match", "verify", "out", "a.csv", "p.csv", "--lang", "ko"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "stable": True,
        "applicant_optimal": True,
        "quotas": True,
        "tight": True,
        "violation": None,
    }
    assert shown.err == "매칭 결과가 검증을 통과했습니다.\n"


def test_a_changed_match_is_rejected(files, capsys):
    main(["match", "a.csv", "p.csv", "--out", "out"])
    path = files / "out" / "matches.csv"
    path.write_text(path.read_text().replace("park,it", "park,"), encoding="utf-8")
    capsys.readouterr()
    assert main(["match", "verify", "out", "a.csv", "p.csv", "--lang", "en"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["violation"]["applicant"] == "park"
    assert "does not hold" in shown.err


BAD = [
    ("a.csv", "kim,it,2", "kim,it,1", "a.csv", 3, "rank", "순위 1번을 두 번"),
    ("a.csv", "park,it", "park,moon", "a.csv", 5, "position", "moon"),
    ("a.csv", "lee,lab,1,80", "lee,lab,1,", "a.csv", 4, "score", "score"),
    ("a.csv", "kim,it,2,90", "kim,it,2,many", "a.csv", 3, "score", "many"),
    ("a.csv", "kim,it,2", "kim,lab,2", "a.csv", 3, "position", "lab"),
    ("p.csv", "lab,1", "lab,-1", "p.csv", 2, "capacity", "-1"),
    ("r.toml", "seats = 1", "seats = 1\nshare = 0.5", "r.toml", 0, "share", "local=yes"),
]


@pytest.mark.parametrize(("name", "old", "new", "file", "line", "column", "value"), BAD)
def test_bad_input_is_named_and_nothing_is_written(
    files, capsys, name, old, new, file, line, column, value
):
    path = files / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    arguments = ["match", "a.csv", "p.csv", "--rules", "r.toml", "--out", "out"]
    assert main([*arguments, "--lang", "ko"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{file} {line}행: " if line else f"{file}: ")
    assert value in shown.err
    assert column in shown.err
    assert not (files / "out").exists()
    assert main([*arguments, "--lang", "en"]) == 1
    assert capsys.readouterr().err != shown.err


def test_a_value_with_percent_signs_is_shown_as_it_is(files, capsys):
    path = files / "a.csv"
    path.write_text(APPLICANTS.replace("park,it", "park,100%(x)s"), encoding="utf-8")
    assert main(["match", "a.csv", "p.csv", "--out", "out", "--lang", "en"]) == 1
    assert "“100%(x)s”" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["match", "a.csv", "p.csv"],
        ["match", "a.csv", "--out", "out"],
        ["match", "verify", "out"],
        ["match", "a.csv", "p.csv", "--out", "out", "--engine", "numba"],
    ],
)
def test_wrong_usage_is_exit_code_2(files, arguments):
    assert main(arguments) == 2
    assert not (files / "out").exists()


@pytest.mark.parametrize(
    "arguments", [["match"], ["match", "a", "b", "--engine", "magic"], [], ["x"]]
)
def test_unknown_words_are_exit_code_2(arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_a_lottery_without_a_seed_is_warned_about(files, capsys):
    path = files / "a.csv"
    path.write_text(APPLICANTS.replace("lee,lab,1,80", "lee,lab,1,90"), encoding="utf-8")
    assert main(["match", "a.csv", "p.csv", "--out", "out", "--lang", "en"]) == 0
    assert "without a seed" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused(files, capsys):
    assert main(["match", "a.csv", "p.csv", "--out", "a.csv", "--lang", "en"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_command_does_not_import_django(files):
    code = (
        "import sys; from bitgoeul.__main__ import main; "
        "code = main(['match', 'a.csv', 'p.csv', '--out', 'out']); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
