"""`bitgoeul import`: the documented JSON, exit codes, and the messages of both languages."""

import json

import pytest

from bitgoeul.__main__ import main
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core.imports.kinds import register, unregister
from tests.core.imports.samples import GOOD, HEADER, csv_bytes, make_kind, put, xlsx_bytes

pytestmark = pytest.mark.django_db

BAD = ["담양목재", "없음", "2021-04-15", "", "", ""]


@pytest.fixture(autouse=True)
def kind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    kind = register(make_kind())
    yield kind
    unregister(kind.key)


def run(capsys, *arguments):
    code = main(["import", "sample-organisations", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, json.loads(printed.out) if printed.out else None, printed.err


def test_a_good_file(tmp_path, capsys):
    path = put(tmp_path, xlsx_bytes([["명단"], HEADER, GOOD]), "명단.xlsx")
    code, said, errors = run(capsys, path)
    assert code == 0
    assert {key: said[key] for key in ("rows", "new", "changed", "same", "errors")} == {
        "rows": 1, "new": 1, "changed": 0, "same": 0, "errors": [],
    }  # fmt: skip
    assert errors == ""
    assert Organisation.objects.get().name_ko == "빛고을전자"
    assert run(capsys, path)[1]["same"] == 1


@pytest.mark.parametrize(
    ("language", "message", "summary"),
    [
        ("ko", "전화번호가 아닙니다: “없음”. 010-1234-5678처럼 적어 주십시오.", "1개 행에 오류가"),
        ("en", "“없음” is not a telephone number. Write it like 010-1234-5678.", "1 rows have"),
    ],
)
def test_a_file_with_errors_writes_nothing(tmp_path, capsys, language, message, summary):
    path = put(tmp_path, csv_bytes([HEADER, GOOD, BAD], "cp949"))
    code, said, errors = run(capsys, path, "--lang", language)
    assert code == 1
    assert said["errors"] == [{"row": 3, "column": "전화번호", "value": "없음", "message": message}]
    assert errors.startswith(summary)
    assert Organisation.objects.count() == 0


def test_leaving_out_errors(tmp_path, capsys):
    path = put(tmp_path, csv_bytes([HEADER, GOOD, BAD]))
    code, said, _ = run(capsys, path, "--leave-out-errors")
    assert (code, said["left_out"], len(said["errors"])) == (0, 1, 1)
    assert Organisation.objects.count() == 1


def test_dry_run(tmp_path, capsys):
    path = put(tmp_path, csv_bytes([HEADER, GOOD]))
    code, said, _ = run(capsys, path, "--dry-run")
    assert (code, said["new"]) == (0, 1)
    assert Organisation.objects.count() == 0
    path = put(tmp_path, csv_bytes([HEADER, BAD]))
    assert run(capsys, path, "--dry-run")[0] == 1


def test_a_file_that_cannot_be_read(tmp_path, capsys):
    path = put(tmp_path, csv_bytes([HEADER, GOOD]) + b"a\x00\n")
    code, said, errors = run(capsys, path, "--lang", "en")
    assert code == 1
    (error,) = said["errors"]
    assert (error["row"], error["column"]) == (3, None)
    assert "invisible control character" in error["message"]
    assert error["message"] in errors


def test_a_resident_number_is_never_repeated(tmp_path, capsys):
    path = put(tmp_path, csv_bytes([HEADER, ["900101-1234567", *GOOD[1:]]]))
    code = main(["import", "sample-organisations", str(path)])
    printed = capsys.readouterr()
    assert code == 1
    assert "1234567" not in printed.out + printed.err


def test_wrong_usage(tmp_path, capsys):
    code, said, errors = run(capsys, tmp_path / "없음.csv", "--lang", "ko")
    assert (code, said) == (2, None)
    assert "파일이 없습니다" in errors
    path = put(tmp_path, csv_bytes([HEADER, GOOD]))
    assert main(["import", "nonsense", str(path), "--lang", "en"]) == 2
    assert "There is no import called “nonsense”" in capsys.readouterr().err
    code, _, errors = run(capsys, path, "--as", "nobody@example.kr", "--lang", "en")
    assert (code, errors.strip()) == (2, "Nobody is known as nobody@example.kr.")


def test_acting_as_a_person(tmp_path, capsys, kind):
    User.objects.create_user("may@example.kr", full_name="가")
    User.objects.create_user("not@example.kr", full_name="나", is_active=False)
    path = put(tmp_path, csv_bytes([HEADER, GOOD]))
    code, _, errors = run(capsys, path, "--as", "not@example.kr", "--lang", "ko")
    assert code == 1
    assert "권한이 없는" in errors
    assert Organisation.objects.count() == 0
    assert run(capsys, path, "--as", "may@example.kr")[0] == 0


def test_into_something(tmp_path, capsys):
    unregister("sample-organisations")
    into = Organisation.objects.create(name_ko="대상", kind="company")
    seen = []

    def apply(*, target, rows, by, at, context):
        seen.append(target)
        return [into.uuid for _ in rows]

    register(
        make_kind(
            target="alliance.Organisation",
            target_lookup=lambda text: Organisation.objects.filter(name_ko=text).first(),
            apply=apply,
            match=None,
        )
    )
    path = put(tmp_path, csv_bytes([HEADER, GOOD]))
    code, said, errors = run(capsys, path, "--lang", "en")
    assert (code, said, errors.strip()) == (2, None, "Say what to import into.")
    code, _, errors = run(capsys, path, "--into", "다른 곳", "--lang", "en")
    assert code == 1
    assert "Nothing was found under “다른 곳”" in errors
    assert run(capsys, path, "--into", "대상")[0] == 0
    assert run(capsys, path, "--cohort", into.uuid)[0] == 0
    assert seen == [into, into]
