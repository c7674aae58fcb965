"""`bitgoeul score`: JSON on standard output, faulty lines told in the person's language."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bitgoeul.__main__ import main

OPTIONS = ["--metric", "accuracy", "--id", "id", "--target", "y"]


@pytest.fixture
def files(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("id,y,Usage\n1,a,Public\n2,b,Private\n3,b,Private\n")
    (tmp_path / "s.csv").write_text("id,y\n3,a\n2,b\n1,a\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_score_is_one_json_object(files, capsys):
    assert main(["score", "t.csv", "s.csv", *OPTIONS, "--usage", "Usage"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "metric": "accuracy",
        "score": 2 / 3,
        "public": 1.0,
        "private": 0.5,
        "rows": 3,
        "errors": [],
    }
    assert shown.err == ""


def test_faulty_lines_are_in_the_json_and_told_in_both_languages(files, capsys):
    (files / "s.csv").write_text("id,y\n1,a\n1,a\n9,b\n2,b\n")
    assert main(["score", "t.csv", "s.csv", *OPTIONS, "--lang", "ko"]) == 1
    korean = capsys.readouterr()
    found = json.loads(korean.out)
    assert found["score"] is None
    assert found["errors"] == [
        {"line": 3, "code": "duplicate_id", "value": "1"},
        {"line": 4, "code": "unknown_id", "value": "9"},
        {"line": 5, "code": "missing_id", "value": "3"},
    ]
    assert found["error_counts"] == {"duplicate_id": 1, "missing_id": 1, "unknown_id": 1}
    assert korean.err.splitlines()[0] == "s.csv 3행: 식별자 ‘1’ 값이 두 번 있습니다."
    assert main(["score", "t.csv", "s.csv", *OPTIONS, "--lang", "en"]) == 1
    assert capsys.readouterr().err.splitlines()[0] == "s.csv, line 3: The id “1” is there twice."


def test_many_errors_are_told_in_part(files, capsys):
    (files / "s.csv").write_text("id,y\n" + "".join(f"x{k},a\n" for k in range(50)))
    assert main(["score", "t.csv", "s.csv", *OPTIONS, "--lang", "en"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (21, "… and 33 more errors.")


def test_a_missing_column_is_refused_with_what_was_expected(files, capsys):
    (files / "s.csv").write_text("id,z\n1,a\n")
    assert main(["score", "t.csv", "s.csv", *OPTIONS, "--lang", "ko"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "s.csv 1행: ‘y’ 열이 없습니다. 올바른 값: id,y\n"


def test_an_unknown_metric_is_wrong_usage(files, capsys):
    options = ["--metric", "best", "--id", "id", "--target", "y", "--lang", "en"]
    assert main(["score", "t.csv", "s.csv", *options]) == 2
    assert "accuracy, macro_f1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "value", "start"),
    [
        ("LC_ALL", "ko_KR.UTF-8", "s.csv 1행"),
        ("LC_ALL", "C", "s.csv, line 1"),
        ("LANG", "ko", "s.csv 1행"),
    ],
)
def test_the_language_follows_the_locale(files, capsys, monkeypatch, variable, value, start):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    (files / "s.csv").write_text("")
    assert main(["score", "t.csv", "s.csv", *OPTIONS]) == 1
    assert capsys.readouterr().err.startswith(start)


def test_the_command_does_not_import_django(files):
    code = (
        "import sys; from bitgoeul.__main__ import main; "
        f"code = main(['score', 't.csv', 's.csv', *{OPTIONS!r}]); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
