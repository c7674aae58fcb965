"""`bitgoeul verify`: published reports, and the journal of this installation."""

from __future__ import annotations

import json

import pytest

from bitgoeul.__main__ import main
from bitgoeul.cli.refusals import REASONS as REFUSALS
from bitgoeul.cli.verify import REASONS
from bitgoeul.engines.evidence.synthetic import make_report


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.json"

    def write(document):
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_published_report_holds(report, capsys):
    assert main(["verify", "report", report(make_report(people=9, kept=6))]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["reason"]) == (True, None)


def test_a_changed_report_is_refused_with_the_reason_in_both_languages(report, capsys):
    document = make_report(people=9, kept=6)
    document["indicators"][0]["value"] = 0.9
    path = report(document)
    reasons = []
    for lang in ("ko", "en"):
        assert main(["verify", "report", path, "--lang", lang]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert (answer["ok"], answer["code"]) == (False, "digest")
        reasons.append(answer["reason"])
    assert "요약값" in reasons[0]
    assert "digest" in reasons[1]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_refused(report, capsys, text):
    assert main(["verify", "report", report(text), "--lang", "en"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["code"] == "bad_json"
    assert "not valid JSON" in shown.err


def test_a_missing_file_is_refused(tmp_path, capsys):
    assert main(["verify", "report", str(tmp_path / "none.json"), "--lang", "en"]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["report"], ["journal", "file"]])
def test_wrong_usage_is_exit_code_2(arguments):
    assert main(["verify", *arguments]) == 2


@pytest.mark.django_db
def test_the_journal_of_an_empty_installation_holds(capsys):
    assert main(["verify", "journal"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_every_code_that_the_engines_use_has_words():
    """Read from the sources, so that a new code without a phrase fails here."""
    import re
    from pathlib import Path

    import bitgoeul.engines

    root = Path(bitgoeul.engines.__path__[0])
    raised, judged = set(), set()
    for path in [*root.glob("*.py"), *root.glob("matching/*.py"), *root.glob("scoring/*.py")]:
        if path.name != "verify.py":
            text = path.read_text(encoding="utf-8")
            raised |= set(re.findall(r'(?:MatchingError|ScoringError|refuse)\(\s*"(\w+)"', text))
            raised |= set(re.findall(r'(?:return|code =|RowError\(line,) "(\w+)"', text))
            raised |= set(re.findall(r'"(\w+_id)", key', text))
    for path in (root / "evidence").glob("report.py"):
        judged |= set(re.findall(r'failed\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    internal = {"score_with_errors", "open", "free", "full", "closed"}
    internal |= {"pdf", "markup"}  # kinds of content that the file reader tells apart, no codes
    assert raised - internal - set(REFUSALS) == set()
    assert judged - set(REASONS) == set()
    assert len(raised) > 30
    assert len(judged) >= 12
